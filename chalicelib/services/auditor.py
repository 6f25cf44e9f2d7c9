"""Checks the pager from outside: what is overdue and was not fired, what got stuck, who could not be reached.

Trusts neither ``next_due_at`` nor the due index: it walks the queue index by deadline and works everything out
again. Whatever it finds it tells the lead, counts, and sets going once more; it repairs no row itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.escalation_ladder import ladder_due_at, next_due_at
from chalicelib.domain.escalation_recipients import lead_of
from chalicelib.domain.items import Handover, Happened, Page, TimelineRow
from chalicelib.domain.oncall_gaps import gaps
from chalicelib.domain.pager_rows import Digest
from chalicelib.domain.pages import AUDIT, pages_on_every_contact
from chalicelib.domain.schedule import has_address
from chalicelib.domain.team import Channel, Person, TeamFile
from chalicelib.domain.wallclock import local
from chalicelib.errors import NotFound, Transient
from chalicelib.services.desk import Case, Desk
from chalicelib.services.handoff import Handoff
from chalicelib.services.notices import Notices, a_notice
from chalicelib.services.ports import Check, Clock, Due, Lost, Meter, Put, Ref, Store, TeamSource
from chalicelib.services.saving import Saving
from chalicelib.services.subjects import address_of

LATE = timedelta(minutes=3)
"""A tick, a retry and a lease: what is later than this is not late but lost."""

AGAIN = timedelta(minutes=30)
AHEAD = timedelta(days=14)
NEAR = timedelta(hours=24)
OVERDUE_UNFIRED = "OverdueUnfired"
STUCK = "StuckHandover"


class Auditor:
    """Looks every five minutes, on its own schedule."""

    def __init__(self, store: Store, saving: Saving, teams: TeamSource, clock: Clock, meter: Meter) -> None:
        self._store = store
        self._saving = saving
        self._teams = teams
        self._clock = clock
        self._meter = meter
        self._handoff = Handoff(store, saving, teams, clock)
        self._desk = Desk(store, saving, teams)
        self._notices = Notices(saving)

    def run(self) -> None:
        """Check everything. One thing that cannot be checked now does not keep the others from it.

        Costs a walk of each team's queue and one read per waiting conversation, with one query of its pages once
        a step has fired. No horizon would leave any out: what waits has begun, so its deadline is at most its own
        target away, and a step may fall due at any moment in between.
        """
        now, team = self._clock.now(), self._teams.current()
        overdue = stuck = 0
        for name in team.teams:
            for conversation_id, _ in self._store.open_work(name):
                found = self._conversation(conversation_id, now)
                overdue, stuck = overdue + found[0], stuck + found[1]
        self._meter.count(OVERDUE_UNFIRED, overdue)
        self._meter.count(STUCK, stuck)
        self._gaps(team, now)
        self._unreachable(team, now)
        self._handoff.ensure()

    # --- conversations --------------------------------------------------------------------------------

    def _conversation(self, conversation_id: str, now: datetime) -> tuple[int, int]:
        """Return how many steps (0 or 1) and hand-overs of a conversation are lost, having told the lead."""
        try:
            case = self._desk.open(conversation_id)
            unfired = self._unfired(case, now)
            stuck = list(self._stuck(case.conversation, now))
            for words in (*unfired, *stuck):
                self._tell_lead(case, words, now)
        except (NotFound, Transient):
            return 0, 0
        return len(unfired), len(stuck)

    def _unfired(self, case: Case, now: datetime) -> tuple[str, ...]:
        conversation = case.conversation
        due_at = next_due_at(conversation, case.team)
        if due_at is None or due_at > now - LATE:
            return ()
        self._saving.wake(Due(Ref(Conversation.__name__, conversation.identity), now))
        rung_at = ladder_due_at(conversation, case.team)
        if rung_at is None or rung_at > now - LATE:
            return ()  # the customer's acknowledgement alone: nobody is woken for that
        return (f"something was due at {rung_at:%H:%M} UTC and did not happen",)

    def _stuck(self, conversation: Conversation, now: datetime) -> Iterator[str]:
        if not conversation.fired:
            return
        for page in self._store.children(Page, conversation.id, str(conversation.epoch)):
            ref = self._stuck_ref(page, now)
            if ref is not None:
                self._saving.wake(Due(ref, now))
                yield f"the {page.channel} page to {page.person} of {page.due_at:%H:%M} UTC is stuck"

    def _stuck_ref(self, page: Page, now: datetime) -> Ref | None:
        """Return what to wake for a page that should long have ended: itself, or the digest that carries it."""
        if page.state not in (Handover.PENDING, Handover.SENDING):
            return None
        if page.digest_id is not None:
            return self._stuck_digest(page, page.digest_id, now)
        waits_until = max(page.due_at, page.lease_until or page.due_at, page.next_due_at or page.due_at)
        return Ref(Page.__name__, page.identity) if waits_until <= now - LATE else None

    def _stuck_digest(self, page: Page, digest_id: str, now: datetime) -> Ref | None:
        digest = self._store.get(Digest, page.person, page.channel, digest_id)
        if digest is None:
            return None
        waits_until = max(digest.due_at, digest.next_due_at or digest.due_at)
        return Ref(Digest.__name__, digest.identity) if waits_until <= now - LATE else None

    def _tell_lead(self, case: Case, words: str, now: datetime) -> None:
        """Page the lead about a conversation, at most once in half an hour."""
        conversation, lead = case.conversation, self._lead(case.team)
        earlier = self._store.children(Page, conversation.id, str(conversation.epoch), AUDIT)
        if lead is None or any(page.due_at > now - AGAIN for page in earlier):
            return
        n = len({page.n for page in earlier})
        why = f"the auditor found that {words}"
        page = Page(conversation.id, conversation.epoch, AUDIT, n, lead.name, 0, Channel.SMS, now, why)
        row = TimelineRow(
            conversation.id, now.astimezone(UTC), Happened.NOTE, f"{AUDIT}|{n}", f"Auditor: {words}."
        )
        pages = pages_on_every_contact(page, lead)
        check = Check(Conversation, conversation.identity, conversation.rev)
        self._commit(check, *map(Put, pages), Put(row))

    def _commit(self, *writes: Put | Check) -> None:
        try:
            self._saving.commit(*writes)
        except Lost:  # it moved: the next look tells, if it is still so
            return

    # --- schedules and people -------------------------------------------------------------------------

    def _gaps(self, team: TeamFile, now: datetime) -> None:
        """Tell the lead, once a day, of each stretch of the next fortnight that nobody covers."""
        for schedule in team.schedules.values():
            overrides = self._teams.overrides(schedule.name)
            for gap in gaps(team, schedule.name, now, now + AHEAD, overrides):
                if not gap.allowed:
                    start, end = local(gap.from_at, schedule.tz), local(gap.until_at, schedule.tz)
                    words = f"{schedule.name} has nobody from {start:%a %d %b %H:%M} to {end:%a %d %b %H:%M}"
                    urgent = gap.from_at <= now + NEAR
                    self._raise(
                        team,
                        f"gap:{schedule.name}:{end:%Y%m%d%H%M}",
                        f"{words}: {gap.why}",
                        now,
                        urgent=urgent,
                    )

    def _unreachable(self, team: TeamFile, now: datetime) -> None:
        """Tell the lead, once a day, of everybody who may be paged and whom no contact reaches."""
        for name in sorted(_pageable(team)):
            person = team.people.get(name)
            if person is not None and not self._is_reachable(person, team):
                words = f"{name} may be paged, but no contact reaches them"
                self._raise(team, f"unreachable:{name}", words, now, urgent=False)

    def _is_reachable(self, person: Person, team: TeamFile) -> bool:
        channels = {c.channel for c in person.reach if has_address(person, c.channel)}
        return any(address_of(self._store, person.name, channel, team) for channel in channels)

    def _raise(self, team: TeamFile, name: str, words: str, now: datetime, *, urgent: bool) -> None:
        lead = self._lead(team)
        if lead is None:
            return
        notice = a_notice(f"{name}:{now:%Y%m%d}", now, words, urgent=urgent)
        self._notices.tell(lead, notice, step=AUDIT, why="the auditor checks the next 14 days")

    def _lead(self, team: TeamFile) -> Person | None:
        return team.people.get(lead_of(team) or "")


def _pageable(team: TeamFile) -> set[str]:
    """Return everybody whom a schedule, a ladder or a fallback may name."""
    turns = {n for s in team.schedules.values() for layer in s.layers for n in layer.rotate}
    fallbacks = {s.fallback for s in team.schedules.values()}
    named: Sequence[str] = [t for steps in team.escalation.values() for step in steps for t in step.page]
    return (turns | fallbacks | set(named)) & set(team.people)
