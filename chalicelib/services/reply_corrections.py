"""What people say about a native reply: whose it was, and that a human typed it.

A person's word about a reply outlasts every rule. The ledger then says what is owed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.conversation import Conversation, Entry, Voice
from chalicelib.domain.items import Happened, TimelineRow
from chalicelib.domain.ledger import entry_of
from chalicelib.domain.settling import is_machine
from chalicelib.domain.thread import certain
from chalicelib.errors import Conflict, NotFound
from chalicelib.services.bookkeeping import Books, Change


class ReplyCorrections:
    """Corrections of what a reply was taken for. ``reply_id`` is the platform's id of the reply."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def answer_maybe(
        self, conversation_id: str, reply_id: str, by: str, at: datetime, *, yes: bool
    ) -> Conversation:
        """Say whether a native reply was for this contact; the last word counts. Raises: NotFound, Transient."""
        return self._books.change(conversation_id, lambda found: _told(found, reply_id, by, at, yes=yes), at)

    def answer_maybes(self, conversation_id: str, *, by: str, at: datetime, yes: bool) -> Conversation:
        """Say of every doubtful reply at once whether it was for this contact. Raises: NotFound, Transient."""
        return self._books.change(conversation_id, lambda found: _all_told(found, by, at, yes=yes), at)

    def reverse_automatic(self, conversation_id: str, reply_id: str, by: str, at: datetime) -> Conversation:
        """Say that a human typed a reply held for a machine's: it counts. Raises: Conflict, NotFound, Transient."""
        return self._books.change(conversation_id, lambda found: _human(found, reply_id, by, at), at)


def _told(conversation: Conversation, reply_id: str, by: str, at: datetime, *, yes: bool) -> Change:
    entry = _reply(conversation, reply_id)
    lost_at = at if entry.settles and not yes else None
    told = replace(entry, settles=yes, decided_by=by, gone_at=lost_at)
    words = f"{by} says the brand's reply was {'for them' if yes else 'for somebody else'}."
    line = TimelineRow(conversation.id, at, Happened.MAYBE_REPLY, f"{reply_id}|{by}", words, by=by)
    return Change(certain(_with(conversation, told), reply_id), (line,))


def _all_told(conversation: Conversation, by: str, at: datetime, *, yes: bool) -> Change:
    rows: tuple[object, ...] = ()
    for reply_id in conversation.maybe_replies:
        change = _told(conversation, reply_id, by, at, yes=yes)
        conversation, rows = change.conversation, rows + change.rows
    return Change(conversation, rows)


def _human(conversation: Conversation, reply_id: str, by: str, at: datetime) -> Change:
    entry = _reply(conversation, reply_id)
    if not is_machine(entry, conversation.entries):
        raise Conflict("that reply counts as a human's already")
    human = replace(entry, voice=Voice.HUMAN, decided_by=by)
    line = TimelineRow(
        conversation.id, at, Happened.REPLY, f"{reply_id}|{by}", f"{by} says a human typed that reply.", by=by
    )
    return Change(_with(conversation, human), (line,))


def _reply(conversation: Conversation, reply_id: str) -> Entry:
    entry = entry_of(conversation, reply_id)
    if entry is None or entry.voice is Voice.CUSTOMER:
        raise NotFound(f"conversation {conversation.id} knows no reply {reply_id}")
    return entry


def _with(conversation: Conversation, entry: Entry) -> Conversation:
    """Return the conversation with an entry as it now is, decisions of people included."""
    entries = tuple(entry if e.id == entry.id else e for e in conversation.entries)
    return replace(conversation, entries=entries)
