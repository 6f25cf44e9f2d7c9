"""What people do about a conversation beside claiming it: answer it, close it with a reason, pause it, resume it.

An answer is saved before it is sent, and ``reply_sender`` sends it. Nothing here talks to a platform.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.answers_seen import unseen_answers
from chalicelib.domain.conversation import Closure, Conversation, State
from chalicelib.domain.correlation import correlation_of
from chalicelib.domain.items import Happened, Reply, TimelineRow, stamp
from chalicelib.domain.posts import Surface
from chalicelib.domain.settling import answer_to, customers, is_living
from chalicelib.errors import Conflict
from chalicelib.services.bookkeeping import Books, Change, until_won
from chalicelib.services.outgoing import addressed
from chalicelib.services.ports import Store
from chalicelib.services.reply_advice import counted

LONGEST_PAUSE = timedelta(days=14)
"""A slip in a calendar's year must not put a customer away for ever; whoever needs longer pauses again."""


class Replies:
    """The acts of people that settle or suspend what is owed. ``by`` is a person of the team file."""

    def __init__(self, store: Store, books: Books) -> None:
        self._store = store
        self._books = books

    def reply(
        self,
        conversation_id: str,
        text: str,
        by: str,
        at: datetime,
        *,
        key: str | None = None,
        private: bool | None = None,
        seen: str | None = None,
    ) -> Reply:
        """Save an answer and have it sent. The same ``key`` (a form's own, say) is the same answer, sent once.

        ``private``: by direct message, or in public; None: where the conversation is. ``seen``: the last answer its
        writer has seen (``answers_seen``); somebody else's later one is to be read before it is added to.
        Raises: Conflict carrying the holder when somebody else has it or is answering, NotFound, Transient.
        """
        if not text.strip():
            raise Conflict("an answer needs words")
        reply_id = _id(conversation_id, key or f"{by}\x1f{text}\x1f{stamp(at)}")

        def attempt() -> Reply:
            return self._replied(conversation_id, reply_id, text, by, at, private=private, seen=seen)

        return until_won(attempt)

    def known(self, conversation_id: str, key: str) -> Reply | None:
        """Return the answer that was saved under a form's key already, if one was."""
        return self._store.get(Reply, conversation_id, _id(conversation_id, key))

    def close(self, conversation_id: str, by: str, reason: str, at: datetime) -> Conversation:
        """Close it without an answer, for a reason; a later post opens it again. Raises: Conflict, NotFound."""
        _demand(reason, "to close a conversation without an answer")
        return self._books.change(conversation_id, lambda found: _closed(found, by, reason, at), at)

    def pause(
        self, conversation_id: str, by: str, reason: str, *, until: datetime, at: datetime
    ) -> Conversation:
        """Stop its clock until an instant, for a reason that stays visible. Raises: Conflict, NotFound."""
        _demand(reason, "to pause a conversation")
        if until <= at:
            raise Conflict("a pause needs an end in the future")
        if until - at > LONGEST_PAUSE:
            raise Conflict(f"a pause lasts {LONGEST_PAUSE.days} days at most: pause it again then")
        return self._books.change(conversation_id, lambda found: _paused(found, by, reason, until, at), at)

    def resume(self, conversation_id: str, by: str, at: datetime) -> Conversation:
        """End a pause now: what it held back is owed anew. Raises: Conflict when nothing is paused, NotFound."""
        return self._books.change(conversation_id, lambda found: _resumed(found, by, at), at)

    def reopen(self, conversation_id: str, by: str, at: datetime) -> Conversation:
        """Take back a closing: what it waived is owed anew. Raises: Conflict when no person closed it, NotFound."""
        return self._books.change(conversation_id, lambda found: _reopened(found, by, at), at)

    def _replied(
        self,
        conversation_id: str,
        reply_id: str,
        text: str,
        by: str,
        at: datetime,
        *,
        private: bool | None,
        seen: str | None,
    ) -> Reply:
        known = self._store.get(Reply, conversation_id, reply_id)
        if known is not None:
            return known
        found = self._books.load(conversation_id)
        self._demand_free(found, by, at)
        _demand_seen(found, by, seen)
        reply = Reply(
            conversation_id,
            reply_id,
            text,
            by,
            at,
            to_post_id=addressed(found).id,
            correlation=correlation_of(conversation_id, reply_id),
            private=found.surface is Surface.PRIVATE if private is None else private,
            next_due_at=at,
        )
        sending = replace(found, sending=(*found.sending, reply_id))
        use = counted(self._store, found, text, at)
        self._books.save({found.id: found}, (sending,), (reply, use), at)
        return reply

    def _demand_free(self, conversation: Conversation, by: str, at: datetime) -> None:
        """Let only one answer out at a time, and nobody's over the head of whoever has it. Raises: Conflict."""
        claim = conversation.claim
        if claim is not None and claim.owner != by and claim.until > at:
            raise Conflict(f"{claim.owner} has it: take over first", holder=claim.owner)
        for reply_id in conversation.sending:
            other = self._store.get(Reply, conversation.id, reply_id)
            if other is not None and other.next_due_at is not None and not other.automatic:
                raise Conflict(f"an answer by {other.by} is on its way", holder=other.by)


