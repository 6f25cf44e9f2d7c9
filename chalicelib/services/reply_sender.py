"""Sends replies typed in Nightdesk: leased, handed over at most once without a definite failure, then recorded.

A time-out or a crash after the lease leaves the outcome unknown: the echo settles it, and it is never blindly sent
again, because no platform takes a reply back. What is then owed is the ledger's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.items import Handover, Happened, Reply, StoredPost, TimelineRow
from chalicelib.domain.pages import LEASE, TRIES
from chalicelib.domain.posts import Direction, Kind
from chalicelib.domain.versions import is_tombstone, removal
from chalicelib.errors import NightdeskError, OutcomeUnknown, Transient
from chalicelib.services.bookkeeping import Books, until_won
from chalicelib.services.ports import Clock, Lost, Meter, Put, Store
from chalicelib.services.reply_echo import confirmed
from chalicelib.services.reply_port import Outgoing, Replier, Sent
from chalicelib.services.saving import Saving

ECHO_WAIT = timedelta(minutes=2)
"""How long an unknown outcome waits for its echo before a person is asked to look."""

BACKOFF = timedelta(seconds=15)


class ReplySender:
    """Delivers replies."""

    def __init__(
        self,
        *,
        store: Store,
        saving: Saving,
        books: Books,
        clock: Clock,
        meter: Meter,
        repliers: Callable[[str], Replier],
    ) -> None:
        self._store = store
        self._saving = saving
        self._books = books
        self._clock = clock
        self._meter = meter
        self._repliers = repliers

    def deliver(self, identity: tuple[str, ...]) -> None:
        """Do what is due for one reply; one that is gone or not due is nothing. Raises: Transient."""
        reply, now = self._store.get(Reply, *identity), self._clock.now()
        if reply is None or reply.next_due_at is None or reply.next_due_at > now:
            return
        try:
            if reply.state is Handover.PENDING:
                self._send(reply, now)
            else:
                self._overdue(reply, now)
        except Lost:  # whoever changed it has made it due anew, or settled it
            return

    def _send(self, reply: Reply, now: datetime) -> None:
        conversation = self._books.load(reply.conversation_id)
        asked = self._store.get(StoredPost, conversation.platform, conversation.account, reply.to_post_id)
        if asked is not None and removal(asked) is not None:
            self._give_up(reply, "the post it answers was taken back", now)
            return
        leased = self._lease(reply, now)
        try:
            sent = self._repliers(conversation.platform).reply(_outgoing(conversation, leased))
        except OutcomeUnknown as fault:
            self._doubt(leased, str(fault), now)
        except Transient as fault:
            self._later(leased, fault, now)
        except NightdeskError as fault:
            self._give_up(leased, str(fault), now)
        else:
            until_won(lambda: self._record(leased, sent, now))

    def _lease(self, reply: Reply, now: datetime) -> Reply:
        until = now + LEASE
        leased = replace(
            reply,
            state=Handover.SENDING,
            attempts=reply.attempts + 1,
            lease_until=until,
            next_due_at=until,
            rev=reply.rev + 1,
        )
        self._saving.commit(Put(leased))
        return leased

    def _overdue(self, reply: Reply, now: datetime) -> None:
        """Take a lease that ran out for a crash after the hand-over; hand a doubt that did to a person."""
        if reply.state is Handover.SENDING:
            self._doubt(reply, "we stopped while it was being sent", now)
        elif reply.state is Handover.UNKNOWN:
            words = f"Nobody knows whether {reply.by}'s answer arrived: look, and answer again if it did not."
            self._end(replace(reply, next_due_at=None, rev=reply.rev + 1), words, now)

    def _doubt(self, reply: Reply, why: str, now: datetime) -> None:
        self._meter.count("RepliesUnknown")
        unknown = replace(
            reply,
            state=Handover.UNKNOWN,
            lease_until=None,
            next_due_at=now + ECHO_WAIT,
            outcome=why,
            rev=reply.rev + 1,
        )
        self._saving.commit(Put(unknown))

    def _later(self, reply: Reply, fault: Transient, now: datetime) -> None:
        """Try a definite failure again, at most ``TRIES`` times in all."""
        if reply.attempts >= TRIES:
            self._give_up(reply, str(fault), now)
            return
        wait = fault.retry_after or BACKOFF * reply.attempts
        pending = replace(
            reply,
            state=Handover.PENDING,
            lease_until=None,
            next_due_at=now + wait,
            outcome=str(fault),
            rev=reply.rev + 1,
        )
        self._saving.commit(Put(pending))

    def _give_up(self, reply: Reply, why: str, now: datetime) -> None:
        self._meter.count("RepliesFailed")
        failed = replace(
            reply,
            state=Handover.FAILED,
            lease_until=None,
            next_due_at=None,
            outcome=why,
            rev=reply.rev + 1,
        )
        self._end(failed, f"{reply.by}'s answer was not sent: {why}. The clock runs on.", now)

    def _end(self, reply: Reply, words: str, now: datetime) -> None:
        """Save a reply that is not under way any more, and say so where people look.

        One whose fate nobody knows stays open: its echo may still come.
        """
        until_won(lambda: self._ended(reply, words, now))

    def _ended(self, reply: Reply, words: str, now: datetime) -> None:
        present = self._store.get(Reply, *reply.identity)
        if present is None or present.rev != reply.rev - 1:
            return  # its echo came meanwhile and settled it
        found = self._books.load(reply.conversation_id)
        open_ = tuple(i for i in found.sending if i != reply.id or reply.state is Handover.UNKNOWN)
        freed = replace(found, sending=open_)
        line = TimelineRow(found.id, now, Happened.NOTE, reply.id, words, by=reply.by)
        self._books.save({found.id: found}, (freed,), (reply, line), now)

    def _record(self, leased: Reply, sent: Sent, now: datetime) -> None:
        """Enter a sent reply into the books, unless its echo has already."""
        reply = self._store.get(Reply, *leased.identity) or leased
        found = self._books.load(reply.conversation_id)
        stored = self._store.get(StoredPost, found.platform, found.account, sent.external_id)
        if stored is not None and stored.direction is Direction.OUTBOUND and reply.state is Handover.SENT:
            return
        row = _over(stored, _posted(found, reply, sent, now))
        after, settled, own = confirmed(found, reply, row)
        line = TimelineRow(
            found.id, own.created_at, Happened.REPLY, own.external_id, f"{reply.by} answered.", by=reply.by
        )
        self._books.save({found.id: found}, (after,), (own, settled, line), now)


def _outgoing(conversation: Conversation, reply: Reply) -> Outgoing:
    return Outgoing(
        app=conversation.app,
        account=conversation.account,
        thread_id=conversation.thread_id,
        contact_id=conversation.contact_id,
        to_post_id=reply.to_post_id,
        text=reply.text,
        private=reply.private,
        correlation=reply.correlation,
    )


def _over(stored: StoredPost | None, posted: StoredPost) -> StoredPost:
    """Return the row of our reply: its echo's where that was taken for a native one, the tombstone's fate kept."""
    if stored is None:
        return posted
    if not is_tombstone(stored):
        return replace(stored, rev=stored.rev + 1)
    return replace(
        posted,
        rev=stored.rev + 1,
        deleted_at=stored.deleted_at,
        deleted_by_brand=stored.deleted_by_brand,
        restored_at=stored.restored_at,
    )


def _posted(conversation: Conversation, reply: Reply, sent: Sent, now: datetime) -> StoredPost:
    at = min(sent.created_at or now, now)
    return StoredPost(
        platform=conversation.platform,
        account=conversation.account,
        external_id=sent.external_id,
        kind=Kind.DM if reply.private else Kind.COMMENT,
        direction=Direction.OUTBOUND,
        thread_id=conversation.thread_id,
        conversation_id=conversation.id,
        created_at=at,
        received_at=now,
        parent_id=reply.to_post_id,
        post_id=conversation.post_id,
        author_id=conversation.account,
        text=reply.text,
        edited_at=at,
    )
