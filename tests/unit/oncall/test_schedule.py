"""Who is on call, rule by rule, on examples a person can follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.oncall_gaps import gaps
from chalicelib.domain.oncall_hours import loads
from chalicelib.domain.oncall_moves import moves
from chalicelib.domain.schedule import Shift, shift_at, shifts, wanted, who
from chalicelib.domain.team import Duty, Layer, Override, Person, Schedule, TeamFile
from chalicelib.errors import NotFound
from tests.unit.oncall.strategies import person

LONDON = "Europe/London"
DAYS = Layer("days", ("ana", "ben"), "1 week", "2027-01-04 09:00")
NIGHTS = Layer("nights", ("dev", "nobody"), "1 week", "2027-01-04 18:00", when="daily 18:00-09:00")


def team(*layers: Layer, **changes: object) -> TeamFile:
    """Return a file with the schedule ``primary``."""
    plan = Schedule("primary", LONDON, "lead", layers)
    people = {name: person(name) for name in ("ana", "ben", "chi", "dev", "lead")}
    return replace(TeamFile("v", "Acme", people=people, schedules={"primary": plan}), **changes)  # type: ignore[arg-type]


def at(words: str) -> datetime:
    """Return an instant of January 2027, which is on UTC in London."""
    return datetime.fromisoformat(f"2027-01-{words}:00+00:00")


def cover(start: str, end: str, who: str, **more: str) -> Override:
    """Return an override."""
    return Override("primary", at(start), at(end), who, **more)


def test_the_last_layer_that_applies_wins_and_says_which_turn_it_is() -> None:
    file = team(DAYS, NIGHTS)
    assert who(file, "primary", at("05T12:00")) == Duty("ana", "days, turn 1")
    assert who(file, "primary", at("05T20:00")) == Duty("dev", "nights, turn 1")
    assert who(file, "primary", at("12T12:00")) == Duty("ben", "days, turn 2")


def test_a_turn_that_is_nobodys_leaves_the_moment_to_the_layer_below() -> None:
    assert who(team(DAYS, NIGHTS), "primary", at("12T20:00")) == Duty("ben", "days, turn 2")


def test_the_layers_below_show_their_changes_wherever_the_one_above_leaves_room() -> None:
    above = Layer("leave", ("chi", "nobody"), "1 week", "2027-01-04 09:00")
    file = team(Layer("days", ("ana",)), Layer("nights", ("dev",), when="daily 18:00-09:00"), above)
    found = [s.person for s in shifts(file, "primary", at("11T00:00"), at("12T12:00"))]
    assert found == ["chi", "ana", "dev", "ana"]
    always = team(
        Layer("days", ("ana",)),
        Layer("nights", ("dev",), when="daily 18:00-09:00"),
        replace(above, rotate=("chi",)),
    )
    assert [s.person for s in shifts(always, "primary", at("11T00:00"), at("12T12:00"))] == ["chi"]


def test_at_a_handoff_the_new_person_is_on() -> None:
    file = team(DAYS)
    assert who(file, "primary", at("11T08:59")).person == "ana"
    assert who(file, "primary", at("11T09:00")).person == "ben"


def test_turns_run_before_the_anchor_too() -> None:
    assert who(team(DAYS), "primary", at("04T08:59")) == Duty("ben", "days, turn 2")


def test_months_add_to_the_anchor_and_clamp_to_the_months_end() -> None:
    file = team(Layer("months", ("ana", "ben", "chi"), "1 month", "2027-01-31 09:00"))
    starts = [
        s.since_at for s in shifts(file, "primary", at("31T09:00"), at("31T09:00") + timedelta(days=100))
    ]
    assert [f"{start:%m-%d %H}" for start in starts if start] == [
        "01-31 09",
        "02-28 09",
        "03-31 08",
        "04-30 08",
    ]


def test_without_turns_the_layer_is_named_alone() -> None:
    assert who(team(Layer("holidays", ("lead",))), "primary", at("05T12:00")) == Duty("lead", "holidays")


def test_a_full_override_covers_everything_half_open() -> None:
    file = team(DAYS, NIGHTS)
    made = [cover("05T12:00", "05T20:00", "chi", by="lead")]
    assert who(file, "primary", at("05T11:59"), made).person == "ana"
    assert who(file, "primary", at("05T12:00"), made) == Duty("chi", "override by lead")
    assert who(file, "primary", at("05T19:00"), made).person == "chi"
    assert who(file, "primary", at("05T20:00"), made).person == "dev"


def test_an_override_of_the_file_and_one_made_at_run_time_both_count() -> None:
    file = team(DAYS, overrides=(cover("05T10:00", "05T11:00", "chi"),))
    made = [cover("05T11:00", "05T12:00", "dev")]
    found = [who(file, "primary", at(f"05T{hour}:30"), made).person for hour in (10, 11, 12)]
    assert found == ["chi", "dev", "ana"]
    assert who(file, "primary", at("05T10:30"), made).reason == "override by chi"


def test_an_absence_replaces_only_that_persons_turns_and_is_followed_once() -> None:
    file = team(DAYS, NIGHTS)
    made = [
        cover("05T00:00", "06T00:00", "chi", away="ana"),
        cover("05T00:00", "06T00:00", "ben", away="chi"),
    ]
    assert who(file, "primary", at("05T12:00"), made) == Duty("chi", "days, turn 1, for ana who is away")
    assert who(file, "primary", at("05T20:00"), made).person == "dev"


def test_a_full_override_is_not_sent_on_by_an_absence() -> None:
    made = [cover("05T00:00", "06T00:00", "ana"), cover("05T00:00", "06T00:00", "chi", away="ana")]
    assert who(team(DAYS), "primary", at("05T12:00"), made).person == "ana"


def test_an_override_of_another_schedule_does_not_count() -> None:
    made = [replace(cover("05T00:00", "06T00:00", "chi"), schedule="backup")]
    assert who(team(DAYS), "primary", at("05T12:00"), made).person == "ana"


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (team(NIGHTS), "it is nobody's turn"),
        (
            team(DAYS, people={"ana": Person("ana"), "lead": person("lead")}),
            "ana (days, turn 1) has no contact",
        ),
        (team(DAYS, overrides=(cover("01T00:00", "30T00:00", "nobody", away="ana"),)), "it is nobody's turn"),
    ],
    ids=["no layer", "no contact", "away without a stand-in"],
)
def test_a_gap_is_the_fallbacks_and_says_why(file: TeamFile, why: str) -> None:
    assert who(file, "primary", at("05T12:00")) == Duty("lead", "gap")
    found = next(gaps(file, "primary", at("05T12:00"), at("05T13:00")))
    assert (found.why, found.allowed) == (why, False)


def test_a_gap_is_cut_where_gap_ok_begins_and_ends() -> None:
    file = team(Layer("most", ("ana",), when="daily 04:00-03:00"))
    file = replace(
        file, schedules={"primary": replace(file.schedules["primary"], gap_ok=("sun 03:00-03:30",))}
    )
    found = [
        (g.from_at, g.until_at, g.allowed) for g in gaps(file, "primary", at("02T12:00"), at("04T12:00"))
    ]
    assert found == [
        (at("03T03:00"), at("03T03:30"), True),
        (at("03T03:30"), at("03T04:00"), False),
        (at("04T03:00"), at("04T04:00"), False),
    ]


def test_a_person_the_file_does_not_describe_is_taken_to_be_reachable() -> None:
    assert who(team(DAYS, people={}), "primary", at("05T12:00")).person == "ana"


def test_a_shift_knows_its_bounds_and_who_follows() -> None:
    shift = shift_at(team(DAYS, NIGHTS), "primary", at("05T20:00"))
    assert shift == Shift("primary", "dev", "nights, turn 1", at("05T18:00"), at("06T09:00"), "ana")


def test_an_unknown_schedule_names_the_known_ones() -> None:
    with pytest.raises(NotFound, match=r"no schedule 'secondary'; the team file has: primary"):
        who(team(DAYS), "secondary", at("05T12:00"))


def test_an_instant_without_an_offset_is_refused() -> None:
    naive = datetime(2027, 1, 5, 12)  # noqa: DTZ001  that is the point
    with pytest.raises((TypeError, ValueError)):
        who(team(DAYS), "primary", naive)


def test_whom_the_layers_want_is_known_even_where_nobody_can_be_reached() -> None:
    mute = team(DAYS, people={"ana": Person("ana"), "lead": person("lead")})
    assert wanted(mute, "primary", at("05T12:00")) == Duty("ana", "days, turn 1")
    assert wanted(team(), "primary", at("05T12:00")) is None


def test_hours_are_counted_with_nights_and_weekends_apart() -> None:
    file = team(Layer("days", ("ana",)), Layer("nights", ("dev",), when="daily 18:00-09:00"))
    ana, dev = sorted(loads(file, "primary", at("04T09:00"), at("11T09:00")), key=lambda load: load.person)
    hours = timedelta(hours=1)
    assert (ana.total, ana.nights, ana.weekends) == (63 * hours, 0 * hours, 18 * hours)
    assert (dev.total, dev.nights, dev.weekends) == (105 * hours, 63 * hours, 30 * hours)


def test_the_hours_of_a_night_on_which_clocks_change_are_the_hours_there_are() -> None:
    file = team(Layer("always", ("ana",)))
    start = datetime(2027, 3, 27, 12, tzinfo=UTC)
    (load,) = loads(file, "primary", start, start + timedelta(hours=20))
    assert load.nights == timedelta(hours=8)  # 22:00 to 07:00, less the hour that is skipped


def test_whose_next_shift_moves_is_said_from_when_to_when() -> None:
    later = replace(DAYS, start="2027-01-05 09:00")
    found = {m.person: m for m in moves(team(DAYS), team(later), at("06T00:00"))}
    assert (found["ana"].before, found["ana"].after) == (
        (at("06T00:00"), at("11T09:00")),
        (at("06T00:00"), at("12T09:00")),
    )
    assert (found["ben"].before, found["ben"].after) == (
        (at("11T09:00"), at("18T09:00")),
        (at("12T09:00"), at("19T09:00")),
    )


def test_nobody_moves_when_only_words_change_and_newcomers_and_leavers_do() -> None:
    renamed = replace(DAYS, name="weekdays")
    assert moves(team(DAYS), team(renamed), at("06T00:00")) == ()
    found = {
        m.person: m for m in moves(team(DAYS), team(replace(DAYS, rotate=("ana", "chi"))), at("06T00:00"))
    }
    assert set(found) == {"ben", "chi"}
    assert (found["ben"].after, found["chi"].before) == (None, None)


def test_layers_that_hand_the_same_person_over_make_one_next_shift() -> None:
    before = team(Layer("days", ("ana",), when="daily 09:00-18:00"))
    after = team(*before.schedules["primary"].layers, Layer("nights", ("ana",), when="daily 18:00-09:00"))
    found = {m.person: m.after for m in moves(before, after, at("05T12:00"))}
    assert found == {"ana": (at("05T12:00"), at("05T12:00") + timedelta(days=90)), "lead": None}
