"""Turns the neutral rows of the shared on-call vectors into our team files; every file is read like a real one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.team import TeamFile
from chalicelib.domain.teamfile import read_team
from tests.shared import SHARED

Row = dict[str, Any]
SUNDAY_FIRST = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
UNITS = {"hourly": "hours", "daily": "days", "weekly": "weeks", "monthly": "months"}
OFF = "off-duty"


def rows(name: str, folder: str = "oncall") -> list[Row]:
    """Return a file's rows, or none on a machine without them."""
    if SHARED is None:
        return []
    document = json.loads((SHARED / folder / f"{name}.json").read_text())
    found = document.get("rows") or document["cases"]
    return [{"kind": document.get("kind"), **row} for row in found]


def of_kind(kind: str, *names: str) -> list[Row]:
    """Return the rows of one kind from several files."""
    return [row for name in names for row in rows(name) if row["kind"] == kind]


def cases(found: Sequence[Row], overruled: Mapping[str, str] | None = None) -> pytest.MarkDecorator:
    """Parametrize a test by row; overruled rows are skipped with the rule that overrules them."""
    reasons = overruled or {}
    return pytest.mark.parametrize(
        "row",
        [
            pytest.param(
                row,
                id=row["id"],
                marks=[pytest.mark.skip(reason=reasons[row["id"]])] if row["id"] in reasons else [],
            )
            for row in found
        ],
    )


def instant(words: str) -> datetime:
    """Read an instant."""
    return datetime.fromisoformat(words)


def schedule_file(
    tz: str, *layers: Mapping[str, object], overrides: Sequence[Mapping[str, object]] = ()
) -> TeamFile:
    """Return a file with the schedule ``s`` alone; whoever is not on a layer is ``OFF``."""
    schedule = {"tz": tz, "fallback": OFF, "layers": list(layers)}
    return read_team({"schedules": {"s": schedule}, "overrides": list(overrides)}, version="vectors")


def rotation_layer(config: Mapping[str, Any]) -> dict[str, object]:
    """Return a rotation's layer."""
    return {
        "name": "turns",
        "rotate": config["participants"],
        "every": f"{config['length']} {UNITS[config['type']]}",
        "start": config["start_local"].replace("T", " "),
    }


def day_names(flags: Sequence[int]) -> str:
    """Return the days of seven flags, Sunday first."""
    return " ".join(name for name, flag in zip(SUNDAY_FIRST, flags, strict=True) if flag)


def window_words(config: Mapping[str, Any]) -> str:
    """Return the words of a window given as days and clocks."""
    return f"{day_names(config['days'])} {config['start']}-{config['end']}"


def masked_days(interval: Mapping[str, Any], around: datetime) -> list[str]:
    """Return the days an Alertmanager mask lets through near an instant, as words."""
    if not interval.keys() & {"days_of_month", "months", "years"}:
        return [day_set(interval.get("weekdays"))]
    days = (around.date() + timedelta(days=n) for n in range(-3, 4))
    return [day.isoformat() for day in days if _passes(interval, day)] or ["1999-01-01"]


def day_set(weekdays: Sequence[str] | None) -> str:
    """Return week days such as ``mon..fri`` in our words."""
    return " ".join(day.replace("..", "-") for day in weekdays) if weekdays else "daily"


def _passes(interval: Mapping[str, Any], day: date) -> bool:
    month_length = ((day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)).day
    in_days = any(_in_month(span, day.day, month_length) for span in interval.get("days_of_month", ["1..31"]))
    in_months = any(_within(span, day.month) for span in interval.get("months", ["1..12"]))
    in_years = any(_within(span, day.year) for span in interval.get("years", ["1..9999"]))
    weekdays = interval.get("weekdays", ["sun..sat"])
    return in_days and in_months and in_years and any(_on_weekday(span, day) for span in weekdays)


def _within(span: str, value: int) -> bool:
    first, _, last = span.partition("..")
    return int(first) <= value <= int(last or first)


def _in_month(span: str, day: int, length: int) -> bool:
    """Negative days count from the month's end; a span that begins beyond it matches nothing."""
    first, _, last = span.partition("..")
    low, high = (int(n) if int(n) > 0 else length + 1 + int(n) for n in (first, last or first))
    return low <= day <= high


def _on_weekday(span: str, day: date) -> bool:
    first, _, last = span.partition("..")
    start, end = SUNDAY_FIRST.index(first), SUNDAY_FIRST.index(last or first)
    return start <= day.isoweekday() % 7 <= end
