"""What is doubtful about a team file, but no reason to refuse it."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.domain.oncall_gaps import gaps
from chalicelib.domain.schedule import who
from chalicelib.domain.teamfile import examine, read_team
from infra.oncall_files import holidays_for
from tests.unit.teamfile.documents import NOW, sound, warnings_of

EXAMPLE = Path(__file__).parents[3] / "infra" / "team.toml"


def test_a_sound_file_has_no_warning() -> None:
    assert warnings_of(sound()) == ()


def test_a_layer_that_never_wins_in_90_days_is_doubtful() -> None:
    document = sound()
    document["schedules"]["primary"]["layers"].insert(0, {"name": "old", "rotate": ["ben"]})
    (warning,) = warnings_of(document)
    assert (warning.path, "'old' never wins" in warning.wrong) == ("schedules.primary.layers[0]", True)


def test_a_layer_for_holidays_is_not_doubtful_merely_because_none_is_near() -> None:
    document = sound()
    document["schedules"]["primary"]["layers"][1]["when"] = "holidays US"
    dates = {"GB": (), "US": (date(2027, 12, 25),)}
    found = examine(document, version="v", now=NOW, holidays=dates)
    assert (found.faults, found.warnings) == ((), ())


def test_a_person_who_is_their_own_backup_is_doubtful() -> None:
    document = sound()
    document["schedules"]["backup"] = {
        "tz": "Europe/London",
        "fallback": "lead",
        "layers": [{"rotate": ["ben"]}],
    }
    document["escalation"]["default"][1]["page"] = ["primary", "backup"]
    found = [w for w in warnings_of(document) if "same person" in w.wrong]
    assert [w.path for w in found] == ["escalation.default[1].page"]
    assert "first at 2027-01-02 00:00 UTC" in found[0].wrong  # the holiday is the lead's


def test_turns_shared_unevenly_are_doubtful() -> None:
    document = sound()
    document["schedules"]["primary"]["layers"][0]["rotate"] = ["ana", "ana", "ben"]
    (warning,) = warnings_of(document)
    assert warning.path == "schedules.primary"
    assert warning.wrong.startswith("ana has ")


def test_nights_that_are_longer_than_days_are_doubtful_but_a_fallback_who_helps_out_is_not() -> None:
    document = sound()
    plan = document["schedules"]["primary"]
    plan["layers"] = [{"rotate": ["ana"]}, {"when": "daily 18:00-09:00", "rotate": ["ben"]}]
    assert [w.wrong for w in warnings_of(document)] == ["ben has 1350 h in 90 days and ana 810 h"]
    plan["layers"] = [{"rotate": ["ana"]}, {"when": "sun", "rotate": ["lead"]}]
    assert warnings_of(document) == ()


def test_a_contact_slower_than_the_next_step_is_doubtful() -> None:
    document = sound()
    document["people"]["ana"]["reach"] = ["slack", "sms +9m", "sms +10m"]
    found = warnings_of(document)
    assert [w.path for w in found] == ["people.ana.reach[2]"]
    assert "goes on 9m57s after step [0]" in found[0].wrong


def test_a_ladder_that_falls_silent_or_that_nobody_climbs_is_doubtful() -> None:
    document = sound()
    document["escalation"]["spare"] = [{"at": "0", "page": ["primary"]}]
    assert [(w.path, w.wrong) for w in warnings_of(document)] == [
        ("escalation.spare", "no policy uses it"),
        ("escalation.spare", "it falls silent after its last step"),
    ]


@pytest.mark.parametrize(
    "now", [datetime(2026, 11, 21, tzinfo=UTC) + timedelta(days=61 * n) for n in range(7)]
)
def test_the_example_has_neither_faults_nor_warnings_whenever_it_is_looked_at(now: datetime) -> None:
    document = tomllib.loads(EXAMPLE.read_text())
    dates = holidays_for(document, range(2025, 2031))
    found = examine(document, version="v", now=now, holidays=dates, to_deploy=True)
    assert (found.faults, found.warnings) == ((), ())


def test_the_example_covers_nights_weekends_and_holidays_with_five_people() -> None:
    document = tomllib.loads(EXAMPLE.read_text())
    team = read_team(document, version="v", holidays=holidays_for(document, range(2026, 2029)))
    assert len(team.people) == 5
    asked = {
        "2027-01-06T12:00Z": "days",
        "2027-01-06T02:00Z": "nights",
        "2027-01-09T12:00Z": "weekends",
        "2027-12-27T12:00Z": "holidays",
    }
    for at, layer in asked.items():
        duties = [who(team, name, datetime.fromisoformat(at)) for name in ("primary", "backup")]
        assert all(duty.reason.startswith(layer) for duty in duties)
        assert duties[0].person != duties[1].person
    start = datetime(2027, 1, 1, tzinfo=UTC)
    assert not list(gaps(team, "primary", start, start + timedelta(days=365)))
