"""The shared on-call vectors, run through the team file and the engine. Every row passes or is overruled by name."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.oncall_words import read_offset
from chalicelib.domain.policy import step_due_at
from chalicelib.domain.schedule import shift_at, shifts, who
from chalicelib.domain.team import Step, TeamFile
from chalicelib.domain.teamfile import Faults
from chalicelib.domain.wallclock import first_of, last_of, local
from tests.shared import needs_shared
from tests.shared_vectors.oncall_rows import (
    OFF,
    Row,
    cases,
    instant,
    masked_days,
    of_kind,
    rotation_layer,
    rows,
    schedule_file,
    window_words,
)

pytestmark = needs_shared

TEN_HOURS = "DESIGN 5: turns of N hours are accepted only where N divides 24"
OVERRULED = {"rotation_end_time-020": TEN_HOURS, "rotation_end_time-021": TEN_HOURS}


@cases(of_kind("rotation_shift", "rotation_handoffs", "rotation_end_time", "edge_own"), OVERRULED)
def test_a_turn_begins_and_ends_when_the_vectors_say(row: Row) -> None:
    config, expect = row["config"], row["expect"]
    shift = shift_at(schedule_file(config["tz"], rotation_layer(config)), "s", instant(row["at"]))
    assert shift.since_at == instant(expect["shift_start"])
    assert shift.until_at == instant(expect["shift_end"])
    assert shift.person == expect["participant"] == config["participants"][expect["index"]]
    if "elapsed_hours" in expect:
        assert shift.until_at - shift.since_at == timedelta(hours=expect["elapsed_hours"])


@cases([row for row in rows("rotation_end_time") if row["id"] in OVERRULED])
def test_the_overruled_rows_are_refused_as_the_rule_says(row: Row) -> None:
    with pytest.raises(Faults, match=r"schedules\.s\.layers\[0\]\.every.*divides 24"):
        schedule_file(row["config"]["tz"], rotation_layer(row["config"]))


@cases(of_kind("policy_choice", "edge_own"))
def test_turns_that_drift_round_the_clock_are_refused(row: Row) -> None:
    assert row["expect"]["recommended"].startswith("reject config")
    with pytest.raises(Faults, match="every"):
        schedule_file(row["config"]["tz"], rotation_layer(row["config"]))


def watched(tz: str, words: str) -> TeamFile:
    """Return a file in which ``on`` is on call inside the window."""
    return schedule_file(tz, {"name": "window", "rotate": ["on"], "when": words})


@cases(of_kind("span_active", "edge_own"))
def test_a_span_is_active_when_the_vectors_say(row: Row) -> None:
    config, days = row["config"], {"FR": "fri", "MO": "mon"}
    (first, start), (last, end) = config["from"].split(), config["to"].split()
    team = watched(config["tz"], f"{days[first]} {start} - {days[last]} {end}")
    assert (who(team, "s", instant(row["at"])).person == "on") is row["expect"]["active"]


@cases([r for r in of_kind("window_active", "restrictions", "edge_own") if "days" in r["config"]])
def test_a_window_is_active_when_the_vectors_say(row: Row) -> None:
    team = watched(row["config"]["tz"], window_words(row["config"]))
    assert (who(team, "s", instant(row["at"])).person == "on") is row["expect"]["active"]


def is_masked_in(tz: str, interval: dict[str, Any], at: datetime) -> bool:
    """Ask a file whose window is an Alertmanager mask."""
    days = masked_days(interval, local(at, tz))
    ranges = interval.get("times", [["00:00", "24:00"]])
    words = "; ".join(f"{' '.join(days)} {start}-{end}" for start, end in ranges)
    return who(watched(tz, words), "s", at).person == "on"


@cases([r for r in rows("restrictions") if "interval" in r["config"]])
def test_a_mask_of_days_and_times_lets_through_what_the_vectors_say(row: Row) -> None:
    config = row["config"]
    assert is_masked_in(config["tz"], config["interval"], instant(row["at"])) is row["expect"]["active"]


@cases([r for r in rows("restrictions") if "named_intervals" in r["config"]])
def test_each_of_several_masks_lets_through_what_the_vectors_say(row: Row) -> None:
    masks, at = row["config"]["named_intervals"], instant(row["at"])
    matching = [name for name, interval in masks.items() if is_masked_in(row["config"]["tz"], interval, at)]
    assert sorted(matching) == sorted(row["expect"]["matching"])


@cases([r for r in rows("restriction_bounds") if "start" in r["config"]])
def test_the_present_or_next_window_has_the_bounds_the_vectors_say(row: Row) -> None:
    team, at = watched(row["config"]["tz"], window_words(row["config"])), instant(row["at"])
    shift = shift_at(team, "s", at)
    if shift.person == OFF and shift.until_at is not None:
        shift = shift_at(team, "s", shift.until_at)
    if "current_or_next_start" in row["expect"]:
        assert shift.since_at == _or_none(row["expect"]["current_or_next_start"])
    if "current_or_next_end" in row["expect"]:
        assert shift.until_at == _or_none(row["expect"]["current_or_next_end"])


def _or_none(words: str | None) -> datetime | None:
    return None if words is None else instant(words)


NO_CLOCK = {
    "restriction_bounds-054": "it has no clock time, and asks for a notification nobody configured",
    "restriction_bounds-058": "a window without days is refused when the file is read, and so never asked about",
}


@cases([r for r in rows("restriction_bounds") if "clock" in r["config"]], NO_CLOCK)
def test_the_next_occurrence_of_a_clock_time_is_the_next_window_of_a_minute(row: Row) -> None:
    config, at = row["config"], instant(row["at"])
    hours, minutes = map(int, config["clock"].split(":"))
    after = (datetime(2000, 1, 1, hours, minutes) + timedelta(minutes=1)).strftime("%H:%M")  # noqa: DTZ001
    days = config["days"] or [1] * 7
    words = window_words({"days": days, "start": config["clock"], "end": after})
    coming = shifts(watched(config["tz"], words), "s", at + timedelta(minutes=1), at + timedelta(days=15))
    assert next(s.since_at for s in coming if s.person == "on") == instant(row["expect"]["next_occurrence"])


RIVAL = "DESIGN 5: a time that does not exist is the end of the gap; this row shows dateutil's rival rule"
NO_SUCH_QUESTION = {
    "wall_hours_between": "we measure elapsed time; nothing asks for wall-clock hours between instants",
    "dst_change_on_day": "nothing asks when a day's clocks change",
}


@cases([r for r in rows("wallclock_dst") if r["op"] in {"first_of_day", "last_of_day"}])
def test_a_wall_clock_time_is_the_instant_the_vectors_say(row: Row) -> None:
    args = row["args"]
    resolve = first_of if row["op"] == "first_of_day" else last_of
    assert resolve(datetime.fromisoformat(f"{args['date']}T{args['clock']}"), args["tz"]) == instant(
        row["expect"]
    )


@cases([r for r in rows("wallclock_dst") if r["op"] == "add_wall_minutes"])
def test_adding_wall_clock_is_adding_on_the_wall_and_taking_the_first_match(row: Row) -> None:
    args = row["args"]
    wall = local(instant(args["at"]), args["tz"]) + timedelta(minutes=args["minutes"])
    assert first_of(wall, args["tz"]) == instant(row["expect"])


@cases([r for r in rows("wallclock_dst") if r["op"] == "resolve_gap_shift_forward"])
def test_the_rival_rule_for_gaps_is_not_ours(row: Row) -> None:
    args = row["args"]
    ours = first_of(datetime.fromisoformat(args["local"]), args["tz"])
    later = local(ours, args["tz"]) > datetime.fromisoformat(args["local"])
    assert later, RIVAL
    assert ours <= instant(row["expect"]), RIVAL


def test_every_wall_clock_row_is_run_or_named() -> None:
    run = {"first_of_day", "last_of_day", "add_wall_minutes", "resolve_gap_shift_forward"}
    assert {row["op"] for row in rows("wallclock_dst")} == run | set(NO_SUCH_QUESTION)


@cases([r for r in rows("weekly_dst") if r["config"]["duration_minutes"] == 7 * 1440])
def test_a_weekly_event_is_a_weekly_turn_and_neighbours_touch(row: Row) -> None:
    team = schedule_file(row["config"]["tz"], weekly_layer(row, ["odd", "even"]))
    start, end = instant(row["expect"]["start"]), instant(row["expect"]["end"])
    shift = shift_at(team, "s", start)
    assert (shift.since_at, shift.until_at) == (start, end)
    assert shift_at(team, "s", end).since_at == end


@cases([r for r in rows("weekly_dst") if r["config"]["duration_minutes"] < 1440])
def test_an_event_of_hours_is_a_daily_window(row: Row) -> None:
    start, end = instant(row["expect"]["start"]), instant(row["expect"]["end"])
    tz, minute = row["config"]["tz"], row["config"]["offset_minutes"] % 1440
    clocks = [
        (datetime(2000, 1, 1) + timedelta(minutes=m)).strftime("%H:%M")  # noqa: DTZ001
        for m in (minute, minute + row["config"]["duration_minutes"])
    ]
    shift = shift_at(watched(tz, f"daily {clocks[0]}-{clocks[1]}"), "s", start)
    assert (shift.since_at, shift.until_at) == (start, end)


def test_every_weekly_row_is_run() -> None:
    assert {row["config"]["duration_minutes"] for row in rows("weekly_dst")} <= {10080, 720}


def weekly_layer(row: Row, participants: list[str]) -> dict[str, object]:
    """Return a layer of weekly turns anchored in the first week of 2016, at the row's offset from Sunday."""
    anchor = datetime(2016, 1, 3) + timedelta(minutes=row["config"]["offset_minutes"])  # noqa: DTZ001  a wall
    return {"rotate": participants, "every": "1 week", "start": anchor.strftime("%Y-%m-%d %H:%M")}


@cases(of_kind("step_due", "deadline_steps"))
def test_steps_are_due_when_the_vectors_say(row: Row) -> None:
    received, deadline = instant(row["received"]), instant(row["deadline"])
    due = [step_due_at(Step(read_offset(s)), event_at=received, deadline_at=deadline) for s in row["steps"]]
    assert due == [instant(at) for at in row["expect"]["due"]]
