"""What must hold for every schedule in every zone: the properties of DESIGN section 5, against brute force."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from chalicelib.domain.oncall_layers import plan_of, winning_layer
from chalicelib.domain.schedule import shift_at, shifts, who
from chalicelib.domain.team import Duty, Layer, Override, Schedule, TeamFile
from chalicelib.domain.wallclock import is_missing, local
from tests.unit.oncall import oracle
from tests.unit.oncall.strategies import NAMES, instants_near, layers, overrides, teams, zones

MINUTE = timedelta(minutes=1)
LIGHT = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
DEEP = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def teams_and_instants(draw: st.DrawFn) -> tuple[TeamFile, datetime]:
    """Return a file and an instant near a change of its clocks."""
    tz = draw(zones)
    return draw(teams(tz)), draw(instants_near(tz))


def answer_is_brute_force(asked: tuple[TeamFile, datetime]) -> None:
    """Compare both answers."""
    team, at = asked
    assert who(team, "s", at) == oracle.who(team, "s", at)


@given(teams_and_instants())
@settings(LIGHT, max_examples=150)
def test_who_is_on_call_is_what_counting_every_turn_and_minute_says(asked: tuple[TeamFile, datetime]) -> None:
    answer_is_brute_force(asked)


@pytest.mark.deep
@given(teams_and_instants())
@settings(DEEP, max_examples=4000)
def test_who_is_on_call_is_what_brute_force_says_at_length(asked: tuple[TeamFile, datetime]) -> None:
    answer_is_brute_force(asked)


def scan_is_brute_force(asked: tuple[TeamFile, datetime], hours: int, minutes: int) -> None:
    """Compare the edge scan with a look at every few minutes, and at both sides of every change it found."""
    team, at = asked
    end = at + timedelta(hours=hours)
    found = list(shifts(team, "s", at, end))
    assert found[0].since_at == at
    assert found[-1].until_at == end
    for one, other in pairwise(found):
        assert one.until_at == other.since_at
        assert (one.person, one.reason) != (other.person, other.reason)
        assert one.next == other.person
    looks = {at + n * minutes * MINUTE for n in range(hours * 60 // minutes)}
    for shift in found:
        assert shift.since_at is not None
        assert shift.until_at is not None
        looks |= {shift.since_at, shift.until_at - MINUTE}
        for look in (x for x in looks if shift.since_at <= x < shift.until_at):
            assert oracle.who(team, "s", look) == Duty(shift.person, shift.reason), look


@given(teams_and_instants())
@LIGHT
def test_shifts_tile_the_line_and_the_edge_scan_equals_brute_force(asked: tuple[TeamFile, datetime]) -> None:
    scan_is_brute_force(asked, hours=48, minutes=30)


@pytest.mark.deep
@given(teams_and_instants())
@DEEP
def test_the_edge_scan_equals_brute_force_by_minute(asked: tuple[TeamFile, datetime]) -> None:
    scan_is_brute_force(asked, hours=36, minutes=1)


@given(teams_and_instants())
@LIGHT
def test_one_shift_has_the_bounds_that_a_long_scan_finds(asked: tuple[TeamFile, datetime]) -> None:
    team, at = asked
    shift, days = shift_at(team, "s", at), timedelta(days=12)
    around = next(s for s in shifts(team, "s", at - days, at + days) if s.until_at and s.until_at > at)
    assert (shift.person, shift.reason) == (around.person, around.reason)
    if around.since_at != at - days:
        assert shift.since_at == around.since_at
    if around.until_at != at + days:
        assert (shift.until_at, shift.next) == (around.until_at, around.next)
    assert shift.since_at is None or shift.since_at <= at
    assert shift.until_at is None or shift.until_at > at


@st.composite
def turns_and_instants(draw: st.DrawFn) -> tuple[Layer, str, datetime]:
    """Return a layer that turns, its zone, and an instant near a change of clocks."""
    tz = draw(zones)
    layer = draw(layers(tz).filter(lambda found: found.every is not None))
    return layer, tz, draw(instants_near(tz))


@given(turns_and_instants())
@LIGHT
def test_a_handoff_shows_the_configured_clock_unless_that_time_does_not_exist(
    asked: tuple[Layer, str, datetime],
) -> None:
    layer, tz, at = asked
    rotation = plan_of(layer, tz).rotation
    assert rotation is not None
    for boundary in rotation.boundaries(at, at + timedelta(hours=30)):
        k = rotation.turn_at(boundary)
        assert rotation.boundary(k) == boundary
        walls = [rotation._wall(n) for n in range(k - 50, k + 1) if rotation.boundary(n) == boundary]  # noqa: SLF001
        assert local(boundary, tz) in walls or all(is_missing(wall, tz) for wall in walls)


@given(turns_and_instants(), st.integers(1, 5), st.integers(1, 5))
@LIGHT
def test_everybody_has_as_many_turns_as_the_others(
    asked: tuple[Layer, str, datetime], n: int, m: int
) -> None:
    layer, tz, at = asked
    rotation = plan_of(layer, tz).rotation
    assert rotation is not None
    first = rotation.turn_at(at)
    turns = [k % n for k in range(first, first + n * m)]
    assert {turns.count(person) for person in range(n)} == {m}
    starts = [rotation.boundary(k) for k in range(first, first + n * m + 1)]
    assert starts == sorted(starts)


@given(teams_and_instants())
@LIGHT
def test_there_is_always_exactly_one_person_and_a_gap_only_where_nobody_is_reachable(
    asked: tuple[TeamFile, datetime],
) -> None:
    team, at = asked
    bare = replace(team, overrides=())
    duty = who(bare, "s", at)
    index = winning_layer(bare.schedules["s"], bare.holidays, at)
    assert duty.person in team.people
    if duty.reason == "gap":
        layer = None if index is None else bare.schedules["s"].layers[index]
        assert duty.person == "lead"
        assert layer is None or any(
            name in team.people and not team.people[name].reach for name in layer.rotate
        )
    else:
        assert index is not None
        assert team.people[duty.person].reach


@st.composite
def teams_and_overrides(draw: st.DrawFn) -> tuple[TeamFile, Override, datetime]:
    """Return a file, an override to add, and an instant."""
    tz = draw(zones)
    return draw(teams(tz)), draw(overrides(tz)), draw(instants_near(tz))


@given(teams_and_overrides())
@LIGHT
def test_an_override_changes_nothing_outside_its_interval(asked: tuple[TeamFile, Override, datetime]) -> None:
    team, override, at = asked
    for look in (at, override.from_at - MINUTE, override.until_at):
        if not override.from_at <= look < override.until_at:
            assert who(team, "s", look, [override]) == who(team, "s", look)


@given(teams_and_overrides())
@LIGHT
def test_a_full_override_names_whom_it_says_all_through(asked: tuple[TeamFile, Override, datetime]) -> None:
    team, override, _ = asked
    full = replace(override, away=None)
    assume(override.who != "nobody" and team.people[override.who].reach)
    for look in (full.from_at, full.until_at - MINUTE):
        assert who(team, "s", look, [full]).person == override.who


@st.composite
def teams_and_layers(draw: st.DrawFn) -> tuple[TeamFile, Layer, datetime]:
    """Return a file, a layer to put beneath, and an instant."""
    tz = draw(zones)
    return draw(teams(tz)), draw(layers(tz)), draw(instants_near(tz))


@given(teams_and_layers())
@LIGHT
def test_a_lower_layer_never_changes_a_moment_that_a_higher_one_covers(
    asked: tuple[TeamFile, Layer, datetime],
) -> None:
    team, layer, at = asked
    plan = team.schedules["s"]
    lower = replace(team, schedules={"s": replace(plan, layers=(layer, *plan.layers))})
    if winning_layer(plan, team.holidays, at) is not None:
        assert who(lower, "s", at) == who(team, "s", at)


@contextmanager
def process_zone(tz: str) -> Iterator[None]:
    """Run with another time zone of the process."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = tz
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


