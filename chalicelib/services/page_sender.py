"""Sends one page: lease it, hand it over, record how that ended.

The lease is one transaction: the page from pending to sending, a check that its conversation is as it was
read (in that epoch, unclaimed), the gate, the code and the link. After it there is at most one hand-over
without a definite failure; a crash after it leaves ``unknown``, which is never repeated on that contact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain import digest as flood
from chalicelib.domain.alert import AlertView
from chalicelib.domain.items import Handover, Page
from chalicelib.domain.pager_rows import NOTICE
from chalicelib.domain.pages import LEASE, TRIES, is_covered
from chalicelib.domain.reply_codes import CLAIM
from chalicelib.domain.sms_text import render_sms
from chalicelib.domain.team import Channel
from chalicelib.errors import NightdeskError, NotFound, OutcomeUnknown, Transient
from chalicelib.services.codes import Codes
from chalicelib.services.desk import ATTEMPTS
from chalicelib.services.gates import Gates
from chalicelib.services.links import Links
from chalicelib.services.page_outcomes import PageOutcomes, skipped
from chalicelib.services.ports import ChatSender, Clock, Lost, Put, SmsSender, Store, Write
from chalicelib.services.saving import Saving
from chalicelib.services.subjects import Subject, Subjects, address_of

LATE = timedelta(seconds=30)
"""A page this late may have been overtaken by another to the same person."""

LOST_LEASE = "its sender stopped before it could say how that ended"


@dataclass(frozen=True, slots=True)
class Leased:
    """A page that is ours to send now, and what to say to which address."""

    page: Page
    address: str
    view: AlertView


class PageSender:
    """Leases and hands over pages, one at a time."""

    def __init__(
        self,
        *,
        store: Store,
        saving: Saving,
        clock: Clock,
        subjects: Subjects,
        outcomes: PageOutcomes,
        sms: SmsSender,
        chat: ChatSender,
        links: Links | None = None,
    ) -> None:
        self._store = store
        self._saving = saving
        self._clock = clock
        self._subjects = subjects
        self._outcomes = outcomes
        self._sms = sms
        self._chat = chat
        self._links = links
        self._gates = Gates(store)
        self._codes = Codes(store)

    def deliver(self, identity: tuple[str, ...]) -> None:
        """Send one page if it is due. Raises: Transient."""
        for _ in range(ATTEMPTS):
            page = self._due(identity)
            if page is None:
                return
            try:
                leased = self._leased(page)
            except Lost:
                continue
            if leased is not None:
                self.hand_over(leased)
            return
        raise Transient(f"page {'|'.join(identity)} keeps changing; try again")

    def _due(self, identity: tuple[str, ...]) -> Page | None:
        """Return the page if it is pending and due; one whose sender stopped midway is ended as unknown."""
        page = self._store.get(Page, *identity)
        if page is None or page.next_due_at is None or page.next_due_at > self._clock.now():
            return None
        if page.state is Handover.SENDING:
            self._outcomes.unknown(page, LOST_LEASE)
            return None
        return page

    def hand_over(self, leased: Leased) -> None:
        """Send what is leased and record how that ended. Raises: Transient when it cannot be recorded."""
        page = leased.page
        try:
            provider_id = self._say(leased)
        except OutcomeUnknown as fault:
            self._outcomes.unknown(page, str(fault))
        except Transient as fault:
            self._try_again(page, fault)
        except NightdeskError as fault:
            self._outcomes.failed(page, str(fault))
        else:
            self._outcomes.sent(page, provider_id)

    def _try_again(self, page: Page, fault: Transient) -> None:
        if page.attempts >= TRIES:
            self._outcomes.failed(page, str(fault))
        else:
            self._outcomes.again(page, str(fault), fault.retry_after)

    def _say(self, leased: Leased) -> str:
        page, view = leased.page, leased.view
        if page.channel is Channel.SMS:
            return self._sms.send(phone=leased.address, text=render_sms(view), key=page.key)
        posted = self._chat.post(channel=leased.address, view=view, key=page.key)
        return f"{posted.channel}:{posted.ts}"

    def _leased(self, page: Page) -> Leased | None:
        """Take the lease, unless the page must not be sent or waits for its gate. Raises: Lost, Transient."""
        now = self._clock.now()
        try:
            subject = self._subjects.of(page)
        except NotFound as gone:
            self._saving.commit(*skipped(page, now, str(gone)))
            return None
        if subject.refusal is not None:
            self._saving.commit(*skipped(page, now, subject.refusal), subject.check)
            return None
        if self._is_covered(page, now):
            self._saving.commit(*skipped(page, now, "another reached them since it was due"), subject.check)
            return None
        return self._passed(page, subject, now)

    def _is_covered(self, page: Page, now: datetime) -> bool:
        if page.attempts or now - page.due_at < LATE:
            return False
        firing = (page.conversation_id, str(page.epoch), page.step, str(page.n), page.person)
        return is_covered(page, self._store.children(Page, *firing))

    def _passed(self, page: Page, subject: Subject, now: datetime) -> Leased | None:
        address = address_of(self._store, page.person, page.channel, subject.team)
        if address is None:
            self._outcomes.failed(page, f"{page.person} takes no {page.channel}")
            return None
        passage = self._gates.passage(page, subject.team, now)
        if passage.digest is not None:
            joined = Put(flood.joined(page, passage.digest))
            self._saving.commit(joined, subject.check, *passage.writes)
            return None
        return self._take(page, subject, address, passage.writes, now)

    def _take(
        self, page: Page, subject: Subject, address: str, writes: tuple[Write, ...], now: datetime
    ) -> Leased:
        mine = leased_row(page, now)
        code, link, extras = self.references(mine, address, now)
        view = subject.view(mine, now, code, link)
        self._saving.commit(Put(mine), subject.check, *writes, *extras)
        return Leased(mine, address, view)

    def references(
        self, page: Page, address: str, now: datetime
    ) -> tuple[int | None, str | None, tuple[Write, ...]]:
        """Return the code (in texts) and link for a message about a conversation, and the writes they need."""
        if page.conversation_id.startswith(NOTICE):
            return None, None, ()
        code, writes = self._code(page, address, now)
        if self._links is None:
            return code, None, writes
        link, ticket = self._links.issue(page.conversation_id, page.person, now)
        return code, link, (*writes, ticket)

    def _code(self, page: Page, address: str, now: datetime) -> tuple[int | None, tuple[Write, ...]]:
        if page.channel is not Channel.SMS or not self._sms.hears:
            return None, ()
        return self._codes.number(address, CLAIM, page.conversation_id, now)


def leased_row(page: Page, now: datetime) -> Page:
    """Return the page as it is while it is being sent; its lease's end is when the tick looks again."""
    until = now + LEASE
    return replace(
        page,
        state=Handover.SENDING,
        attempts=page.attempts + 1,
        lease_until=until,
        next_due_at=None if page.digest_id else until,
        rev=page.rev + 1,
    )
