"""Shows one summary in a Slack channel for the new conversations that came too fast to be shown one by one.

A conversation it names gets a message of its own when something happens to it. Posting twice is avoided by
looking for our message first; whatever step we die at, the digest's row is still due and the rest is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain import digest as flood
from chalicelib.domain.alert import AlertView, Tone
from chalicelib.domain.alert_words import known_as
from chalicelib.domain.checks import is_news
from chalicelib.domain.conversation import Conversation
from chalicelib.domain.items import Card, Handover, Happened, TimelineRow
from chalicelib.domain.pager_rows import Digest, DigestMember, Gate
from chalicelib.domain.pages import LEASE, backoff
from chalicelib.domain.wallclock import local
from chalicelib.errors import NightdeskError, OutcomeUnknown, Transient
from chalicelib.services.card_sender import TRIES, resting
from chalicelib.services.desk import ATTEMPTS, Desk
from chalicelib.services.ports import ChatSender, Clock, Lost, Put, Store, Write
from chalicelib.services.saving import Saving

LISTED = 15
KEPT = timedelta(days=8)

_MAY_EXIST = (Handover.SENDING, Handover.UNKNOWN)


class SummarySender:
    """Posts summaries."""

    def __init__(self, *, store: Store, saving: Saving, clock: Clock, desk: Desk, chat: ChatSender) -> None:
        self._store = store
        self._saving = saving
        self._clock = clock
        self._desk = desk
        self._chat = chat

    def deliver(self, identity: tuple[str, ...]) -> None:
        """Post one summary if it is due, or go on where somebody stopped. Raises: Transient."""
        digest, now = self._store.get(Digest, *identity), self._clock.now()
        if digest is None or digest.next_due_at is None or digest.next_due_at > now:
            return
        try:
            self._go_on(digest, now)
        except Lost as lost:
            raise Transient(f"summary {digest.key} is being worked by another: {lost}") from lost

    def _go_on(self, digest: Digest, now: datetime) -> None:
        if digest.state in (Handover.SENT, Handover.FAILED):
            return self._settle(digest)
        frozen = digest if digest.frozen else self._freeze(digest, now)
        waiting = [c for c in self._conversations(frozen) if is_news(c)]
        if not waiting:
            return self._end(frozen, Handover.SENT, "nobody waits any more")
        leased = replace(
            frozen,
            state=Handover.SENDING,
            attempts=frozen.attempts + 1,
            lease_until=now + LEASE,
            next_due_at=now + LEASE,
            rev=frozen.rev + 1,
        )
        self._saving.commit(Put(leased))
        return self._post(leased, waiting, now, again=digest.state in _MAY_EXIST)

    def _freeze(self, digest: Digest, now: datetime) -> Digest:
        frozen = replace(digest, frozen=True, next_due_at=now + LEASE, rev=digest.rev + 1)
        gate = self._store.get(Gate, digest.person, digest.channel)
        writes: list[Write] = [Put(frozen)]
        if gate is not None and gate.digest_id == digest.id:
            writes.append(Put(flood.emptied(gate, flood.SLACK, now)))
        self._saving.commit(*writes)
        return frozen

    def _post(self, digest: Digest, waiting: Sequence[Conversation], now: datetime, *, again: bool) -> None:
        try:
            channel, view = digest.person, self._view(waiting, now)
            if not (again and self._chat.find(channel=channel, key=digest.key)):
                self._chat.post(channel=channel, view=view, key=digest.key)
        except Transient as fault:
            self._later(digest, fault)
        except NightdeskError as fault:
            self._end(digest, Handover.FAILED, str(fault))
        else:
            self._end(digest, Handover.SENT, "shown in a summary")

    def _later(self, digest: Digest, fault: Transient) -> None:
        if digest.attempts >= TRIES:
            return self._end(digest, Handover.FAILED, str(fault))
        unsure = isinstance(fault, OutcomeUnknown)
        later = replace(
            digest,
            state=Handover.UNKNOWN if unsure else Handover.PENDING,
            lease_until=None,
            outcome=str(fault),
            next_due_at=self._clock.now() + backoff(min(digest.attempts, 3), fault.retry_after),
            rev=digest.rev + 1,
        )
        return self._saving.commit(Put(later))

    def _end(self, digest: Digest, state: Handover, outcome: str) -> None:
        """Record how it ended; the row stays due until its cards have been told."""
        over = replace(
            digest,
            state=state,
            outcome=outcome,
            lease_until=None,
            next_due_at=self._clock.now() + LEASE,
            rev=digest.rev + 1,
        )
        self._saving.commit(Put(over))
        self._settle(over)

    def _settle(self, digest: Digest) -> None:
        for identity in self._members(digest):
            self._rest(digest, identity)
        expires_at = self._clock.now() + KEPT
        self._saving.commit(Put(replace(digest, next_due_at=None, expires_at=expires_at, rev=digest.rev + 1)))

    def _rest(self, digest: Digest, identity: tuple[str, ...]) -> None:
        for _ in range(ATTEMPTS):
            card = self._store.get(Card, *identity)
            if card is None or card.digest_id != digest.id:
                return
            outcome = digest.outcome or ""
            row = TimelineRow(
                card.conversation_id,
                self._clock.now(),
                Happened.TELL,
                f"summary|{digest.key}",
                f"{card.channel}: {outcome}.",
            )
            try:
                self._saving.commit(Put(resting(card, card.wanted_rev, outcome)), Put(row))
            except Lost:
                continue
            return
        raise Transient(f"card {'|'.join(identity)} keeps changing; try again")

    def _members(self, digest: Digest) -> list[tuple[str, ...]]:
        return [flood.member_identity(m) for m in self._store.children(DigestMember, *digest.identity)]

    def _conversations(self, digest: Digest) -> list[Conversation]:
        found = (self._store.get(Conversation, identity[0]) for identity in self._members(digest))
        return sorted((c for c in found if c is not None), key=_deadline)

    def _view(self, waiting: Sequence[Conversation], now: datetime) -> AlertView:
        team = self._desk.team_of("")
        own = team.teams.get(waiting[0].team)
        tz = own.tz if own else "UTC"
        lines = [_line(c, tz) for c in waiting[:LISTED]]
        if len(waiting) > LISTED:
            lines.append(f"and {len(waiting) - LISTED} more")
        late = _deadline(waiting[0]) <= now
        return AlertView(
            conversation_id=waiting[0].id,
            brand=team.brand,
            platform=", ".join(sorted({c.platform for c in waiting})),
            handle=_count(len(waiting), "customer"),
            quote="\n".join(lines),
            tone=Tone.RED if late else Tone.AMBER,
            headline=f"{_count(len(waiting), 'more post')} {'waits' if len(waiting) == 1 else 'wait'} for an answer",
            why=f"more than {flood.SLACK.most} new ones in a minute; each gets its own message when it moves",
            tz=tz,
            received_at=min(c.opened_at for c in waiting),
            now=now,
            deadline_at=waiting[0].deadline_at,
        )


def _deadline(conversation: Conversation) -> datetime:
    return conversation.deadline_at or conversation.opened_at


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _line(conversation: Conversation, tz: str) -> str:
    return f"{known_as(conversation)} on {conversation.platform.capitalize()}, due {local(_deadline(conversation), tz):%a %H:%M}"
