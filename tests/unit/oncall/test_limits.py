"""The edges of the on-call questions: ranges, instants and people that make no sense are refused in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.__main__ import main
from tests.unit.teamfile.documents import SOUND

RECEIVED = ("--received", "2027-01-04T02:00Z")


@pytest.fixture
def sound(tmp_path: Path) -> str:
    """Return the path of a sound file."""
    path = tmp_path / "team.toml"
    path.write_text(SOUND)
    return str(path)


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run a question that fails and return its one sentence."""
    assert main(["oncall", *words]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    return said


@pytest.mark.parametrize("days", ["0", "-1", "3661", "nan", "inf", "1e400", "many"])
@pytest.mark.parametrize("question", ["calendar", "gaps", "hours"])
def test_days_outside_one_to_ten_years_are_refused(
    question: str, days: str, sound: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither an empty answer that looks like good news, nor one that never ends."""
    with pytest.raises(SystemExit) as ended:
        main(["oncall", question, "--team", sound, f"--days={days}"])
    assert ended.value.code == 2
    assert "from 1 to 3660" in capsys.readouterr().err


@pytest.mark.parametrize("days", ["1", "3660"])
def test_the_shortest_and_the_longest_range_are_answered(
    days: str, sound: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The limits belong to the range."""
    assert main(["oncall", "gaps", "--team", sound, "--from", "2199-06-01", "--days", days]) == 0
    assert capsys.readouterr().out == "No gaps.\n"


@pytest.mark.parametrize("question", ["who", "calendar", "gaps", "hours"])
def test_a_file_without_schedules_is_not_a_file_without_gaps(
    question: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Silence with status 0 would read as: all is well."""
    path = tmp_path / "team.toml"
    path.write_text('brand = "Acme Air"\n')
    assert "the file has no schedules" in refused(capsys, question, "--team", str(path))


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00Z", "0001-01-01T00:00+05:00", "9999-12-31T23:59-08:00", "9999-12-31 23:59"]
)
def test_instants_at_the_ends_of_the_calendar_are_refused(
    at: str, sound: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """No arithmetic overflows, and no holidays of eight thousand years are asked for."""
    asked = (
        ("who", "--at"),
        ("calendar", "--from"),
        ("gaps", "--from"),
        ("hours", "--from"),
        ("lint", "--at"),
    )
    for question, option in asked:
        assert "too far away" in refused(capsys, question, option, at, "--team", sound)
    assert "too far away" in refused(capsys, "simulate", "--received", at, "--deadline", at, "--team", sound)


def test_a_claim_by_somebody_unknown_is_refused(sound: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A mistyped name would rehearse a night that cannot happen."""
    words = ("simulate", *RECEIVED, "--deadline", "2027-01-04T03:00Z", "--team", sound)
    said = refused(capsys, *words, "--claim", "2027-01-04T02:45Z by dve")
    assert "'dve'" in said
    assert "ana, ben, lead" in said
    assert main(["oncall", *words, "--claim", "2027-01-04T02:45Z by ana"]) == 0


def test_a_deadline_before_the_post_is_refused(sound: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The two were swapped."""
    words = ("simulate", *RECEIVED, "--deadline", "2027-01-04T01:00Z", "--team", sound)
    assert "before the post" in refused(capsys, *words)


@pytest.mark.parametrize("after", ["367d", "99999999999999999w"])
def test_a_rehearsal_ends(after: str, sound: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A repeat goes on for ever, the rehearsal does not."""
    words = ("simulate", *RECEIVED, "--deadline", "2027-01-04T03:00Z", "--team", sound, "--for", after)
    assert "366d or less" in refused(capsys, *words)
