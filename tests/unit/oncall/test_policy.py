"""Promises as instants: the first rule that matches, its deadline, its steps, and opening hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.business_hours import Calendar, calendar_of, read_calendar
from chalicelib.domain.oncall_words import read_offset
from chalicelib.domain.policy import deadline_for, match_policy, quiet_until, step_due_at
from chalicelib.domain.team import Hours, Policy, PolicyMatch, Step, Team, TeamFile
from chalicelib.errors import Misconfigured

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
OFFICE = Hours(
    "office", "Europe/London", ("weekdays 09:00-12:30", "weekdays 13:00-17:30"), ("holidays GB", "2027-12-24")
)
MONDAY = datetime(2027, 1, 4, tzinfo=UTC)


def policy(**changes: Any) -> Policy:
    """Return a policy of an hour."""
    usual: dict[str, Any] = {"when": PolicyMatch(), "first": HOUR, "next": HOUR, "escalation": "default"}
    return Policy(**usual | changes)


def team(*policies: Policy) -> TeamFile:
    """Return a file with policies and the office's hours."""
    holidays = {"GB": (date(2027, 1, 1), date(2027, 12, 27))}
    return TeamFile("v", "Acme", policies=policies, hours={"office": OFFICE}, holidays=holidays)


POST: dict[str, Any] = {
    "account": "acme-fb",
    "platform": "facebook",
    "surface": "public",
    "priority": "normal",
    "topics": ("baggage", "refund"),
    "kind": "complaint",
}


@pytest.mark.parametrize(
    ("when", "matches"),
    [
        (PolicyMatch(), True),
        (PolicyMatch(account="acme-fb"), True),
        (PolicyMatch(account="acme-ig"), False),
        (PolicyMatch(platform="facebook", surface="public", priority="normal", kind="complaint"), True),
        (PolicyMatch(platform="facebook", surface="private"), False),
        (PolicyMatch(priority="urgent"), False),
        (PolicyMatch(topic="refund"), True),
        (PolicyMatch(topic="praise"), False),
        (PolicyMatch(kind="praise"), False),
    ],
)
def test_a_policy_matches_when_everything_it_names_holds(when: PolicyMatch, matches: bool) -> None:  # noqa: FBT001
    first, rest = policy(when=when), policy(escalation="rest")
    assert match_policy(team(first, rest), **POST) is (first if matches else rest)


def test_the_first_policy_that_matches_decides() -> None:
    one, other = policy(when=PolicyMatch(kind="complaint")), policy(when=PolicyMatch(topic="refund"))
    assert match_policy(team(one, other), **POST) is one
    assert match_policy(team(other, one), **POST) is other


def test_a_post_that_nothing_matches_is_an_error_that_names_it() -> None:
    with pytest.raises(
        Misconfigured, match="account acme-fb, platform facebook, surface public, priority normal"
    ):
        match_policy(team(policy(when=PolicyMatch(kind="praise"))), **POST)


def test_without_hours_a_promise_runs_day_and_night() -> None:
    assert deadline_for(policy(), HOUR, MONDAY + 3 * HOUR, team()) == MONDAY + 4 * HOUR


@pytest.mark.parametrize(
    ("event", "target", "due"),
    [
        ("2027-01-04T09:00", 8 * HOUR, "2027-01-04T17:30"),
        ("2027-01-04T16:30", HOUR, "2027-01-04T17:30"),
        ("2027-01-04T16:30", HOUR + MINUTE, "2027-01-05T09:01"),
        ("2027-01-04T12:00", HOUR, "2027-01-04T13:30"),
        ("2027-01-08T17:00", HOUR, "2027-01-11T09:30"),
        ("2027-01-09T12:00", HOUR, "2027-01-11T10:00"),
        ("2027-12-23T17:00", HOUR, "2027-12-28T09:30"),
        ("2027-06-07T08:00", HOUR, "2027-06-07T09:00"),
    ],
    ids=[
        "a day ends at closing",
        "exactly at closing stays",
        "a minute more is tomorrow",
        "over lunch",
        "over the weekend",
        "from a Saturday",
        "over Christmas",
        "summer opens an hour earlier in UTC",
    ],
)
def test_with_hours_a_promise_is_spent_only_while_open(event: str, target: timedelta, due: str) -> None:
    found = deadline_for(policy(hours="office"), target, datetime.fromisoformat(f"{event}+00:00"), team())
    assert found == datetime.fromisoformat(f"{due}+00:00")


