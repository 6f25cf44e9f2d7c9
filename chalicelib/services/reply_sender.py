"""Sends replies typed in Nightdesk: leased, then handed over at most once without a definite failure.

A time-out or a crash after the lease leaves the outcome unknown. Then the echo settles it, or a look at the platform;
it is never blindly sent again, because no customer forgets a public answer given twice.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.acknowledgement import is_overtaken
from chalicelib.domain.conversation import Conversation
from chalicelib.domain.items import Handover, Reply, StoredPost
from chalicelib.domain.pages import LEASE, TRIES
from chalicelib.domain.versions import removal
from chalicelib.errors import NightdeskError, OutcomeUnknown, Transient
from chalicelib.services.bookkeeping import Books
from chalicelib.services.outgoing import asked_post, outgoing_of
from chalicelib.services.ports import Check, Clock, Lost, Meter, Put, Store
from chalicelib.services.reply_port import Replier
from chalicelib.services.reply_record import ReplyRecord, failed_words, lost_words
from chalicelib.services.saving import Saving

ECHO_WAIT = timedelta(minutes=2)
"""How long an unknown outcome waits for its echo before a person is asked to look."""

LOOK_EVERY = timedelta(seconds=30)
BACKOFF = timedelta(seconds=15)
LONGEST = timedelta(minutes=5)
"""A platform that wants rest for longer ends the try: meanwhile nobody else could answer, or somebody did natively."""


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
        self._record = ReplyRecord(store, books)
        self._clock = clock
        self._meter = meter
        self._repliers = repliers

    def deliver(self, identity: tuple[str, ...]) -> None:
        """Do what is due for one reply; one that is gone or not due is nothing. Raises: Transient."""
        reply, now = self._store.get(Reply, *identity), self._clock.now()
        if reply is None or reply.next_due_at is None or reply.next_due_at > now:
            return
        with suppress(Lost):  # whoever changed it has made it due anew, or settled it
            if reply.state is Handover.PENDING:
                self._send(reply, now)
            elif reply.state is Handover.SENDING:
                self._doubt(reply, "we stopped while it was being sent", now)
            elif reply.state is Handover.UNKNOWN:
                self._look(reply, now)

    def _send(self, reply: Reply, now: datetime) -> None:
        conversation = self._books.load(reply.conversation_id)
        asked = self._asked(conversation, reply)
        if asked is not None and removal(asked) is not None:
            self._give_up(reply, "the post it answers was taken back", now)
            return
        if reply.automatic and is_overtaken(reply, conversation, now):
            self._give_up(reply, "somebody saw to it first", now)
            return
        leased = self._lease(reply, conversation, now)
        try:
            sent = self._repliers(conversation.platform).reply(outgoing_of(conversation, leased, asked))
        except OutcomeUnknown as fault:
            self._doubt(leased, str(fault), now)
        except Transient as fault:
            self._later(leased, fault, now)
        except NightdeskError as fault:
            self._give_up(leased, str(fault), now)
        else:
            self._record.sent(leased, sent, now)

    def _look(self, reply: Reply, now: datetime) -> None:
        """Look on the platform for a reply that may have arrived; in the end, ask a person to."""
        conversation = self._books.load(reply.conversation_id)
        outgoing = outgoing_of(conversation, reply, self._asked(conversation, reply))
        sent = None
        with suppress(NightdeskError):  # looking is a help, not a promise: the echo or a person will tell
            sent = self._repliers(conversation.platform).find(outgoing, reply.at)
        if sent is not None:
            self._record.sent(reply, sent, now)
        elif reply.lease_until is not None and now < reply.lease_until:
            self._save(replace(reply, next_due_at=now + LOOK_EVERY))
        else:
            self._record.ended(_next(reply, lease_until=None, next_due_at=None), lost_words(reply), now)

    def _lease(self, reply: Reply, conversation: Conversation, now: datetime) -> Reply:
        """Take it on; what no person wrote only while the conversation stands as we saw it."""
        until = now + LEASE
        leased = _next(
            reply, state=Handover.SENDING, attempts=reply.attempts + 1, lease_until=until, next_due_at=until
        )
        unchanged = [Check(Conversation, conversation.identity, conversation.rev)] if reply.automatic else []
        self._saving.commit(Put(leased), *unchanged)
        return leased

    def _doubt(self, reply: Reply, why: str, now: datetime) -> None:
        """Wait for the echo, looking now and then; ``lease_until`` says how long."""
        self._meter.count("RepliesUnknown")
        until, look_at = now + ECHO_WAIT, now + LOOK_EVERY
        self._save(
            replace(reply, state=Handover.UNKNOWN, lease_until=until, next_due_at=look_at, outcome=why)
        )

    def _later(self, reply: Reply, fault: Transient, now: datetime) -> None:
        """Try a definite failure again, at most ``TRIES`` times in all."""
        wait = fault.retry_after or BACKOFF * reply.attempts
        if reply.attempts >= TRIES or wait > LONGEST:
            self._give_up(reply, str(fault), now)
            return
        again_at = now + wait
        pending = replace(reply, state=Handover.PENDING, lease_until=None, next_due_at=again_at)
        self._save(replace(pending, outcome=str(fault)))

    def _give_up(self, reply: Reply, why: str, now: datetime) -> None:
        self._meter.count("RepliesFailed")
        failed = _next(reply, state=Handover.FAILED, lease_until=None, next_due_at=None, outcome=why)
        self._record.ended(failed, failed_words(reply, why), now)

    def _save(self, reply: Reply) -> None:
        self._saving.commit(Put(_next(reply)))

    def _asked(self, conversation: Conversation, reply: Reply) -> StoredPost | None:
        return asked_post(self._store, conversation, reply.to_post_id)


def _next(reply: Reply, **changes: object) -> Reply:
    return replace(reply, rev=reply.rev + 1, **changes)  # type: ignore[arg-type]
