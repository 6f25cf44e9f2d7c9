"""What a team file must not say: each fault names its key path, what is wrong, and what to write instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.teamfile import Faults, read_team
from chalicelib.errors import Misconfigured
from tests.unit.teamfile.documents import GB, faults_of, sound

Spoil = Callable[[dict[str, Any]], object]


def layer(document: dict[str, Any], **changes: object) -> None:
    """Change the first layer."""
    document["schedules"]["primary"]["layers"][0].update(changes)


def override(document: dict[str, Any], **changes: object) -> None:
    """Add an override."""
    usual = {"schedule": "primary", "from": "2027-06-01 09:00", "to": "2027-06-02 09:00", "who": "ben"}
    document.setdefault("overrides", []).append(usual | changes)


def overlapping(document: dict[str, Any]) -> None:
    """Add two overrides of one moment."""
    override(document)
    override(document, to="2027-06-01 10:00", who="ana")


CASES: list[tuple[str, str, Spoil]] = [
    ("colour", "nothing reads this key", lambda d: d.update(colour="red")),
    ("people.ana.phnoe", "did you mean 'phone'", lambda d: d["people"]["ana"].update(phnoe="+44")),
    ("people.ana.phone", "write it as +4477", lambda d: d["people"]["ana"].update(phone="07700 900001")),
    ("people.ana.slack", "write the id", lambda d: d["people"]["ana"].update(slack="@ana")),
    ("people.ana.email", "name@example.com", lambda d: d["people"]["ana"].update(email="ana")),
    ("people.ana.reach[1]", "is not a contact", lambda d: d["people"]["ana"].update(reach=["sms", "pigeon"])),
    ("people.ben.reach", "there is no `slack`", lambda d: d["people"]["ben"].update(reach=["slack"])),
    ("people.nobody", "another name", lambda d: d["people"].update(nobody={})),
    ("people.ana", "it is not a table", lambda d: d["people"].update(ana="+447700900001")),
    ("brand", "must be a text", lambda d: d.update(brand=5)),
    ("brand", "must be a text", lambda d: d.update(brand=["x"])),
    (
        "escalation.default[0].at",
        'write "-33%" for a share of the time still to go',
        lambda d: d["escalation"]["default"][0].update(at="33%"),
    ),
    (
        "escalation.default[0].tell[1]",
        'with its sign: "#social"',
        lambda d: d["escalation"]["default"][0].update(tell=["#care", "social"]),
    ),
    ("people.ana.email", "it is list", lambda d: d["people"]["ana"].update(email=["a@b.c"])),
    ("accounts.acme-fb.app", "it is missing", lambda d: d["accounts"]["acme-fb"].pop("app")),
    (
        "accounts.acme-fb.team",
        "there is no 'cares'; did you mean 'care'",
        lambda d: d["accounts"]["acme-fb"].update(team="cares"),
    ),
    (
        "accounts.b.id",
        "is already accounts.acme-fb",
        lambda d: d["accounts"].update(b={**d["accounts"]["acme-fb"], "app": "other"}),
    ),
    ("teams.care.tz", "not a time zone", lambda d: d["teams"]["care"].update(tz="Europe/Londn")),
    ("teams.care.tz", "not a time zone", lambda d: d["teams"]["care"].update(tz="../etc/passwd")),
    ("teams.care.quiet", "22:00-07:00", lambda d: d["teams"]["care"].update(quiet="at night")),
    ("policies[0].first", "is not a duration", lambda d: d["policies"][0].update(first="soon")),
    ("policies[0].first", "no time at all", lambda d: d["policies"][0].update(first="0m")),
    (
        "policies[0].when.priority",
        "write one of: low, normal, high, urgent",
        lambda d: d["policies"][0].update(when={"priority": "asap"}),
    ),
    (
        "policies[0].when.surface",
        "write one of: public, private",
        lambda d: d["policies"][0].update(when={"surface": "dm"}),
    ),
    (
        "policies[0].when.account",
        "there is no 'acme'",
        lambda d: d["policies"][0].update(when={"account": "acme"}),
    ),
    (
        "policies[1].hours",
        "there is no 'ofice'; did you mean 'office'",
        lambda d: d["policies"][1].update(hours="ofice"),
    ),
    (
        "policies[1].escalation",
        "did you mean 'default'",
        lambda d: d["policies"][1].update(escalation="defualt"),
    ),
    ("policies", "[[policies]]", lambda d: d.update(policies={"first": "60m"})),
    ("hours.office.open", "it never opens", lambda d: d["hours"]["office"].update(closed=["daily"])),
    ("hours.office.open", "it is missing", lambda d: d["hours"]["office"].pop("open")),
    ("hours.office.open[0]", "'noon' is not a day", lambda d: d["hours"]["office"].update(open=["noon"])),
    (
        "escalation.default[0].at",
        "is not a step's time",
        lambda d: d["escalation"]["default"][0].update(at="33%x"),
    ),
    ("escalation.default[0]", "reaches nobody", lambda d: d["escalation"]["default"][0].pop("page")),
    (
        "escalation.default[0].page[0]",
        "there is no 'primry'",
        lambda d: d["escalation"]["default"][0].update(page=["primry"]),
    ),
    (
        "escalation.default[0].widen",
        "write repeat",
        lambda d: d["escalation"]["default"][0].update(widen=["5m"]),
    ),
    (
        "escalation.default[0].at",
        "before receipt for the 15m target",
        lambda d: d["escalation"]["default"][0].update(at="-20m"),
    ),
    (
        "escalation.default[0].at",
        "before receipt",
        lambda d: d["escalation"]["default"][0].update(at="-101%"),
    ),
    ("schedules.primary.fallback", "it is missing", lambda d: d["schedules"]["primary"].pop("fallback")),
    (
        "schedules.primary.fallback",
        "there is no 'boss'",
        lambda d: d["schedules"]["primary"].update(fallback="boss"),
    ),
    ("schedules.primary.fallback", "lead has no phone", lambda d: d["people"].update(lead={"slack": "U09"})),
    ("schedules.primary.tz", "it is missing", lambda d: d["schedules"]["primary"].pop("tz")),
    (
        "schedules.primary.gap_ok[0]",
        "not a day",
        lambda d: d["schedules"]["primary"].update(gap_ok=["lunch"]),
    ),
    (
        "schedules.primary.layers[0].rotate[1]",
        "there is no 'bne'; did you mean 'ben'",
        lambda d: layer(d, rotate=["ana", "bne"]),
    ),
    ("schedules.primary.layers[0].rotate", "nobody takes turns", lambda d: layer(d, rotate=[])),
    ("schedules.primary.layers[0].every", "N divides 24", lambda d: layer(d, every="5 hours")),
    ("schedules.primary.layers[0].every", "not the length of a turn", lambda d: layer(d, every="0 weeks")),
    (
        "schedules.primary.layers[0].every",
        "it is missing",
        lambda d: d["schedules"]["primary"]["layers"][0].pop("every"),
    ),
    (
        "schedules.primary.layers[0].start",
        "it is missing",
        lambda d: d["schedules"]["primary"]["layers"][0].pop("start"),
    ),
    ("schedules.primary.layers[0].start", "has an offset", lambda d: layer(d, start="2027-01-04 09:00Z")),
    ("schedules.primary.layers[0].when", "not a day", lambda d: layer(d, when="workdays 09:00-17:00")),
    ("schedules.primary.layers[0].when", "there is no 25:00", lambda d: layer(d, when="daily 09:00-25:00")),
    (
        "schedules.primary.layers[0].when",
        "cannot start at 24:00",
        lambda d: layer(d, when="daily 24:00-09:00"),
    ),
    ("schedules.primary.layers[0].when[1]", "is not a date", lambda d: layer(d, when=["sat", "2027-02-30"])),
    ("schedules.primary.layers[0].when", "no dates are known", lambda d: layer(d, when="holidays ZZ")),
    (
        "schedules.primary.layers[0].until",
        "not after from",
        lambda d: layer(d, **{"from": "2027-02-01", "until": "2027-01-01"}),
    ),
    ("schedules.primary.layers", "nobody's turn from", lambda d: layer(d, when="weekdays")),
    ("schedules.primary.layers", "ana (days, turn 1) has no contact", lambda d: d["people"].update(ana={})),
    (
        "schedules.ana",
        "a person has the same name",
        lambda d: d["schedules"].update(ana=d["schedules"]["primary"]),
    ),
    (
        "overrides[0].from",
        "does not exist in Europe/London",
        lambda d: override(d, **{"from": "2027-03-28 01:30"}),
    ),
    ("overrides[0].to", "happens twice in Europe/London", lambda d: override(d, to="2027-10-31 01:30")),
    ("overrides[0].to", "not after from", lambda d: override(d, to="2027-05-01 09:00")),
    (
        "overrides[0].schedule",
        "there is no schedule 'secondary'",
        lambda d: override(d, schedule="secondary"),
    ),
    ("overrides[0].who", "there is no 'zoe'", lambda d: override(d, who="zoe")),
    ("overrides[0].away", "there is no 'zoe'", lambda d: override(d, away="zoe")),
    (
        "overrides[1].from",
        "it overlaps",
        overlapping,
    ),
    ("digest.sms_gap", "is not a duration", lambda d: d.update(digest={"sms_gap": "a while"})),
    ("rules[0]", "does nothing", lambda d: d.update(rules=[{"match": ["x"]}])),
    ("rules[0].priority", "write one of", lambda d: d.update(rules=[{"match": ["x"], "priority": "now"}])),
]


@pytest.mark.parametrize(("path", "words", "spoil"), CASES, ids=[f"{p}: {w}"[:70] for p, w, _ in CASES])
def test_a_fault_says_where_it_is_and_what_to_write(path: str, words: str, spoil: Spoil) -> None:
    document = sound()
    spoil(document)
    found = faults_of(document)
    assert path in [fault.path for fault in found]
    assert words in " | ".join(f"{fault.wrong}; {fault.write}" for fault in found if fault.path == path)


def test_a_sound_file_has_no_fault() -> None:
    assert faults_of(sound(), to_deploy=True) == ()


def test_every_fault_is_said_at_once_and_none_twice() -> None:
    document = sound()
    document["brnd"] = document.pop("brand")
    document["people"]["ben"]["phone"] = "12"
    document["policies"][1]["escalation"] = "gentle"
    document["hours"]["office"]["closed"] = ["daily"]
    document["escalation"]["default"][0]["at"] = "-20m"
    layer(document, every="5 hours")
    override(document)
    override(document, who="ana")
    assert [fault.path for fault in faults_of(document, to_deploy=True)] == [
        "schedules.primary.layers[0].every",
        "people.ben.phone",
        "brnd",
        "policies[1].escalation",
        "overrides[1].from",
        "hours.office.open",
        "brand",
    ]


def test_a_fault_does_not_hide_the_deeper_ones_elsewhere() -> None:
    document = sound()
    document["brnd"] = "x"
    layer(document, when="weekdays")
    document["escalation"]["default"][0]["at"] = "-20m"
    assert {fault.path for fault in faults_of(document)} == {
        "brnd",
        "escalation.default[0].at",
        "schedules.primary.layers",
    }


def test_reading_raises_all_faults_as_one_misconfiguration() -> None:
    document = sound()
    document["colour"] = "red"
    document["teams"]["care"]["tz"] = "Mars/Base"
    with pytest.raises(Faults) as raised:
        read_team(document, version="v", holidays=GB)
    assert isinstance(raised.value, Misconfigured)
    assert len(raised.value.faults) == 2
    assert str(raised.value).startswith("2 faults in the team file:\n  teams.care.tz: 'Mars/Base' is not")


@pytest.mark.parametrize(
    "missing", ["brand", "accounts", "teams", "policies", "escalation", "people", "schedules"]
)
def test_what_a_question_may_leave_out_a_deployment_may_not(missing: str) -> None:
    document = sound()
    del document[missing]
    assert missing in [fault.path for fault in faults_of(document, to_deploy=True)]
    assert missing not in [fault.path for fault in faults_of(document)]


def test_the_last_policy_must_match_everything() -> None:
    document = sound()
    document["policies"][1]["when"] = {"kind": "praise"}
    assert [fault.path for fault in faults_of(document, to_deploy=True)] == ["policies[1].when"]


def test_a_ladder_must_page_a_person() -> None:
    document = sound()
    document["escalation"]["default"] = [{"at": "0", "tell": ["#social"]}]
    assert [fault.path for fault in faults_of(document, to_deploy=True)] == ["escalation.default"]


def test_a_gap_that_is_listed_is_no_fault_and_one_beside_it_is() -> None:
    document = sound()
    layer(document, when="daily 04:00-03:00")
    document["schedules"]["primary"]["layers"] = document["schedules"]["primary"]["layers"][:1]
    document["schedules"]["primary"]["gap_ok"] = ["daily 03:00-04:00"]
    assert faults_of(document) == ()
    document["schedules"]["primary"]["gap_ok"] = ["daily 03:00-03:30"]
    (fault,) = faults_of(document)
    assert "from 2027-01-01 03:30 UTC to 2027-01-01 04:00 UTC and 89 more times" in fault.wrong


@pytest.mark.parametrize("brand", [5, ["x"]])
def test_a_brand_that_is_no_text_is_not_also_missing(brand: object) -> None:
    """One mistake is one finding."""
    document = sound() | {"brand": brand}
    assert [f.wrong for f in faults_of(document, to_deploy=True) if f.path == "brand"] == [
        f"it is {type(brand).__name__}, and must be a text"
    ]


def test_a_channel_may_be_named_by_its_id() -> None:
    """An id outlives a renamed channel."""
    document = sound()
    document["escalation"]["default"][0]["tell"] = ["C0123456789"]
    assert faults_of(document) == ()


def test_an_override_that_ends_before_it_begins_hides_no_other_fault_of_its_own() -> None:
    document = sound()
    override(document, to="2027-05-01 09:00", who="zoe")
    assert {fault.path for fault in faults_of(document)} == {"overrides[0].to", "overrides[0].who"}