def _id(conversation_id: str, key: str) -> str:
    return hashlib.sha256(f"{conversation_id}\x1f{key}".encode()).hexdigest()[:16]


def _demand_seen(conversation: Conversation, by: str, seen: str | None) -> None:
    """Let nobody add to an answer they never saw. Raises: Conflict."""
    unseen = unseen_answers(conversation, seen, by) if seen is not None else []
    if unseen:
        raise Conflict(f"{unseen[0].by or 'somebody'} answered it meanwhile", holder=unseen[0].by)


def _closed(conversation: Conversation, by: str, reason: str, at: datetime) -> Change:
    entries = conversation.entries
    left = {post.id for post in customers(entries) if is_living(post) and not answer_to(post, entries)}
    if not any(post.id in left and not post.waived for post in entries):
        raise Conflict("nobody is waiting for an answer here")
    waived = tuple(replace(e, waived=True) if e.id in left else e for e in entries)
    closed = replace(conversation, entries=waived, closed_by=by, closed_reason=reason)
    return Change(closed, (_line(conversation, at, Happened.CLOSED, f"{by} closed it: {reason}", by),))


def _paused(conversation: Conversation, by: str, reason: str, until: datetime, at: datetime) -> Change:
    if conversation.state not in (State.WAITING, State.PAUSED):
        raise Conflict("no clock is running, so there is nothing to pause")
    if (conversation.paused_until, conversation.pause_reason, conversation.paused_by) == (until, reason, by):
        return Change(conversation)  # the same form, sent again
    paused = replace(conversation, paused_until=until, pause_reason=reason, paused_by=by)
    return Change(paused, (_line(conversation, at, Happened.PAUSE, f"{by} paused it: {reason}", by),))


def _resumed(conversation: Conversation, by: str, at: datetime) -> Change:
    if conversation.state is not State.PAUSED:
        raise Conflict("it is not paused")
    row = _line(conversation, at, Happened.PAUSE, f"{by} ended the pause; the clock runs.", by)
    return Change(replace(conversation, paused_until=at), (row,))


def _reopened(conversation: Conversation, by: str, at: datetime) -> Change:
    if conversation.closure is not Closure.BY_PERSON:
        raise Conflict("nobody of us closed it, so there is nothing to take back")
    entries = tuple(
        replace(e, waived=False, revived_at=at if e.owes else None) if e.waived else e
        for e in conversation.entries
    )
    row = _line(conversation, at, Happened.CLOCK, f"{by} opened it again.", by)
    return Change(replace(conversation, entries=entries), (row,))


def _demand(reason: str, what_for: str) -> None:
    if not reason.strip():
        raise Conflict(f"give a reason {what_for}")


def _line(conversation: Conversation, at: datetime, kind: Happened, words: str, by: str) -> TimelineRow:
    return TimelineRow(conversation.id, at, kind, f"{by}|{conversation.rev}", words, by=by)
