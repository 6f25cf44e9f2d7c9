"""Tells whoever comes on call what they take over: one quiet message at each handoff.

A mark per schedule says who was on call last and stands in the due index until the next handoff, so that
the tick finds it; the auditor puts marks that are missing or that a change of plans has overtaken.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from chalicelib.domain.alert_words import known_as
from chalicelib.domain.conversation import Conversation
from chalicelib.domain.items import stamp
from chalicelib.domain.pager_rows import ShiftMark
from chalicelib.domain.schedule import Shift, shifts
from chalicelib.domain.team import TeamFile
from chalicelib.domain.wallclock import local
from chalicelib.services.notices import Notices, a_notice
from chalicelib.services.ports import Clock, Lost, Put, Store, TeamSource
from chalicelib.services.saving import Saving

HANDOFF = "handoff"
LOOK_AHEAD = timedelta(days=32)
LISTED = 5


class Handoff:
    """Watches over shifts as they change."""

    def __init__(self, store: Store, saving: Saving, teams: TeamSource, clock: Clock) -> None:
        self._store = store
        self._saving = saving
        self._teams = teams
        self._clock = clock
        self._notices = Notices(saving)

    def deliver(self, identity: tuple[str, ...]) -> None:
        """Look at one schedule whose mark is due: greet whoever came on call, and mark the next handoff."""
        mark, now = self._store.get(ShiftMark, *identity), self._clock.now()
        if mark is None or mark.next_due_at is None or mark.next_due_at > now:
            return
        self._look(mark.schedule, mark, now)

    def ensure(self) -> None:
        """Put a mark for every schedule, and correct those whose next handoff has moved."""
        now = self._clock.now()
        for schedule in self._teams.current().schedules:
            self._look(schedule, self._store.get(ShiftMark, schedule), now)

    def _look(self, schedule: str, mark: ShiftMark | None, now: datetime) -> None:
        team = self._teams.current()
        if schedule not in team.schedules:
            return self._forget(mark)
        present = self._present(team, schedule, now)
        fresh = _marked(schedule, mark, present, now)
        if fresh == mark:
            return None
        if mark is None or mark.person == present.person:
            return self._save(fresh)
        return self._greet(team, present, fresh, now)

    def _present(self, team: TeamFile, schedule: str, now: datetime) -> Shift:
        overrides = self._teams.overrides(schedule)
        return next(iter(shifts(team, schedule, now, now + LOOK_AHEAD, overrides)))

    def _save(self, mark: ShiftMark) -> None:
        try:
            self._saving.commit(Put(mark))
        except Lost:  # somebody else looked at the same moment
            return

    def _forget(self, mark: ShiftMark | None) -> None:
        if mark is not None:
            self._save(replace(mark, next_due_at=None, rev=mark.rev + 1))

    def _greet(self, team: TeamFile, shift: Shift, mark: ShiftMark, now: datetime) -> None:
        person = team.people.get(shift.person)
        if person is None:
            return self._save(mark)
        until = _until(shift, team)
        lines = tuple(self._open_work(team, now)) or ("Nothing waits.",)
        name = f"{HANDOFF}:{shift.schedule}:{stamp(now)}"
        notice = a_notice(name, now, f"You are on call: {shift.schedule}{until}", lines, urgent=False)
        why = f"{shift.schedule}: {shift.reason}"
        self._notices.tell(person, notice, step=HANDOFF, why=why, schedule=shift.schedule, along=(Put(mark),))
        return None

    def _open_work(self, team: TeamFile, now: datetime) -> Iterator[str]:
        """Yield what waits, most pressing first: the first few in words, the rest as a number."""
        for name in team.teams:
            rows = list(islice(self._store.open_work(name), 100))
            if rows:
                overdue = sum(1 for _, deadline in rows if deadline <= now)
                more = "+" if len(rows) == 100 else ""  # noqa: PLR2004
                yield f"{name}: {len(rows)}{more} waiting, {overdue} overdue."
            found = (self._store.get(Conversation, i) for i, _ in rows[:LISTED])
            yield from (_words(c, team) for c in found if c is not None)


def _marked(schedule: str, mark: ShiftMark | None, present: Shift, now: datetime) -> ShiftMark:
    """Return the mark as it should be; the same when nothing has changed."""
    due_at = present.until_at or now + LOOK_AHEAD
    if mark is None:
        return ShiftMark(schedule, present.person, now, next_due_at=due_at)
    same = mark.person == present.person
    if same and mark.next_due_at is not None and (mark.next_due_at == due_at or _is_far(mark, due_at, now)):
        return mark
    since = mark.since_at if same else now
    return replace(mark, person=present.person, since_at=since, next_due_at=due_at, rev=mark.rev + 1)


def _is_far(mark: ShiftMark, due_at: datetime, now: datetime) -> bool:
    """Tell whether nothing changes within the look-ahead, whose end moves with every look."""
    return due_at == now + LOOK_AHEAD and mark.next_due_at is not None and mark.next_due_at > now


def _until(shift: Shift, team: TeamFile) -> str:
    if shift.until_at is None or shift.next is None:
        return ""
    tz = team.schedules[shift.schedule].tz
    return f" until {local(shift.until_at, tz):%a %d %b %H:%M}, then {shift.next}"


def _words(conversation: Conversation, team: TeamFile) -> str:
    own = team.teams.get(conversation.team)
    tz = own.tz if own else "UTC"
    due = f", due {local(conversation.deadline_at, tz):%a %H:%M}" if conversation.deadline_at else ""
    if conversation.paused_until is not None:
        due = f", paused until {local(conversation.paused_until, tz):%a %H:%M}"
    owner = f", {conversation.claim.owner} has it" if conversation.claim else ""
    return f"{known_as(conversation)} on {conversation.platform}{due}{owner}"
