"""Sends one digest: freeze it, check and lease its members, hand over one message, settle each member.

Once frozen nobody joins. Each member is leased like a page that goes alone, so none is sent after a claim
committed. The digest's row, not its members', stays in the due index until the last of them is settled:
whatever step we die at, the tick finds it there and the rest is done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from chalicelib.domain import digest as flood
from chalicelib.domain.alert import AlertView
from chalicelib.domain.digest_words import gathered, pressing
from chalicelib.domain.items import Handover, Page
from chalicelib.domain.pager_rows import Digest, DigestMember, Gate
from chalicelib.domain.pages import LEASE, TRIES, backoff, is_over
from chalicelib.domain.reply_codes import DIGEST
from chalicelib.domain.sms_text import render_digest, render_sms
from chalicelib.domain.team import Channel
from chalicelib.errors import NightdeskError, NotFound, OutcomeUnknown, Transient
from chalicelib.services.codes import Codes
from chalicelib.services.desk import ATTEMPTS, Desk
from chalicelib.services.page_outcomes import PageOutcomes, ended, page_row, skipped
from chalicelib.services.page_sender import LOST_LEASE, PageSender, leased_row
from chalicelib.services.ports import ChatSender, Check, Clock, Lost, Put, SmsSender, Store, Write
from chalicelib.services.saving import Saving
from chalicelib.services.subjects import Subject, Subjects, address_of

CHUNK = 30
"""Members per transaction: each may cost a page, a line of its timeline and a check; the table takes 100."""

KEPT = timedelta(days=8)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Member:
    """A member that is leased, and what it is about."""

    page: Page
    subject: Subject


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one address: what it shows, of how many posts, and the code it names."""

    address: str
    view: AlertView
    count: int
    code: int | None
    writes: tuple[Write, ...]


