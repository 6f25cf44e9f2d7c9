"""How answers about on-call look: JSON with instants in UTC, or a table a person can read in 80 columns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.schedule import Shift
from chalicelib.domain.wallclock import is_ambiguous, zone

WIDTH = 80


def utc(at: datetime | None) -> str | None:
    """Return an instant as ISO-8601 UTC with a Z."""
    return None if at is None else at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def wall(at: datetime | None, tz: str) -> str:
    """Return an instant as people in a zone write it: ``Mon 2027-01-04 09:00``, and which one of an hour told twice."""
    if at is None:
        return "always"
    shown = at.astimezone(zone(tz))
    told_twice = is_ambiguous(shown.replace(tzinfo=None), tz)
    return shown.strftime("%a %Y-%m-%d %H:%M %Z" if told_twice else "%a %Y-%m-%d %H:%M")


def counted(number: int, noun: str) -> str:
    """Return a number of things: ``1 fault``, ``2 faults``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def hours(amount: timedelta) -> float:
    """Return a duration in hours, to two decimals."""
    return round(amount.total_seconds() / 3600, 2)


def as_duty(at: datetime, shift: Shift) -> dict[str, Any]:
    """Return the answer to ``who`` as JSON has it."""
    return {
        "schedule": shift.schedule,
        "at": utc(at),
        "person": shift.person,
        "reason": shift.reason,
        "since": utc(shift.since_at),
        "until": utc(shift.until_at),
        "next": shift.next,
    }


def duty_lines(shift: Shift, tz: str) -> list[str]:
    """Return the answer to ``who`` for a person."""
    lines = [f"{shift.schedule}: {shift.person} ({shift.reason})"]
    if shift.since_at:
        lines.append(f"  since {wall(shift.since_at, tz)}")
    follows = f", then {shift.next}" if shift.next else ""
    until = (
        f"until {wall(shift.until_at, tz)}{follows}"
        if shift.until_at
        else "and nothing changes for two years"
    )
    return [*lines, f"  {until} ({tz})"]


def as_row(shift: Shift) -> dict[str, Any]:
    """Return a row of the calendar as JSON has it."""
    return {
        "schedule": shift.schedule,
        "from": utc(shift.since_at),
        "to": utc(shift.until_at),
        "person": shift.person,
        "reason": shift.reason,
    }


def print_json(answer: object) -> None:
    """Print one JSON document on one line."""
    print(json.dumps(answer, ensure_ascii=False))


def print_table(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print columns as wide as they need; the last one takes what is left of 80."""
    table = [tuple(map(str, row)) for row in (titles, *rows)]
    widths = [max(len(row[n]) for row in table) for n in range(len(titles) - 1)]
    for row in table:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        print(_cut("  ".join((*cells, row[-1])).rstrip()))


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"
