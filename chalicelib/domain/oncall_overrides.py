"""Run-time overrides as values: what may be added, and how they are written in their schedule's book."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.items import stamp
from chalicelib.domain.schedule import is_reachable, schedule_of, shifts
from chalicelib.domain.team import Override, TeamFile
from chalicelib.domain.wallclock import local
from chalicelib.errors import Conflict, Misconfigured, NotFound

Entry = tuple[str, str, str, str, str, str]
"""(id, from_at, until_at, who, away or "", by), as the book keeps it."""

REMEMBERED = timedelta(days=366)


def addable(asked: Override, team: TeamFile, made: Sequence[Override], now: datetime) -> Override:
    """Return the override with its id if it may be added to those ``made`` at run time and the file's own.

    Raises: NotFound for unknown names, Misconfigured for times or people that make no sense, Conflict (naming
    the holder) where another override covers the same moment.
    """
    schedule_of(team, asked.schedule)
    _demand_people(asked, team)
    if not asked.from_at < asked.until_at:
        raise Misconfigured("an override ends after it begins: write a later end")
    if asked.until_at <= now:
        raise Misconfigured("this override would be over already: write an end in the future")
    for other in (*team.overrides, *made):
        if clash(asked, other):
            span = f"{other.from_at:%Y-%m-%d %H:%M} to {other.until_at:%Y-%m-%d %H:%M} UTC"
            raise Conflict(f"{other.who} already stands in on {other.schedule} from {span}", holder=other.who)
    return replace(asked, id=_id_of(asked))


def _demand_people(asked: Override, team: TeamFile) -> None:
    for name in (asked.who, asked.away):
        if name is not None and name not in team.people:
            raise NotFound(f"there is no person {name!r}; the team file has: {', '.join(team.people)}")
    if not is_reachable(team, asked.who):
        raise Misconfigured(f"{asked.who} has no contact: write a phone or a Slack id for them first")


def override_words(made: Override) -> str:
    """Return who stands in, where and when, in UTC."""
    where = f" where {made.away} would have been" if made.away else ""
    span = f"from {made.from_at:%Y-%m-%d %H:%M} to {made.until_at:%Y-%m-%d %H:%M} UTC"
    return f"{made.who} stands in{where} {span}"


def stand_in_words(made: Override, team: TeamFile) -> str:
    """Return who stands in, where and when, in the schedule's local time."""
    schedule = team.schedules.get(made.schedule)
    tz = schedule.tz if schedule else "UTC"
    start, end = local(made.from_at, tz), local(made.until_at, tz)
    whose = f" where {made.away} would have been" if made.away else ""
    by = f" (by {made.by})" if made.by else ""
    return f"{made.schedule}: {made.who} stands in{whose} from {start:%a %d %b %H:%M} to {end:%a %d %b %H:%M}{by}"


def relieved(made: Override, team: TeamFile, others: Sequence[Override]) -> tuple[str, ...]:
    """Return everybody who would have been on call but for this override, in order of their shifts."""
    span = (made.from_at, made.until_at)
    without = shifts(team, made.schedule, *span, others)
    named = dict.fromkeys(shift.person for shift in without)
    return tuple(p for p in named if p != made.who and made.away in (None, p))


def remembered(book: Sequence[Entry], now: datetime) -> tuple[Entry, ...]:
    """Return a book's entries but for those that ended over a year ago; the schedule's timeline keeps their story."""
    return tuple(entry for entry in book if datetime.fromisoformat(entry[2]) > now - REMEMBERED)


def clash(one: Override, other: Override) -> bool:
    """Tell whether two overrides contradict each other: both full, or for the same absent person, at one moment."""
    same = (one.schedule, one.away) == (other.schedule, other.away)
    return same and one.from_at < other.until_at and other.from_at < one.until_at


def _id_of(override: Override) -> str:
    """Return an id that follows from what the override says: asking twice makes one."""
    said = (
        override.schedule,
        stamp(override.from_at),
        stamp(override.until_at),
        override.who,
        override.away or "",
    )
    return hashlib.sha256("|".join(said).encode()).hexdigest()[:8]


def entry_of(override: Override) -> Entry:
    """Return the override as its book keeps it."""
    return (
        override.id or _id_of(override),
        stamp(override.from_at),
        stamp(override.until_at),
        override.who,
        override.away or "",
        override.by or "",
    )


def override_of(schedule: str, entry: Entry) -> Override:
    """Return a book's entry as an override."""
    name, from_at, until_at, who, away, by = entry
    return Override(
        schedule=schedule,
        from_at=datetime.fromisoformat(from_at),
        until_at=datetime.fromisoformat(until_at),
        who=who,
        away=away or None,
        by=by or None,
        id=name,
    )