class DigestSender:
    """Leases and hands over digests to people."""

    def __init__(
        self,
        *,
        store: Store,
        saving: Saving,
        clock: Clock,
        desk: Desk,
        subjects: Subjects,
        outcomes: PageOutcomes,
        pages: PageSender,
        sms: SmsSender,
        chat: ChatSender,
    ) -> None:
        self._store = store
        self._saving = saving
        self._clock = clock
        self._desk = desk
        self._subjects = subjects
        self._outcomes = outcomes
        self._pages = pages
        self._sms = sms
        self._chat = chat
        self._codes = Codes(store)

    def deliver(self, identity: tuple[str, ...]) -> None:
        """Send one digest if it is due, or go on where somebody stopped. Raises: Transient."""
        digest, now = self._store.get(Digest, *identity), self._clock.now()
        if digest is None or digest.next_due_at is None or digest.next_due_at > now:
            return
        try:
            self._go_on(digest, now)
        except Lost as lost:
            raise Transient(f"digest {digest.key} is being worked by another: {lost}") from lost

    def _go_on(self, digest: Digest, now: datetime) -> None:
        match digest.state:
            case Handover.PENDING:
                self._send(digest if digest.frozen else self._freeze(digest, now), now)
            case Handover.SENDING:
                self._settle(self._end(digest, Handover.UNKNOWN, LOST_LEASE))
            case Handover.SENT | Handover.FAILED | Handover.UNKNOWN | Handover.SKIPPED:
                self._settle(digest)

    def _freeze(self, digest: Digest, now: datetime) -> Digest:
        """Take no more members, and shut the gate anew: the next page opens the next digest."""
        frozen = replace(digest, frozen=True, next_due_at=now + LEASE, rev=digest.rev + 1)
        gate = self._store.get(Gate, digest.person, digest.channel)
        writes: list[Write] = [Put(frozen)]
        if gate is not None and gate.digest_id == digest.id:
            flow = flood.flow_of(digest.channel, self._desk.team_of(""))
            writes.append(Put(flood.emptied(gate, flow, now)))
        self._saving.commit(*writes)
        return frozen

    # --- members --------------------------------------------------------------------------------------

    def _members(self, digest: Digest) -> Sequence[DigestMember]:
        return self._store.children(DigestMember, *digest.identity)

    def _leased(self, digest: Digest, now: datetime) -> list[Member]:
        return [
            one for chunk in _chunks(self._members(digest)) for one in self._leased_chunk(digest, chunk, now)
        ]

    def _leased_chunk(self, digest: Digest, chunk: Sequence[DigestMember], now: datetime) -> list[Member]:
        """Lease those that may still be sent, end the others; both only while nothing has changed meanwhile."""
        for _ in range(ATTEMPTS):
            try:
                present = self._present(digest, chunk, now)
                going = [m for m in present if m.subject.refusal is None]
                leases = _leases(going, now)
                self._saving.commit(*_chunk_writes(present, leases, now))
            except Lost:
                continue
            return [replace(m, page=leases.get(m.page.key, m.page)) for m in going]
        raise Transient(f"members of digest {digest.key} keep changing; try again")

    def _present(self, digest: Digest, chunk: Sequence[DigestMember], now: datetime) -> list[Member]:
        pages = (self._store.get(Page, *flood.member_identity(member)) for member in chunk)
        mine = (p for p in pages if p is not None and not is_over(p) and p.digest_id == digest.id)
        return [member for page in mine for member in self._member(page, now)]

    def _member(self, page: Page, now: datetime) -> Iterator[Member]:
        """Yield a page with what it is about; end one whose subject is gone. Raises: Lost."""
        try:
            yield Member(page, self._subjects.of(page))
        except NotFound as gone:
            self._saving.commit(*skipped(page, now, str(gone)))

    # --- one message ----------------------------------------------------------------------------------

    def _send(self, digest: Digest, now: datetime) -> None:
        members = self._leased(digest, now)
        if not members:
            return self._settle(self._end(digest, Handover.SKIPPED, "nobody waits any more"))
        address = address_of(self._store, digest.person, digest.channel, members[0].subject.team)
        if address is None:
            reason = f"{digest.person} takes no {digest.channel}"
            return self._settle(self._end(digest, Handover.FAILED, reason))
        outgoing = self._composed(digest, members, address, now)
        return self._hand_over(self._lease(digest, outgoing, now), outgoing)

    def _composed(self, digest: Digest, members: Sequence[Member], address: str, now: datetime) -> Outgoing:
        """Say what to send: an ordinary message about the only post left, or a digest of several."""
        about = {m.page.conversation_id: m for m in members}
        if len(about) == 1:
            one = members[0]
            code, link, writes = self._pages.references(one.page, address, now)
            return Outgoing(address, one.subject.view(one.page, now, code, link), 1, code, writes)
        code, writes = self._code(digest, address, now)
        views = sorted((m.subject.view(m.page, now, code, None) for m in about.values()), key=pressing)
        return Outgoing(address, gathered(views), len(views), code, writes)

    def _code(self, digest: Digest, address: str, now: datetime) -> tuple[int | None, tuple[Write, ...]]:
        if digest.channel is not Channel.SMS or not self._sms.hears:
            return None, ()
        return self._codes.number(address, DIGEST, digest.key, now)

    def _lease(self, digest: Digest, outgoing: Outgoing, now: datetime) -> Digest:
        """Take the digest's lease, together with the code and link that its message names. Raises: Lost."""
        leased = replace(
            digest,
            state=Handover.SENDING,
            attempts=digest.attempts + 1,
            code=outgoing.code,
            lease_until=now + LEASE,
            next_due_at=now + LEASE,
            rev=digest.rev + 1,
        )
        self._saving.commit(Put(leased), *outgoing.writes)
        return leased

    def _hand_over(self, digest: Digest, outgoing: Outgoing) -> None:
        try:
            provider_id = self._say(digest, outgoing)
        except OutcomeUnknown as fault:
            self._settle(self._end(digest, Handover.UNKNOWN, str(fault)))
        except Transient as fault:
            self._try_again(digest, fault)
        except NightdeskError as fault:
            self._settle(self._end(digest, Handover.FAILED, str(fault)))
        else:
            sent = replace(digest, provider_id=provider_id, sent_at=self._clock.now())
            self._settle(self._end(sent, Handover.SENT, "handed over"))

    def _say(self, digest: Digest, outgoing: Outgoing) -> str:
        view, count = outgoing.view, outgoing.count
        if digest.channel is Channel.SMS:
            text = render_sms(view) if count == 1 else render_digest(view, count=count)
            return self._sms.send(phone=outgoing.address, text=text, key=digest.key)
        posted = self._chat.post(channel=outgoing.address, view=view, key=digest.key)
        return f"{posted.channel}:{posted.ts}"

    def _try_again(self, digest: Digest, fault: Transient) -> None:
        if digest.attempts >= TRIES:
            return self._settle(self._end(digest, Handover.FAILED, str(fault)))
        due_at = self._clock.now() + backoff(digest.attempts, fault.retry_after)
        waiting = replace(
            digest,
            state=Handover.PENDING,
            lease_until=None,
            outcome=str(fault),
            next_due_at=due_at,
            rev=digest.rev + 1,
        )
        return self._saving.commit(Put(waiting))

    # --- afterwards -----------------------------------------------------------------------------------

    def _end(self, digest: Digest, state: Handover, outcome: str) -> Digest:
        """Record how the message ended; the row stays due until its members have been told."""
        over = replace(
            digest,
            state=state,
            outcome=outcome,
            lease_until=None,
            next_due_at=self._clock.now() + LEASE,
            rev=digest.rev + 1,
        )
        self._saving.commit(Put(over))
        return over

    def _settle(self, digest: Digest) -> None:
        for chunk in _chunks(self._members(digest)):
            pages = (self._store.get(Page, *flood.member_identity(member)) for member in chunk)
            self._settle_chunk(digest, [p for p in pages if p is not None and _is_leased_by(digest, p)])
        expires_at = self._clock.now() + KEPT
        self._saving.commit(Put(replace(digest, next_due_at=None, expires_at=expires_at, rev=digest.rev + 1)))

    def _settle_chunk(self, digest: Digest, pages: Sequence[Page]) -> None:
        if digest.state is Handover.SENT:
            self._saving.commit(*(write for page in pages for write in _sent_writes(digest, page)))
            return
        for page in pages:
            if digest.state is Handover.UNKNOWN:
                self._outcomes.unknown(page, digest.outcome or LOST_LEASE)
            else:
                self._outcomes.failed(page, digest.outcome or "")


