"""The shared deadline vectors: time that is spent only while open."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from chalicelib.domain.business_hours import Calendar, calendar_of
from chalicelib.domain.oncall_words import read_offset
from chalicelib.domain.policy import step_due_at
from chalicelib.domain.team import Step
from chalicelib.domain.teamfile import Faults, read_team
from tests.shared import needs_shared
from tests.shared_vectors.oncall_rows import Row, instant, rows

pytestmark = needs_shared

# the source's tests give Bordeaux no offset
ZONES = {
    "Tokyo": "Asia/Tokyo",
    "Paris": "Europe/Paris",
    "Bordeaux": "UTC",
    "Eastern Time (US & Canada)": "America/New_York",
}
FAR = timedelta(days=60)
NOT_ASKED = {
    "add_days": "promises are durations; nothing counts working days",
    "working_day?": "nothing counts working days",
    "working_days_between": "nothing counts working days",
    "return_to_working_time": "nothing walks backwards: a step is placed from the event or the deadline",
    "return_to_exact_working_time": "nothing walks backwards",
}


WHOLE_DAY = "a day ends at 24:00, half-open, not at its last second"
OVERRULED = {
    "spec/working_hours/computation_spec.rb:364": WHOLE_DAY,
    "spec/working_hours/computation_spec.rb:368": WHOLE_DAY,
    "spec/working_hours/computation_spec.rb:372": WHOLE_DAY,
    "spec/working_hours/computation_spec.rb:376": WHOLE_DAY,
    "spec/working_hours/computation_spec.rb:785": "DESIGN 5: open time is elapsed time; that Sunday has 25 hours",
}


def calendar(tz: str, opening: list[str], closing: list[str]) -> Calendar:
    """Read a calendar the way a team file's is read."""
    hours = {"tz": tz, "open": opening, "closed": closing}
    team = read_team({"hours": {"h": hours}}, version="vectors")
    found = calendar_of(team, "h")
    assert found is not None
    return found


def gem_calendar(config: Mapping[str, Any]) -> Calendar:
    """Return the calendar of a working_hours row; special hours of a day replace its usual ones."""
    opening = [f"{day} {a}-{b}" for day, spans in config["working_hours"].items() for a, b in spans.items()]
    closing = list(config["holidays"])
    for day, spans in config["holiday_hours"].items():
        opening += [f"{day} {a}-{b}" for a, b in spans.items()]
        edges = ["00:00", *(edge for span in sorted(spans.items()) for edge in span), "24:00"]
        closing += [f"{day} {a}-{b}" for a, b in list(pairwise(edges))[::2] if a != b]
    return calendar(ZONES.get(config["time_zone"], config["time_zone"]), opening, closing)


def gem_rows(*ops: str) -> pytest.MarkDecorator:
    """Parametrize by the rows of some operations."""
    found = [row for row in rows("sla_working_hours_gem", "deadlines") if row["op"] in ops]
    marks = [[pytest.mark.skip(reason=OVERRULED[r["spec"]])] if r["spec"] in OVERRULED else [] for r in found]
    ids = [f"{r['spec'].rpartition('/')[2]}-{n}" for n, r in enumerate(found)]
    params = [pytest.param(r, id=i, marks=m) for r, i, m in zip(found, ids, marks, strict=True)]
    return pytest.mark.parametrize("row", params)


def is_backwards(row: Row) -> bool:
    """Tell whether a row takes time away."""
    return float(row["input"][1]) < 0


UNITS = {"add_hours": 3600, "add_minutes": 60, "add_seconds": 1}


@gem_rows(*UNITS)
def test_open_time_is_added_as_the_vectors_say(row: Row) -> None:
    if is_backwards(row):
        pytest.skip("nothing walks backwards")
    amount = timedelta(seconds=float(row["input"][1]) * UNITS[row["op"]])
    due = gem_calendar(row["config"]).after(instant(row["input"][0]), amount)
    assert abs(due - instant(row["expected"])) < timedelta(seconds=1)  # the source rounds up to a second


@gem_rows("advance_to_working_time")
def test_the_next_open_moment_is_where_the_vectors_say(row: Row) -> None:
    at = instant(row["input"][0])
    assert next(gem_calendar(row["config"]).open_stretches(at, at + FAR))[0] == instant(row["expected"])


@gem_rows("advance_to_closing_time")
def test_closing_time_is_where_the_vectors_say(row: Row) -> None:
    at = instant(row["input"][0])
    assert next(gem_calendar(row["config"]).open_stretches(at, at + FAR))[1] == instant(row["expected"])


@gem_rows("next_working_time")
def test_the_next_opening_is_where_the_vectors_say(row: Row) -> None:
    at, hours = instant(row["input"][0]), gem_calendar(row["config"])
    starts = [start for start, _ in hours.open_stretches(at, at + FAR)]
    assert starts[1 if hours.is_open(at) else 0] == instant(row["expected"])


