"""Reads a whole team file: what is there must be right; what a question does not need may be left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from chalicelib.domain.business_hours import Calendar, read_calendar
from chalicelib.domain.oncall_words import read_window
from chalicelib.domain.team import TeamFile
from chalicelib.domain.teamfile import promises
from chalicelib.domain.teamfile.acknowledgement import acknowledgement_faults, read_acknowledgement
from chalicelib.domain.teamfile.faults import Fault, Faults
from chalicelib.domain.teamfile.judging import read_sample
from chalicelib.domain.teamfile.names import clash_faults, name_faults, window_words
from chalicelib.domain.teamfile.people import read_people
from chalicelib.domain.teamfile.schedules import read_overrides, read_schedules
from chalicelib.domain.teamfile.tables import Table

_ANY_DAY = date(2027, 1, 1)


def read_team(
    document: Mapping[str, object], *, version: str, holidays: Mapping[str, Sequence[date]] | None = None
) -> TeamFile:
    """Read a parsed TOML document. ``holidays`` maps each country it names to its dates.

    Raises: Faults, all of them at once.
    """
    team, faults = read_with_faults(document, version=version, holidays=holidays or {})
    if faults:
        raise Faults(faults)
    return team


def read_with_faults(
    document: Mapping[str, object], *, version: str, holidays: Mapping[str, Sequence[date]]
) -> tuple[TeamFile, list[Fault]]:
    """Read as much as can be read, and say what cannot: a value at fault is left out of the team."""
    faults: list[Fault] = []
    team = _read(Table(document, "", faults), version, holidays)
    return team, [*faults, *name_faults(team), *_deeper(team)]


def countries(document: Mapping[str, object]) -> frozenset[str]:
    """Return the countries whose holidays the document names, whatever else is wrong with it."""
    team = _read(Table(document, "", []), "", {})
    parts = (part for _, words in window_words(team) for part in read_window(words))
    return frozenset(part.holidays for part in parts if part.holidays)


def _read(root: Table, version: str, holidays: Mapping[str, Sequence[date]]) -> TeamFile:
    schedules = read_schedules(root)
    team = TeamFile(
        version=version,
        brand=root.prose("brand") or "",
        accounts=promises.read_accounts(root),
        teams=promises.read_teams(root),
        policies=promises.read_policies(root),
        hours=promises.read_hours(root),
        escalation=promises.read_ladders(root),
        people=read_people(root),
        schedules=schedules,
        overrides=read_overrides(root, schedules),
        digest=promises.read_digest(root),
        rules=promises.read_rules(root),
        acknowledgement=read_acknowledgement(root),
        sample=read_sample(root),
        holidays={country: tuple(sorted(days)) for country, days in holidays.items()},
    )
    root.close()
    return team


def _deeper(team: TeamFile) -> list[Fault]:
    return [*clash_faults(team), *acknowledgement_faults(team), *_empty_calendars(team)]


def _empty_calendars(team: TeamFile) -> list[Fault]:
    """Find opening calendars that never open: an error at load, never a silent 24x7."""
    return [
        Fault(
            f"hours.{hours.name}.open",
            "it never opens",
            "write at least one window that `closed` does not cover",
        )
        for hours in team.hours.values()
        if hours.open and not _ever_opens(read_calendar(hours, team.holidays))
    ]


def _ever_opens(calendar: Calendar) -> bool:
    """Look at four years, and around every date named: whatever recurs has happened by then."""
    named = {day for part in calendar.open for day in part.dates}
    named |= {day for part in calendar.open for day in calendar.holidays.get(part.holidays or "", ())}
    first, last = min(named, default=_ANY_DAY), max(named, default=_ANY_DAY)
    from_at = datetime.combine(first, time(), UTC) - timedelta(days=2)
    return any(
        calendar.open_stretches(from_at, datetime.combine(last, time(), UTC) + timedelta(days=4 * 366))
    )
