"""Follow-ups: "check on this in 2 days" puts the conversation back in the queue then.

A row says who wants it, why and when; it is in the due index, and delivered by the sender of rows like a reply.
One person has one follow-up of a conversation: asking again moves it. Neither an answer nor a new post of the
customer's ends it; a person cancels it. Who is told, and when, is the ladder's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chalicelib.domain.conversation import Conversation, State
from chalicelib.domain.follow_up_rows import FollowUp, FollowUpState
from chalicelib.domain.follow_ups import can_be_followed, followed_up
from chalicelib.domain.items import Happened, TimelineRow
from chalicelib.errors import Conflict, NotFound
from chalicelib.services.bookkeeping import Books, until_won
from chalicelib.services.ports import Clock, Store

LONGEST = timedelta(days=90)
"""Further ahead than this a calendar is the better place."""


class FollowUps:
    """Asked for, moved, cancelled and done. ``by`` is a person of the team file."""

    def __init__(self, store: Store, books: Books, clock: Clock) -> None:
        self._store = store
        self._books = books
        self._clock = clock

    def ask(self, conversation_id: str, by: str, reason: str, *, due_at: datetime, at: datetime) -> FollowUp:
        """Have the conversation put back in its queue at ``due_at``; one's own earlier wish is moved.

        Raises: Conflict for a time that has passed, is too far or for nothing to look at; NotFound, Transient.
        """
        if not reason.strip():
            raise Conflict("give a reason to look at it again")
        if not at < due_at <= at + LONGEST:
            raise Conflict(f"a follow-up is due in the future, at most {LONGEST.days} days ahead")
        return until_won(lambda: self._asked(conversation_id, by, reason, due_at, at))

    def cancel(self, conversation_id: str, *, of: str, by: str, at: datetime) -> FollowUp:
        """Take back somebody's follow-up. Raises: NotFound when none is pending, Transient."""
        return until_won(lambda: self._cancelled(conversation_id, of, by, at))

    def pending(self, conversation_id: str) -> Sequence[FollowUp]:
        """Return the follow-ups still to come, the next one first."""
        rows = self._store.children(FollowUp, conversation_id)
        return sorted((row for row in rows if row.state is FollowUpState.PENDING), key=lambda row: row.due_at)

    def deliver(self, identity: tuple[str, ...]) -> None:
        """Put a conversation back if that is due; twice, early or gone is nothing. Raises: Transient."""
        until_won(lambda: self._delivered(identity, self._clock.now()))

    def _asked(self, conversation_id: str, by: str, reason: str, due_at: datetime, at: datetime) -> FollowUp:
        found = self._books.load(conversation_id)
        if not can_be_followed(found):
            raise Conflict("nothing is left to look at: the customer took it back")
        known = self._store.get(FollowUp, conversation_id, by)
        rev = 1 if known is None else known.rev + 1
        row = FollowUp(conversation_id, by, reason, due_at, at, rev=rev, next_due_at=due_at)
        words = f"{by} will look at this again on {due_at.astimezone(UTC):%a %d %b %H:%M} UTC: {reason}"
        self._save(found, found, row, words, at)
        return row

    def _cancelled(self, conversation_id: str, of: str, by: str, at: datetime) -> FollowUp:
        known = self._store.get(FollowUp, conversation_id, of)
        if known is None or known.state is not FollowUpState.PENDING:
            raise NotFound(f"{of} has no follow-up of {conversation_id}")
        row = replace(known, rev=known.rev + 1, state=FollowUpState.CANCELLED, next_due_at=None)
        found = self._books.load(conversation_id)
        self._save(found, found, row, f"{by} cancelled {of}'s follow-up.", at)
        return row

    def _delivered(self, identity: tuple[str, ...], now: datetime) -> None:
        row = self._store.get(FollowUp, *identity)
        if row is None or row.next_due_at is None or row.next_due_at > now:
            return
        found = self._books.load(row.conversation_id)
        if found.state is State.PAUSED and found.paused_until is not None and found.paused_until > now:
            self._books.save({}, (), (_next(row, next_due_at=found.paused_until),), now)
            return
        done = _next(row, state=FollowUpState.DONE, next_due_at=None)
        if can_be_followed(found):
            after, words = followed_up(found, row.by, now), f"{row.by}'s follow-up is due: {row.reason}"
        else:
            after, words = found, f"{row.by}'s follow-up found nothing left to look at."
        self._save(found, after, done, words, now)

    def _save(
        self, before: Conversation, after: Conversation, row: FollowUp, words: str, at: datetime
    ) -> None:
        line = TimelineRow(before.id, at, Happened.NOTE, f"follow-up|{row.by}|{row.rev}", words, by=row.by)
        self._books.save({before.id: before}, (after,), (row, line), at, shown=(before.id,))


def _next(row: FollowUp, **changes: object) -> FollowUp:
    return replace(row, rev=row.rev + 1, **changes)  # type: ignore[arg-type]