@gem_rows("in_working_hours?")
def test_it_is_open_when_the_vectors_say(row: Row) -> None:
    assert gem_calendar(row["config"]).is_open(instant(row["input"][0])) is row["expected"]


@gem_rows("working_time_between")
def test_the_open_time_between_two_instants_is_what_the_vectors_say(row: Row) -> None:
    first, last = map(instant, row["input"])
    sign = 1 if first <= last else -1
    between = gem_calendar(row["config"]).open_time(min(first, last), max(first, last))
    assert sign * between.total_seconds() == pytest.approx(row["expected"], abs=1)


def test_every_operation_is_run_or_named() -> None:
    run = {*UNITS, "advance_to_working_time", "advance_to_closing_time", "next_working_time"}
    run |= {"in_working_hours?", "working_time_between"}
    assert {row["op"] for row in rows("sla_working_hours_gem", "deadlines")} <= run | set(NOT_ASKED)


CHATWOOT = rows("sla_chatwoot_business_hours", "deadlines")
EXTRA = {"Sat open all day": "sat", "Tue 09-20": "tue 09:00-20:00"}


@pytest.mark.parametrize("row", [pytest.param(row, id=row["name"]) for row in CHATWOOT])
def test_a_deadline_in_business_hours_is_what_the_vectors_say(row: Row) -> None:
    start, target = instant(row["start"]), timedelta(seconds=row["threshold_seconds"])
    if row.get("enabled") is False:
        assert start + target == instant(row["expected_due"])  # no hours named: 24x7
        return
    if row["hours"] == "all closed":
        with pytest.raises(Faults, match=r"hours\.h\.open.*missing"):
            read_team({"hours": {"h": {"tz": row["tz"]}}}, version="vectors")
        return  # DESIGN 4: an empty calendar is an error at load, never a silent fallback
    base, _, extra = row["hours"].partition("; ")
    assert base == "Mon-Fri 09:00-17:00, Sat/Sun closed"
    opening = ["weekdays 09:00-17:00", *([EXTRA[extra]] if extra else [])]
    assert calendar(row["tz"], opening, []).after(start, target) == instant(row["expected_due"])


DEFECTS = [r for r in rows("sla_known_defects", "deadlines") if "start" in r and "hours" in r]
MONDAY = datetime.fromisoformat("2024-03-04T00:00+00:00")


def moment(words: str, *, after: datetime = MONDAY) -> datetime:
    """Read an instant, or "Fri 16:30" as the first one from a Monday on."""
    named = re.fullmatch(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\d\d):(\d\d)", words)
    if named is None:
        return instant(words)
    day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].index(named[1])
    found = MONDAY + timedelta(days=day, hours=int(named[2]), minutes=int(named[3]))
    return found if found >= after else found + timedelta(weeks=1)


@pytest.mark.parametrize("row", [pytest.param(row, id=row["name"]) for row in DEFECTS])
def test_the_defects_others_had_are_not_ours(row: Row) -> None:
    words = row["hours"].replace("Mon-Fri", "weekdays")
    words = words.replace("00:00-23:59", "00:00-24:00")  # a day is written whole here: half-open ranges
    hours = calendar("UTC", [words], [])
    start = moment(row["start"])
    target = timedelta(minutes=row.get("minutes") or row["sla_hours"] * 60)
    due = hours.after(start, target)
    expected = row.get("correct_due") or "Fri 17:00"  # DESIGN 4: a deadline at closing time stays there
    assert due == moment(expected, after=start)
    if "step_before_minutes" in row:
        step = Step(read_offset(f"-{row['step_before_minutes']}m"))
        assert step_due_at(step, event_at=start, deadline_at=due, hours=hours) == moment(
            row["correct_step"], after=start
        )


STATED = [
    ("Fri 16:00", 4, "weekdays 08:00-17:00", "public doc error: Fri 16:00 + 4 h, Mon-Fri 8-17"),
    ("Fri 17:00", 8, "weekdays 09:00-17:00", "public doc error: Fri 17:00 + 8 h, Mon-Fri 9-17"),
    ("Fri 16:00", 4, "weekdays 09:00-17:00", "Fri 16:00 + 4 h, Mon-Fri 9-17"),
]


@pytest.mark.parametrize(("start", "hours", "words", "name"), STATED)
def test_what_public_pages_get_wrong_is_right_here(start: str, hours: int, words: str, name: str) -> None:
    row = next(r for r in rows("sla_known_defects", "deadlines") if r["name"] == name)
    due = calendar("UTC", [words], []).after(moment(start), timedelta(hours=hours))
    assert due == moment(row["correct_due"], after=moment(start))