@given(st.data())
@LIGHT
def test_answers_do_not_depend_on_the_process_zone_the_order_or_who_asked_before(data: st.DataObject) -> None:
    tz = data.draw(zones)
    team = data.draw(teams(tz))
    asked = data.draw(st.lists(instants_near(tz), min_size=2, max_size=4))
    forward = [shift_at(team, "s", at) for at in asked]
    with process_zone(data.draw(st.sampled_from(("Pacific/Kiritimati", "America/Havana", "UTC")))):
        backward = [shift_at(team, "s", at) for at in reversed(asked)]
    assert backward[::-1] == forward


@given(teams_and_instants(), zones)
@LIGHT
def test_an_instant_is_the_same_whatever_offset_it_is_written_in(
    asked: tuple[TeamFile, datetime], tz: str
) -> None:
    team, at = asked
    elsewhere = at.astimezone(ZoneInfo(tz))
    assert shift_at(team, "s", elsewhere) == shift_at(team, "s", at)
    assert list(shifts(team, "s", elsewhere, at + timedelta(hours=40))) == list(
        shifts(team, "s", at, at + timedelta(hours=40))
    )


@given(zones, st.data())
@LIGHT
def test_someone_who_is_never_relieved_has_no_bounds(tz: str, data: st.DataObject) -> None:
    plan = Schedule("s", tz, "lead", (Layer("days", (data.draw(st.sampled_from(NAMES)),)),))
    shift = shift_at(TeamFile("v", "Acme", schedules={"s": plan}), "s", data.draw(instants_near(tz)))
    assert (shift.since_at, shift.until_at, shift.next) == (None, None, None)
