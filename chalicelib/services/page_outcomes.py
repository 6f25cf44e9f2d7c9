"""Records how a page's hand-over ended, and in the same commit whom to try because of it.

Handed over: done. Definitely not: the next contact at once. Unknown: never again on that contact, the next at
once. No contact left without a confirmed hand-over: the schedule's fallback at once, and the lead is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chalicelib.domain.escalation_recipients import fallback_of, lead_of
from chalicelib.domain.items import Handover, Happened, Page, TimelineRow, stamp
from chalicelib.domain.pager_rows import NOTICE, Notice
from chalicelib.domain.pages import (
    OWNED,
    OWNER,
    backoff,
    is_unreached,
    next_contact,
    on_contact,
    pages_on_every_contact,
    quiet_contact,
    refusal,
)
from chalicelib.domain.team import TeamFile
from chalicelib.errors import NotFound, Transient
from chalicelib.services.desk import ATTEMPTS, Desk
from chalicelib.services.ports import Check, Clock, Lost, Meter, Put, Store, Write
from chalicelib.services.saving import Saving

UNREACHED = "PersonUnreached"
PAGES = "Pages"
LATENESS = "PageLatenessSeconds"


class PageOutcomes:
    """Ends pages. Every call is safe to repeat: a page that has ended stays as it ended."""

    def __init__(self, store: Store, saving: Saving, desk: Desk, clock: Clock, meter: Meter) -> None:
        self._store = store
        self._saving = saving
        self._desk = desk
        self._clock = clock
        self._meter = meter

    def sent(self, page: Page, provider_id: str, *, how: str = "handed over") -> None:
        """Record a confirmed hand-over. Raises: Transient."""
        now = self._clock.now()
        done = replace(ended(page, Handover.SENT, how), sent_at=now, provider_id=provider_id)
        self._meter.count(PAGES, channel=page.channel, state=Handover.SENT)
        self._meter.count(LATENESS, (now - page.due_at).total_seconds(), channel=page.channel)
        try:
            self._saving.commit(Put(done), page_row(done, now, how))
        except Lost:  # its lease ran out and it was given up as unknown: that has been acted on already
            return

    def again(self, page: Page, reason: str, retry_after: timedelta | None) -> None:
        """Put a page whose hand-over definitely failed back for another try. Raises: Transient."""
        now = self._clock.now()
        due_at = now + backoff(page.attempts, retry_after)
        waiting = replace(
            page,
            state=Handover.PENDING,
            lease_until=None,
            outcome=reason,
            next_due_at=due_at,
            rev=page.rev + 1,
        )
        words = f"try {page.attempts} failed ({reason}), again at {due_at:%H:%M:%S} UTC"
        self._saving.commit(Put(waiting), page_row(waiting, now, words))

    def failed(self, page: Page, reason: str) -> None:
        """Give up this contact for good, and try the next. Raises: Transient."""
        self._give_up(page, Handover.FAILED, reason)

    def unknown(self, page: Page, reason: str) -> None:
        """Give up this contact because it may have been reached, and try the next. Raises: Transient."""
        self._give_up(page, Handover.UNKNOWN, reason)

    def _give_up(self, page: Page, state: Handover, reason: str) -> None:
        self._meter.count(PAGES, channel=page.channel, state=state)
        for _ in range(ATTEMPTS):
            present = self._store.get(Page, *page.identity)
            if present is None or present.rev != page.rev:  # somebody else has acted on it since
                return
            try:
                self._saving.commit(*self._giving_up(ended(present, state, reason)))
            except Lost:
                continue
            return
        raise Transient(f"page {page.key} keeps changing; try again")

    def _giving_up(self, page: Page) -> list[Write]:
        now = self._clock.now()
        followers, words = self._followers(page, now)
        return [Put(page), page_row(page, now, f"{page.state} ({page.outcome}){words}"), *followers]

    def _followers(self, page: Page, now: datetime) -> tuple[list[Write], str]:
        """Return whom to try next, with a check on each page this rests on: two may be failing at once."""
        team, wanted = self._context(page)
        if not wanted:
            return [], ""
        siblings = self._siblings(page, page.person)
        following = next_contact(page, siblings, team.people.get(page.person), now)
        known = [Check(Page, p.identity, p.rev) for p in siblings if p.identity != page.identity]
        if following is not None:
            checks = [check for check in known if check.identity != following.identity]
            return [Put(following), *checks], f"; {page.person}'s next contact, {following.channel}, now"
        if not is_unreached(page, siblings):
            return list(known), ""
        return self._unreached(page, team, now, known)

    def _unreached(
        self, page: Page, team: TeamFile, now: datetime, known: list[Check]
    ) -> tuple[list[Write], str]:
        self._meter.count(UNREACHED)
        pages, words = self._stand_ins(page, team, now)
        row = TimelineRow(page.conversation_id, now.astimezone(UTC), Happened.FALLBACK, page.key, words)
        return [*map(Put, pages), *known, Put(row)], f"; {page.person} has no contact left"

    def _stand_ins(self, page: Page, team: TeamFile, now: datetime) -> tuple[list[Page], str]:
        """Return the pages to the fallback, on every contact, and one word to the lead."""
        fallback, lead = fallback_of(team, page.schedule), lead_of(team)
        heir = next((name for name in (fallback, lead) if name and name != page.person), None)
        if heir is None or page.step in OWNED or page.step == OWNER:
            return [], f"{page.person} could not be reached on any contact."
        why = f"{page.person} could not be reached; {page.why}"
        pages = self._fresh(page, team, heir, f"you stand in: {why}", now, quiet=False)
        if lead and lead not in (page.person, heir):
            pages += self._fresh(page, team, lead, f"{heir} is paged instead: {why}", now, quiet=True)
        return pages, f"{page.person} could not be reached on any contact: {heir} is paged instead."

    def _fresh(
        self, page: Page, team: TeamFile, name: str, why: str, now: datetime, *, quiet: bool
    ) -> list[Page]:
        """Return pages to somebody for the same firing, on the contacts that it does not use already."""
        person = team.people.get(name)
        used = {p.contact for p in self._siblings(page, name)}
        if person is None or (quiet and used):
            return []
        blank = replace(_blank(page, name, why, now), schedule=page.schedule if not quiet else None)
        if not quiet:
            return [p for p in pages_on_every_contact(blank, person) if p.contact not in used]
        found = quiet_contact(person)
        return [on_contact(blank, *found)] if found else []

    def _siblings(self, page: Page, person: str) -> Sequence[Page]:
        firing = (page.conversation_id, str(page.epoch), page.step, str(page.n), person)
        return self._store.children(Page, *firing)

    def _context(self, page: Page) -> tuple[TeamFile, bool]:
        """Return the team file, and whether anybody need still be reached about this page."""
        if page.conversation_id.startswith(NOTICE):
            notice = self._store.get(Notice, page.conversation_id)
            return self._desk.team_of(""), notice is not None and notice.urgent
        try:
            case = self._desk.open(page.conversation_id)
        except NotFound:
            return self._desk.team_of(""), False
        return case.team, refusal(page, case.conversation) is None


def skipped(page: Page, now: datetime, reason: str) -> list[Write]:
    """Return the writes that end a page unsent, because it need not or must not be sent any more."""
    done = ended(page, Handover.SKIPPED, reason)
    return [Put(done), page_row(done, now, f"not sent: {reason}", Happened.SKIPPED)]


def page_row(page: Page, now: datetime, words: str, kind: Happened = Happened.PAGE) -> Put:
    """Return the line that tells what became of a page: due, sent, to whom, how, why."""
    facts = (
        ("person", page.person),
        ("channel", str(page.channel)),
        ("due", stamp(page.due_at)),
        ("sent", stamp(page.sent_at) if page.sent_at else ""),
        ("state", str(page.state)),
        ("reason", page.why),
    )
    sentence = f"{page.channel} to {page.person}: {words}."
    source = f"{page.key}|{page.rev}"
    return Put(
        TimelineRow(page.conversation_id, now.astimezone(UTC), kind, source, sentence, by=None, facts=facts)
    )


def _blank(page: Page, name: str, why: str, now: datetime) -> Page:
    """Return a page to somebody else for the same firing, not yet addressed."""
    return Page(page.conversation_id, page.epoch, page.step, page.n, name, 0, page.channel, now, why)


def ended(page: Page, state: Handover, outcome: str) -> Page:
    """Return the page as it ended: no lease, nothing due."""
    return replace(page, state=state, outcome=outcome, lease_until=None, next_due_at=None, rev=page.rev + 1)