def _leases(going: Sequence[Member], now: datetime) -> dict[str, Page]:
    return {m.page.key: leased_row(m.page, now) for m in going if m.page.state is Handover.PENDING}


def _chunk_writes(present: Sequence[Member], leases: dict[str, Page], now: datetime) -> list[Write]:
    """Return the leases, the ends, and one check for each conversation that either rests on."""
    refused = [(m.page, m.subject.refusal) for m in present if m.subject.refusal is not None]
    ends = [write for page, reason in refused for write in skipped(page, now, reason)]
    checks: dict[tuple[str, ...], Check] = {m.subject.check.identity: m.subject.check for m in present}
    return [*map(Put, leases.values()), *ends, *checks.values()]


def _sent_writes(digest: Digest, page: Page) -> list[Write]:
    done = replace(
        ended(page, Handover.SENT, "handed over in a digest"),
        sent_at=digest.sent_at,
        provider_id=digest.provider_id,
    )
    return [
        Put(done),
        page_row(done, digest.sent_at or digest.due_at, f"handed over in a digest, B{digest.code}"),
    ]


def _is_leased_by(digest: Digest, page: Page) -> bool:
    return page.digest_id == digest.id and page.state is Handover.SENDING


def _chunks(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    rest = iter(rows)
    while chunk := tuple(islice(rest, CHUNK)):
        yield chunk
