"""Advice about an answer before it is sent: what its platform would refuse, and what to think about again.

It reads and counts nothing but what was sent today; the rules are ``domain/advice``'s. Sending is ``replies``'s.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from chalicelib.domain.advice import Advice, Concern, Finding, Room, advise, normalised
from chalicelib.domain.conversation import Conversation
from chalicelib.domain.items import Reply
from chalicelib.domain.posts import Surface
from chalicelib.domain.reply_rows import ReplyUse
from chalicelib.errors import Conflict, NotFound, Permanent
from chalicelib.services.outgoing import addressed, asked_post, outgoing_of
from chalicelib.services.ports import Store
from chalicelib.services.reply_faults import WindowClosed
from chalicelib.services.reply_port import Outgoing

KEPT = timedelta(days=2)


class Terms(Protocol):
    """What one platform takes of an answer. Nothing is called."""

    def room(self, outgoing: Outgoing) -> Room:
        """Return how long the text is and may be, as the platform counts."""
        ...

    def refusal(self, outgoing: Outgoing, now: datetime) -> Permanent | None:
        """Return why no answer would be taken here now, whatever its words, or None."""
        ...


class ReplyAdvice:
    """Says what there is to say about a text in its place."""

    def __init__(self, store: Store, terms: Callable[[str], Terms]) -> None:
        self._store = store
        self._terms = terms

    def of(self, conversation_id: str, text: str, *, private: bool | None = None, at: datetime) -> Advice:
        """Return the faults and warnings of a text as an answer here and now.

        ``private`` None: where the conversation is. Raises: NotFound.
        """
        found = self._store.get(Conversation, conversation_id)
        if found is None:
            raise NotFound(f"there is no conversation {conversation_id}")
        way = found.surface is Surface.PRIVATE if private is None else private
        try:
            outgoing = self._outgoing(found, text, at, private=way)
        except Conflict as fault:
            return advise(text, private=way, refusal=Finding(Concern.NOT_HERE, f"{fault}."))
        terms = self._terms(found.platform)
        return advise(
            text,
            private=way,
            room=terms.room(outgoing),
            refusal=_finding(terms.refusal(outgoing, at)),
            used_today=uses(self._store, found, text, at),
        )

    def _outgoing(self, conversation: Conversation, text: str, at: datetime, *, private: bool) -> Outgoing:
        post_id = addressed(conversation).id
        draft = Reply(conversation.id, "draft", text, "", at, post_id, "", private=private)
        return outgoing_of(conversation, draft, asked_post(self._store, conversation, post_id))


def uses(store: Store, conversation: Conversation, text: str, at: datetime) -> int:
    """Return how often these words went out from the account today."""
    row = store.get(ReplyUse, *_use(conversation, text, at).identity)
    return 0 if row is None else row.times


def counted(store: Store, conversation: Conversation, text: str, at: datetime) -> ReplyUse:
    """Return the row that counts these words once more, to be saved with the answer."""
    first = _use(conversation, text, at)
    row = store.get(ReplyUse, *first.identity)
    return first if row is None else replace(row, times=row.times + 1, rev=row.rev + 1)


def _use(conversation: Conversation, text: str, at: datetime) -> ReplyUse:
    said = hashlib.sha256(normalised(text).encode()).hexdigest()[:16]
    day = at.astimezone(UTC).date().isoformat()
    expires_at = at.replace(microsecond=0) + KEPT
    return ReplyUse(conversation.platform, conversation.account, day, said, expires_at=expires_at)


def _finding(fault: Permanent | None) -> Finding | None:
    if fault is None:
        return None
    concern = Concern.WINDOW_CLOSED if isinstance(fault, WindowClosed) else Concern.NOT_HERE
    words = str(fault)
    return Finding(concern, f"{words[:1].upper()}{words[1:]}.")