def test_hours_that_do_not_exist_or_never_open_are_an_error() -> None:
    with pytest.raises(Misconfigured, match=r"no \[hours\.shop\]"):
        deadline_for(policy(hours="shop"), HOUR, MONDAY, team())
    shut = read_calendar(Hours("shut", "UTC", ("daily 09:00-17:00",), ("daily",)), {})
    with pytest.raises(Misconfigured, match="does not open long enough"):
        shut.after(MONDAY, HOUR)


def due(words: str, event: datetime, deadline: datetime, hours: Calendar | None = None) -> datetime:
    """Return when a step is due."""
    return step_due_at(Step(read_offset(words)), event_at=event, deadline_at=deadline, hours=hours)


def test_steps_are_due_as_shares_of_the_time_to_go_or_durations_from_the_deadline() -> None:
    start, end = MONDAY, MONDAY + HOUR
    found = [due(words, start, end) for words in ("-100%", "-60%", "-10m", "0", "+5m", "+50%")]
    assert [(at - start) / MINUTE for at in found] == [0, 24, 50, 60, 65, 90]


def test_no_step_is_due_before_the_post() -> None:
    assert due("-2h", MONDAY, MONDAY + HOUR) == MONDAY
    assert due("-10m", MONDAY + HOUR, MONDAY) == MONDAY + HOUR


def test_with_hours_shares_are_of_open_time_and_durations_are_not() -> None:
    hours = calendar_of(team(), "office")
    friday, monday = MONDAY + timedelta(days=4, hours=16, minutes=30), MONDAY + timedelta(days=7, hours=10)
    assert hours is not None
    assert hours.open_time(friday, monday) == 2 * HOUR
    assert due("-50%", friday, monday, hours) == MONDAY + timedelta(days=4, hours=17, minutes=30)
    assert due("-25%", friday, monday, hours) == MONDAY + timedelta(days=7, hours=9, minutes=30)
    assert due("-90m", friday, monday, hours) == monday - timedelta(minutes=90)
    assert due("+50%", friday, monday, hours) == monday + HOUR
    assert due("-0%", friday, monday, hours) == monday


def test_shares_of_no_open_time_at_all_are_shares_of_the_plain_clock() -> None:
    hours = calendar_of(team(), "office")
    saturday = MONDAY + timedelta(days=5)
    assert due("-50%", saturday, saturday + HOUR, hours) == saturday + HOUR / 2


def test_quiet_hours_hold_back_until_they_end() -> None:
    care = Team("care", "#social", "Europe/London", quiet="22:00-07:00")
    assert quiet_until(care, MONDAY + 22 * HOUR) == MONDAY + 31 * HOUR
    assert quiet_until(care, MONDAY + 6 * HOUR) == MONDAY + 7 * HOUR
    assert quiet_until(care, MONDAY + 7 * HOUR) is None
    assert quiet_until(Team("care", "#social", "Europe/London"), MONDAY) is None


@given(st.integers(0, 60 * 24 * 400), st.integers(1, 60 * 40), st.integers(1, 60 * 40))
def test_open_time_adds_up(start: int, one: int, other: int) -> None:
    """Spending two amounts one after the other is spending their sum, and exactly that much is open in between."""
    hours = calendar_of(team(), "office")
    assert hours is not None
    event = MONDAY + start * MINUTE
    middle = hours.after(event, one * MINUTE)
    end = hours.after(event, (one + other) * MINUTE)
    assert hours.after(middle, other * MINUTE) == end
    assert hours.open_time(event, end) == (one + other) * MINUTE
    assert hours.is_open(end - timedelta(microseconds=1))
