"""Who is on call: exactly one person per schedule at every instant, and a reason a human understands.

Depends on configuration and overrides alone (DESIGN section 5); opt-outs and failures act when paging.
It must not read a file's words twice (``oncall_words`` caches them) nor know who asks, or when.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from chalicelib.domain.oncall_layers import edges_of, winning_turn
from chalicelib.domain.team import NOBODY, Channel, Duty, Override, Person, Schedule, TeamFile
from chalicelib.errors import NotFound

GAP = "gap"
HORIZON = timedelta(days=2 * 366)
"""How far ``shift_at`` looks for a change before it says there is none."""
_INSTANT = timedelta(microseconds=1)
_CHUNK = timedelta(days=32)


@dataclass(frozen=True, slots=True)
class Shift:
    """One person on call for one reason, [since_at, until_at); ``next`` is who follows.

    The bounds are None where nothing changes within two years.
    """

    schedule: str
    person: str
    reason: str
    since_at: datetime | None
    until_at: datetime | None
    next: str | None


def who(team: TeamFile, schedule: str, at: datetime, overrides: Sequence[Override] = ()) -> Duty:
    """Return the one person on call, and why.

    ``overrides`` are those made at run time, added to the file's own. Raises: NotFound for an unknown schedule.
    """
    return _duty(team, schedule_of(team, schedule), at, _relevant(team, schedule, overrides))


def shift_at(team: TeamFile, schedule: str, at: datetime, overrides: Sequence[Override] = ()) -> Shift:
    """Return the shift that covers ``at``: since when, until when, and who follows. Raises: NotFound."""
    plan, relevant = schedule_of(team, schedule), _relevant(team, schedule, overrides)
    at = at.astimezone(UTC)
    duty = _duty(team, plan, at, relevant)
    since = _last_change(team, plan, at, relevant, duty)
    until = _next_change(team, plan, at, relevant, duty)
    following = None if until is None else _duty(team, plan, until, relevant).person
    return Shift(schedule, duty.person, duty.reason, since, until, following)


def shifts(
    team: TeamFile, schedule: str, from_at: datetime, until_at: datetime, overrides: Sequence[Override] = ()
) -> Iterator[Shift]:
    """Yield the shifts that tile [from_at, until_at), the first and last cut to it. Raises: NotFound.

    ``who`` is constant between edges, so nothing is evaluated anywhere else.
    """
    plan, relevant = schedule_of(team, schedule), _relevant(team, schedule, overrides)
    from_at, until_at = from_at.astimezone(UTC), until_at.astimezone(UTC)
    since, duty = from_at, _duty(team, plan, from_at, relevant)
    for edge in _edges(team, plan, from_at + _INSTANT, until_at, relevant):
        following = _duty(team, plan, edge, relevant)
        if following != duty:
            yield Shift(schedule, duty.person, duty.reason, since, edge, following.person)
            since, duty = edge, following
    if since < until_at:
        yield Shift(schedule, duty.person, duty.reason, since, until_at, None)


def schedule_of(team: TeamFile, name: str) -> Schedule:
    """Return the schedule of that name. Raises: NotFound naming the ones there are."""
    found = team.schedules.get(name)
    if found is None:
        known = ", ".join(team.schedules) or "none"
        raise NotFound(f"there is no schedule {name!r}; the team file has: {known}")
    return found


def is_reachable(team: TeamFile, name: str) -> bool:
    """Tell whether a person has a contact configured. A file without that person is not asked about contacts."""
    person = team.people.get(name)
    return person is None or any(has_address(person, contact.channel) for contact in person.reach)


def has_address(person: Person, channel: Channel) -> bool:
    """Tell whether the person has what the channel needs: a phone for SMS, a member id for Slack."""
    return bool(person.phone if channel is Channel.SMS else person.slack)


def wanted(team: TeamFile, schedule: str, at: datetime, overrides: Sequence[Override] = ()) -> Duty | None:
    """Return whom overrides and layers name, reachable or not, or None: what a gap is explained by."""
    return _wanted(team, schedule_of(team, schedule), at, _relevant(team, schedule, overrides))


def _duty(team: TeamFile, plan: Schedule, at: datetime, overrides: Sequence[Override]) -> Duty:
    duty = _wanted(team, plan, at, overrides)
    if duty is None or duty.person == NOBODY or not is_reachable(team, duty.person):
        return Duty(plan.fallback, GAP)
    return duty


def _wanted(team: TeamFile, plan: Schedule, at: datetime, overrides: Sequence[Override]) -> Duty | None:
    covering = [o for o in overrides if o.from_at <= at < o.until_at]
    return _covered(covering) or _from_layers(team, plan, at, covering)


def _covered(covering: Sequence[Override]) -> Duty | None:
    full = next((o for o in reversed(covering) if o.away is None), None)
    return None if full is None else Duty(full.who, f"override by {full.by or full.who}")


def _from_layers(team: TeamFile, plan: Schedule, at: datetime, covering: Sequence[Override]) -> Duty | None:
    """Return the winning layer's turn, with any ``away`` rule for that person followed once."""
    turn = winning_turn(plan, team.holidays, at)
    if turn is None:
        return None
    stand_in = next((o for o in reversed(covering) if o.away == turn.person), None)
    return turn if stand_in is None else Duty(stand_in.who, f"{turn.reason}, for {turn.person} who is away")


def _relevant(team: TeamFile, schedule: str, overrides: Sequence[Override]) -> tuple[Override, ...]:
    return tuple(o for o in (*team.overrides, *overrides) if o.schedule == schedule)


def _edges(
    team: TeamFile, plan: Schedule, from_at: datetime, until_at: datetime, overrides: Sequence[Override]
) -> Iterator[datetime]:
    """Yield, in order, each instant of [from_at, until_at) at which the answer may change."""
    marks = [from_at]
    while marks[-1] < until_at:
        marks.append(min(marks[-1] + _CHUNK, until_at))
    bounds = {bound for o in overrides for bound in (o.from_at, o.until_at)}
    for first, last in pairwise(marks):
        found = {bound for bound in bounds if first <= bound < last}
        yield from sorted(found.union(edges_of(plan, team.holidays, first, last)))


def _next_change(
    team: TeamFile, plan: Schedule, at: datetime, overrides: Sequence[Override], duty: Duty
) -> datetime | None:
    edges = _edges(team, plan, at + _INSTANT, at + HORIZON, overrides)
    return next((edge for edge in edges if _duty(team, plan, edge, overrides) != duty), None)


def _last_change(
    team: TeamFile, plan: Schedule, at: datetime, overrides: Sequence[Override], duty: Duty
) -> datetime | None:
    until = at + _INSTANT
    while until > at - HORIZON:
        for edge in reversed(list(_edges(team, plan, until - _CHUNK, until, overrides))):
            if _duty(team, plan, edge - _INSTANT, overrides) != duty:
                return edge
        until -= _CHUNK
    return None
