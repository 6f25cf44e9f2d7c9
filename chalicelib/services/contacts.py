"""Ties a person's identities on several platforms together, by a person's word alone; and takes the tie back.

Names prove nothing, so nothing here compares them. A tie is a link row on each side: whoever opens one conversation
then sees the other identity's as earlier ones (``history``). No conversation is merged or moved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.items import Happened, ThreadLink, TimelineRow
from chalicelib.errors import Conflict
from chalicelib.services.bookkeeping import Books, Change
from chalicelib.services.intake_threads import contact_anchor
from chalicelib.services.ports import Put, Remove, Store


class Contacts:
    """Who is the same person. ``by`` is a person of the team file."""

    def __init__(self, store: Store, books: Books) -> None:
        self._store = store
        self._books = books

    def tie(self, conversation_id: str, other_id: str, *, by: str, at: datetime) -> Conversation:
        """Say that two conversations are the same person's. Raises: Conflict, NotFound, Transient."""
        other = self._known(other_id)

        def decide(found: Conversation) -> Change:
            _demand_two(found, other)
            words = f"{by} says they also wrote on"
            rows = (
                _link(found, other),
                _link(other, found),
                _line(found, at, by, f"{words} {other.platform.capitalize()}.", other),
                _line(other, at, by, f"{words} {found.platform.capitalize()}.", found),
            )
            return Change(replace(found, repeat_contact=True), rows)

        return self._books.change(conversation_id, decide, at)

    def untie(self, conversation_id: str, other_id: str, *, by: str, at: datetime) -> None:
        """Take it back. Raises: Conflict where the platform itself says so, NotFound, Transient."""
        found, other = self._books.load(conversation_id), self._known(other_id)
        _demand_two(found, other)
        ties = [*self._ties(found, other), *self._ties(other, found)]
        if not ties:
            raise Conflict("nobody said that they are the same person")
        words = f"{by} says they are not who wrote on"
        self._store.commit(
            *(Remove(tie) for tie in ties),
            Put(_line(found, at, by, f"{words} {other.platform.capitalize()}.", other)),
            Put(_line(other, at, by, f"{words} {found.platform.capitalize()}.", found)),
        )

    def _known(self, conversation_id: str) -> Conversation:
        found = self._store.get(Conversation, conversation_id)
        if found is None:
            raise Conflict("there is no such conversation: copy the number at the end of its page")
        return found

    def _ties(self, one: Conversation, other: Conversation) -> Iterator[ThreadLink]:
        """Yield the links from one's identity to conversations of the other's."""
        anchor = contact_anchor(one.contact_id)
        for link in self._store.children(ThreadLink, one.platform, one.account, anchor):
            led = self._store.get(Conversation, link.conversation_id)
            if led is not None and _identity(led) == _identity(other):
                yield link


def _identity(conversation: Conversation) -> tuple[str, str]:
    return conversation.platform, conversation.contact_id


def _demand_two(one: Conversation, other: Conversation) -> None:
    if _identity(one) == _identity(other):
        raise Conflict("the platform itself says that this is the same person")


def _link(one: Conversation, other: Conversation) -> ThreadLink:
    anchor = contact_anchor(one.contact_id)
    return ThreadLink(one.platform, one.account, anchor, other.id, other.opened_at)


def _line(conversation: Conversation, at: datetime, by: str, words: str, other: Conversation) -> TimelineRow:
    return TimelineRow(conversation.id, at, Happened.NOTE, f"tie|{other.id}|{by}", words, by=by)
