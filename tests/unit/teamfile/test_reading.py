"""Reading a team file: every key of the contract means what it says."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.schedule import who
from chalicelib.domain.team import (
    Account,
    Channel,
    Contact,
    Digest,
    Hours,
    Layer,
    Offset,
    Override,
    Person,
    Policy,
    PolicyMatch,
    Rule,
    Schedule,
    Step,
    Team,
)
from chalicelib.domain.teamfile import Faults, countries, read_team
from tests.unit.teamfile.documents import GB, sound

EVERY_KEY = """
brand = "Acme Air"
[accounts.acme-fb]
platform = "facebook"
id = 1029384756
app = "acme-meta"
team = "care"
handle = "acmeair"
automations = ["app:26390", "We are away"]
backfill_horizon = "12h"
template = "followup/en_GB"
[teams.care]
channel = "#social"
tz = "Europe/London"
quiet = "22:00-07:00"
[[policies]]
when = {account = "acme-fb", platform = "facebook", surface = "public", priority = "urgent", topic = "baggage", kind = "complaint"}
first = "15m"
next = "10m"
hours = "office"
escalation = "default"
[[policies]]
first = "1h30m"
escalation = "default"
[hours.office]
tz = "Europe/London"
open = ["weekdays 09:00-12:30", "weekdays 13:00-17:30"]
closed = ["2027-12-24"]
[[escalation.default]]
at = "-60%"
tell = ["#social"]
[[escalation.default]]
at = "+5m"
page = ["primary", "lead"]
repeat = "10m"
widen = ["10m", "20m"]
[people.ana]
phone = "+44 7700 900001"
slack = "U01"
email = "ana@example.com"
reach = ["slack", "sms", "sms +3m"]
[people.lead]
phone = "+447700900009"
[schedules.primary]
tz = "Europe/London"
fallback = "lead"
gap_ok = ["sun 03:00-04:00"]
[[schedules.primary.layers]]
rotate = ["ana", "nobody"]
every = "1 week"
start = 2027-01-04 09:00:00
when = ["sat", "2027-12-24"]
from = 2027-01-04
until = "2027-07-01"
[[overrides]]
schedule = "primary"
from = "2027-06-10 09:00"
to = "2027-06-12 09:00"
who = "lead"
[[overrides]]
schedule = "primary"
from = "2027-10-31 01:30+01:00"
to = "2027-10-31T02:30:00Z"
away = "ana"
who = "lead"
[digest]
sms_gap = "90s"
[[rules]]
match = ["stranded"]
priority = "urgent"
topics = ["travel"]
"""


def test_every_key_is_read_as_it_is_meant() -> None:
    team = read_team(tomllib.loads(EVERY_KEY), version="v7")
    assert (team.version, team.brand) == ("v7", "Acme Air")
    assert team.accounts["acme-fb"] == Account(
        "acme-fb",
        "facebook",
        "1029384756",
        "acme-meta",
        "care",
        "acmeair",
        ("app:26390", "We are away"),
        timedelta(hours=12),
        "followup/en_GB",
    )
    assert team.teams["care"] == Team("care", "#social", "Europe/London", "22:00-07:00")
    asked = PolicyMatch("acme-fb", "facebook", "public", "urgent", "baggage", "complaint")
    assert team.policies == (
        Policy(asked, minutes(15), minutes(10), "default", "office"),
        Policy(PolicyMatch(), minutes(90), minutes(90), "default"),
    )
    opening = ("weekdays 09:00-12:30", "weekdays 13:00-17:30")
    assert team.hours["office"] == Hours("office", "Europe/London", opening, ("2027-12-24",))
    assert team.escalation["default"] == (
        Step(Offset(remaining=0.6), tell=("#social",)),
        Step(Offset(delta=minutes(5)), (), ("primary", "lead"), minutes(10), (minutes(10), minutes(20))),
    )
    contacts = (Contact(Channel.SLACK), Contact(Channel.SMS), Contact(Channel.SMS, minutes(3)))
    assert team.people["ana"] == Person("ana", "+447700900001", "U01", "ana@example.com", contacts)
    assert team.people["lead"].reach == (Contact(Channel.SMS),)
    layer = Layer(
        "layer 1",
        ("ana", "nobody"),
        "1 week",
        "2027-01-04 09:00:00",
        "sat; 2027-12-24",
        "2027-01-04",
        "2027-07-01",
    )
    assert team.schedules["primary"] == Schedule(
        "primary", "Europe/London", "lead", (layer,), ("sun 03:00-04:00",)
    )
    assert team.overrides == (
        Override("primary", utc(6, 10, 8), utc(6, 12, 8), "lead"),
        Override("primary", utc(10, 31, 0, 30), utc(10, 31, 2, 30), "lead", "ana"),
    )
    assert team.digest == Digest(timedelta(seconds=90))
    assert team.rules == (Rule(("stranded",), "urgent", ("travel",)),)


def minutes(count: int) -> timedelta:
    """Return a duration."""
    return timedelta(minutes=count)


def utc(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """Return an instant of 2027."""
    return datetime(2027, month, day, hour, minute, tzinfo=UTC)


def test_a_schedule_alone_is_enough_to_ask_who_is_on_call() -> None:
    layer = {"rotate": ["ana", "ben"], "every": "1 week", "start": "2027-01-04 09:00"}
    team = read_team({"schedules": {"s": {"tz": "Europe/London", "layers": [layer]}}}, version="v")
    assert who(team, "s", utc(1, 12, 9)).person == "ben"


def test_holidays_are_data_that_the_caller_resolved() -> None:
    document = sound()
    assert countries(document) == {"GB"}
    team = read_team(document, version="v", holidays=GB)
    assert team.holidays["GB"] == GB["GB"]
    assert who(team, "primary", utc(3, 26, 12)).person == "lead"
    with pytest.raises(
        Faults, match=r"schedules\.primary\.layers\[1\]\.when: no dates are known for the holidays of GB"
    ):
        read_team(document, version="v")


def test_an_account_speaks_only_through_the_app_it_is_bound_to() -> None:
    team = read_team(sound(), version="v", holidays=GB)
    assert team.account_for("facebook", "acme-meta", "1029384756") == team.accounts["acme-fb"]
    assert team.account_for("facebook", "another-app", "1029384756") is None


def test_a_region_of_a_country_may_be_named() -> None:
    layer = {"rotate": ["ana"], "when": "holidays gb-sct 09:00-17:00"}
    document = {"schedules": {"s": {"tz": "Europe/London", "layers": [layer]}}}
    team = read_team(document, version="v", holidays={"GB-SCT": (date(2027, 11, 30),)})
    assert countries(document) == {"GB-SCT"}
    assert who(team, "s", utc(11, 30, 12)).person == "ana"
