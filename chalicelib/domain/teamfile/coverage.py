"""Deeper checks of schedules over the coming 90 days: gaps, fallbacks, idle layers, doubled duty, fairness."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import combinations

from chalicelib.domain.oncall_gaps import gaps
from chalicelib.domain.oncall_hours import common, length, loads
from chalicelib.domain.oncall_layers import edges_of, plan_of, winning_layer
from chalicelib.domain.schedule import GAP, shifts
from chalicelib.domain.team import NOBODY, Layer, Override, Schedule, TeamFile
from chalicelib.domain.teamfile.faults import Fault
from chalicelib.domain.windows import Stretch, stretches

AHEAD = timedelta(days=90)
UNFAIR = 1.5
_SHOWN = "%Y-%m-%d %H:%M UTC"


def coverage_faults(team: TeamFile, now: datetime, overrides: Sequence[Override]) -> Iterator[Fault]:
    """Find schedules without a fallback that has a phone, and gaps that nobody said are all right."""
    for schedule in team.schedules.values():
        yield from _fallback(team, schedule)
        yield from _gaps(team, schedule, now, overrides)


def coverage_warnings(team: TeamFile, now: datetime, overrides: Sequence[Override]) -> Iterator[Fault]:
    """Find layers that never win, people who are their own backup, and unfair hours."""
    for schedule in team.schedules.values():
        yield from _idle_layers(team, schedule, now)
        yield from _unfair_hours(team, schedule, now, overrides)
    yield from _own_backup(team, now, overrides)


def _fallback(team: TeamFile, schedule: Schedule) -> Iterator[Fault]:
    path = f"schedules.{schedule.name}.fallback"
    person = team.people.get(schedule.fallback)
    if schedule.fallback == NOBODY:
        yield Fault(path, "it is missing", 'name a person with a phone: fallback = "lead"')
    elif person is not None and not person.phone:
        yield Fault(
            path,
            f"{schedule.fallback} has no phone",
            f"write people.{schedule.fallback}.phone, or name another",
        )


def _gaps(
    team: TeamFile, schedule: Schedule, now: datetime, overrides: Sequence[Override]
) -> Iterator[Fault]:
    """Report each cause once, with its first gap and how many more there are."""
    by_cause: dict[str, list[Stretch]] = defaultdict(list)
    for gap in gaps(team, schedule.name, now, now + AHEAD, overrides):
        if not gap.allowed:
            by_cause[gap.why].append((gap.from_at, gap.until_at))
    for why, found in by_cause.items():
        start, end = found[0]
        more = f" and {len(found) - 1} more times" if len(found) > 1 else ""
        wrong = f"{why} from {start:{_SHOWN}} to {end:{_SHOWN}}{more}"
        yield Fault(
            f"schedules.{schedule.name}.layers", wrong, "cover it with a layer, or list it under gap_ok"
        )


def _idle_layers(team: TeamFile, schedule: Schedule, now: datetime) -> Iterator[Fault]:
    edges = {now, *edges_of(schedule, team.holidays, now, now + AHEAD)}
    winners = {winning_layer(schedule, team.holidays, edge) for edge in edges}
    for n, layer in enumerate(schedule.layers):
        if n not in winners and not _awaits_a_holiday(schedule, n, team, now):
            wrong = f"the layer {layer.name!r} never wins in the next 90 days"
            yield Fault(f"schedules.{schedule.name}.layers[{n}]", wrong, "move it further down, or remove it")


def _awaits_a_holiday(schedule: Schedule, n: int, team: TeamFile, now: datetime) -> bool:
    """Tell whether a layer is for public holidays alone, and there is none to win in the next 90 days."""
    window = plan_of(schedule.layers[n], schedule.tz).window or ()
    coming = stretches(window, schedule.tz, team.holidays, now, now + AHEAD)
    return _is_for_holidays(schedule.layers[n], schedule.tz) and not any(coming)


def _is_for_holidays(layer: Layer, tz: str) -> bool:
    window = plan_of(layer, tz).window or ()
    return bool(window) and all(part.holidays for part in window)


def _sharing(schedule: Schedule) -> set[str]:
    """Return who shares the ordinary load: not whoever only helps out, on holidays or as the fallback."""
    ordinary = [layer for layer in schedule.layers if not _is_for_holidays(layer, schedule.tz)]
    return {
        name
        for layer in ordinary
        for name in layer.rotate
        if len(layer.rotate) > 1 or name != schedule.fallback
    }


def _unfair_hours(
    team: TeamFile, schedule: Schedule, now: datetime, overrides: Sequence[Override]
) -> Iterator[Fault]:
    sharing = _sharing(schedule)
    carried = [x for x in loads(team, schedule.name, now, now + AHEAD, overrides) if x.person in sharing]
    if len(carried) > 1 and carried[0].total > UNFAIR * carried[-1].total:
        most, least = carried[0], carried[-1]
        wrong = (
            f"{most.person} has {_hours(most.total)} h in 90 days and {least.person} {_hours(least.total)} h"
        )
        yield Fault(f"schedules.{schedule.name}", wrong, "share the turns more evenly")


def _own_backup(team: TeamFile, now: datetime, overrides: Sequence[Override]) -> Iterator[Fault]:
    for path, one, other in _pairs(team):
        doubled = _doubled(team, one, other, now, overrides)
        if doubled:
            wrong = f"{one} and {other} are the same person for {_hours(length(doubled))} h in 90 days, first at {doubled[0][0]:{_SHOWN}}"
            yield Fault(path, wrong, "put another person on one of the two")


def _pairs(team: TeamFile) -> Iterator[tuple[str, str, str]]:
    """Yield each pair of schedules that one step pages together, once, with the path of that step."""
    seen: set[frozenset[str]] = set()
    for ladder, steps in team.escalation.items():
        for n, step in enumerate(steps):
            for pair in combinations([name for name in step.page if name in team.schedules], 2):
                if frozenset(pair) not in seen:
                    seen.add(frozenset(pair))
                    yield f"escalation.{ladder}[{n}].page", *pair


def _doubled(
    team: TeamFile, one: str, other: str, now: datetime, overrides: Sequence[Override]
) -> list[Stretch]:
    first, second = (_duties(team, name, now, overrides) for name in (one, other))
    return sorted(s for person in first.keys() & second.keys() for s in common(first[person], second[person]))


def _duties(
    team: TeamFile, schedule: str, now: datetime, overrides: Sequence[Override]
) -> dict[str, list[Stretch]]:
    found: dict[str, list[Stretch]] = defaultdict(list)
    for shift in shifts(team, schedule, now, now + AHEAD, overrides):
        if shift.since_at and shift.until_at and shift.reason != GAP:
            found[shift.person].append((shift.since_at, shift.until_at))
    return found


def _hours(amount: timedelta) -> int:
    return round(amount.total_seconds() / 3600)
