"""What a new configuration changes for people: whose next shift moves, from when to when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.schedule import shifts
from chalicelib.domain.team import Override, TeamFile
from chalicelib.domain.wallclock import zone

LOOKAHEAD = timedelta(days=90)
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Move:
    """One person's next shift on one schedule, before and after; None where there is none within 90 days.

    A shift under way counts from now.
    """

    schedule: str
    person: str
    before: Span | None
    after: Span | None


def moves(
    before: TeamFile, after: TeamFile, now: datetime, overrides: Sequence[Override] = ()
) -> tuple[Move, ...]:
    """Return everybody whose next shift differs between two configurations, under the same overrides."""
    names = dict.fromkeys((*before.schedules, *after.schedules))
    return tuple(move for name in names for move in _moves_on(name, before, after, now, overrides))


def move_words(move: Move, team: TeamFile) -> str:
    """Return one move in words, in the schedule's local time."""
    schedule = team.schedules.get(move.schedule)
    tz = "UTC" if schedule is None else schedule.tz
    was, becomes = (_span_words(span, tz) for span in (move.before, move.after))
    return f"{move.schedule}: {move.person}'s next shift moves: it was {was}, now {becomes}"


def _span_words(span: Span | None, tz: str) -> str:
    if span is None:
        return "none in 90 days"
    start, end = (at.astimezone(zone(tz)) for at in span)
    return f"{start:%a %d %b %H:%M} to {end:%a %d %b %H:%M}"


def _moves_on(
    schedule: str, before: TeamFile, after: TeamFile, now: datetime, overrides: Sequence[Override]
) -> list[Move]:
    old, new = (_next_shifts(team, schedule, now, overrides) for team in (before, after))
    people = dict.fromkeys((*old, *new))
    return [Move(schedule, p, old.get(p), new.get(p)) for p in people if old.get(p) != new.get(p)]


def _next_shifts(
    team: TeamFile, schedule: str, now: datetime, overrides: Sequence[Override]
) -> dict[str, Span]:
    """Return each person's first shift from ``now`` on; turns that follow each other make one shift."""
    if schedule not in team.schedules:
        return {}
    found: dict[str, Span] = {}
    previous: str | None = None
    for shift in shifts(team, schedule, now, now + LOOKAHEAD, overrides):
        if shift.since_at and shift.until_at:
            known = found.get(shift.person)
            if known is None:
                found[shift.person] = (shift.since_at, shift.until_at)
            elif previous == shift.person and known[1] == shift.since_at:
                found[shift.person] = (known[0], shift.until_at)
        previous = shift.person
    return found
