"""The on-call commands: what they print for people, what they answer in JSON, and what they say when they cannot."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from infra.__main__ import main
from tests.unit.teamfile.documents import SOUND

ALONE = """
[schedules.nights]
tz = "America/Santiago"
fallback = "lead"
[[schedules.nights.layers]]
name = "turns"
rotate = ["p0", "p1", "p2"]
every = "1 day"
start = "2024-09-05 00:00"
"""


@pytest.fixture
def sound(tmp_path: Path) -> str:
    """Return the path of a sound file."""
    return written(tmp_path, SOUND)


def written(folder: Path, text: str) -> str:
    """Write a team file."""
    path = folder / "team.toml"
    path.write_text(text)
    return str(path)


def answer(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> Any:
    """Run a command and return its JSON."""
    assert main(["oncall", *words, "--json"]) == status
    return json.loads(capsys.readouterr().out)


def told(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    """Run a command and return what it prints, which fits in 80 columns."""
    assert main(list(words)) == status
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines()), default=0) <= 80
    return printed


def test_who_answers_in_the_shape_of_the_contract(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A schedule alone is enough, and the night without a midnight is right."""
    file = written(tmp_path, ALONE)
    assert answer(capsys, "who", "nights", "--team", file, "--at", "2024-09-08T01:00:00-03:00") == {
        "schedule": "nights",
        "at": "2024-09-08T04:00:00Z",
        "person": "p0",
        "reason": "turns, turn 1",
        "since": "2024-09-08T04:00:00Z",
        "until": "2024-09-09T03:00:00Z",
        "next": "p1",
    }


def test_who_answers_one_line_for_each_instant_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "sys.stdin", io.StringIO("2024-09-07T23:59:00-04:00\n\n2024-09-08 12:00\nnever\n2024-09-08 00:30\n")
    )
    assert main(["oncall", "who", "--team", written(tmp_path, ALONE), "--at", "-"]) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line.get("person") for line in lines] == ["p2", "p0", None, None]
    assert [line["at"] for line in lines] == [
        "2024-09-08T03:59:00Z",
        "2024-09-08T15:00:00Z",
        "never",
        "2024-09-08 00:30",
    ]
    assert "does not exist in America/Santiago" in lines[3]["error"]


def test_who_tells_a_person_in_their_own_time(sound: str, capsys: pytest.CaptureFixture[str]) -> None:
    printed = told(capsys, "oncall", "who", "--team", sound, "--at", "2027-06-08T12:00Z")
    assert printed.splitlines() == [
        "primary: ana (days, turn 1)",
        "  since Mon 2027-06-07 09:00",
        "  until Mon 2027-06-14 09:00, then ben (Europe/London)",
    ]


def test_the_calendar_tiles_the_days_asked_for(sound: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = answer(capsys, "calendar", "--team", sound, "--from", "2027-03-22 09:00", "--days", "14")
    assert rows[0] == {
        "schedule": "primary",
        "from": "2027-03-22T09:00:00Z",
        "to": "2027-03-26T00:00:00Z",
        "person": "ben",
        "reason": "days, turn 2",
    }
    assert [row["person"] for row in rows] == ["ben", "lead", "ben", "ana"]
    assert [row["from"] for row in rows[1:]] == [row["to"] for row in rows[:-1]]
    assert rows[-1]["to"] == "2027-04-05T08:00:00Z"
    printed = told(capsys, "oncall", "calendar", "--team", sound, "--from", "2027-03-22 09:00", "--days", "7")
    assert "Fri 2027-03-26 00:00  Sat 2027-03-27 00:00  lead    holidays" in printed


def test_lint_says_each_finding_with_its_path_and_its_status_says_whether_it_matters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, SOUND.replace('"1 week"', '"5 hours"'))
    found = answer(capsys, "lint", "--team", file, "--at", "2027-01-01", status=1)
    assert [fault["path"] for fault in found["faults"]] == ["schedules.primary.layers[0].every"]
    assert found["warnings"] == []
    assert main(["oncall", "lint", "--team", written(tmp_path, SOUND), "--at", "2027-01-01"]) == 0
    assert capsys.readouterr().out == "0 faults, 0 warnings.\n"


def test_gaps_are_shown_with_their_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, ALONE + 'when = "weekdays"\n')
    rows = answer(capsys, "gaps", "--team", file, "--from", "2024-09-02 00:00", "--days", "7", status=1)
    assert rows == [
        {
            "schedule": "nights",
            "from": "2024-09-07T04:00:00Z",
            "to": "2024-09-09T03:00:00Z",
            "why": "it is nobody's turn",
            "allowed": False,
        }
    ]
    assert "Sat 2024-09-07 00:00" in told(
        capsys, "oncall", "gaps", "--team", file, "--from", "2024-09-02 00:00", "--days", "7", status=1
    )


def test_hours_are_counted_per_person(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, ALONE)
    rows = answer(capsys, "hours", "--team", file, "--from", "2024-09-05 00:00", "--days", "3")
    assert sorted(rows, key=lambda row: row["person"]) == [
        {"schedule": "nights", "person": "p0", "hours": 24.0, "nights": 9.0, "weekends": 0.0},
        {"schedule": "nights", "person": "p1", "hours": 24.0, "nights": 9.0, "weekends": 0.0},
        {"schedule": "nights", "person": "p2", "hours": 24.0, "nights": 9.0, "weekends": 24.0},
    ]
    assert "nights    p2" in told(
        capsys, "oncall", "hours", "--team", file, "--from", "2024-09-05 00:00", "--days", "3"
    )


def test_simulate_says_who_would_be_paged_when_on_which_contact_and_why(
    sound: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        "--team",
        sound,
        "--received",
        "2027-01-05T02:00Z",
        "--deadline",
        "2027-01-05T03:00Z",
        "--for",
        "0s",
    ]
    pages = answer(capsys, "simulate", *words, "--claim", "2027-01-05T02:45Z by ben")
    assert [(p["at"], p["step"], p["n"], p["person"], p["contact"], p["channel"]) for p in pages] == [
        ("2027-01-05T02:40:12Z", 0, 0, "ana", 0, "slack"),
        ("2027-01-05T02:40:12Z", 0, 0, "ana", 1, "sms"),
        ("2027-01-05T02:43:12Z", 0, 0, "ana", 2, "sms"),
        ("2027-01-05T03:00:00Z", "nudge", 0, "ben", 0, "sms"),
    ]
    assert "primary: days, turn 1" in pages[0]["reason"]
    printed = told(capsys, "oncall", "simulate", *words)
    assert "Tue 2027-01-05 02:40 UTC  ana on slack, sms" in printed


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["oncall", "who", "--team", "nowhere.toml"], "nowhere.toml cannot be read"),
        (["oncall", "who", "secondary", "--team", "{sound}"], "no schedule 'secondary'"),
        (["oncall", "who", "--team", "{sound}", "--at", "noonish"], "'noonish' is not a local time"),
        (
            [
                "oncall",
                "simulate",
                "--team",
                "{sound}",
                "--received",
                "2027-01-05T02:00Z",
                "--deadline",
                "2027-01-05T03:00Z",
                "--policy",
                "urgent",
            ],
            "no escalation policy 'urgent'",
        ),
        (
            [
                "oncall",
                "simulate",
                "--team",
                "{sound}",
                "--received",
                "2027-01-05T02:00Z",
                "--deadline",
                "2027-01-05T03:00Z",
                "--claim",
                "ben",
            ],
            "'ben' is not a claim",
        ),
        (
            [
                "oncall",
                "override",
                "primary",
                "--who",
                "ben",
                "--to",
                "2027-01-05 12:00",
                "--team",
                "{sound}",
            ],
            "not a file",
        ),
        (["oncall", "test-page", "ana", "--team", "{sound}"], "not a file"),
    ],
)
def test_what_cannot_be_answered_is_said_in_a_sentence(
    words: list[str], said: str, sound: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([word.replace("{sound}", sound) for word in words]) == 1
    assert said in capsys.readouterr().err


def test_team_check_wants_a_whole_file_and_shows_the_holidays_that_will_count(
    tmp_path: Path, sound: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["team", "check", "--team", sound, "--at", "2027-12-01"]) == 0
    assert "holiday: Sat 2027-12-25 (GB)" in capsys.readouterr().out
    assert main(["team", "check", "--team", written(tmp_path, ALONE), "--json"]) == 1
    paths = [fault["path"] for fault in json.loads(capsys.readouterr().out)["faults"]]
    assert {"brand", "people", "policies", "escalation"} <= set(paths)


@pytest.mark.parametrize(
    "question", ["who", "calendar", "lint", "gaps", "hours", "simulate", "override", "test-page"]
)
def test_every_question_has_help_with_an_example(question: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["oncall", question, "--help"])
    assert f"python -m infra oncall {question}" in capsys.readouterr().out


def test_an_hour_that_is_told_twice_says_which_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In London the hour from 01:00 comes twice on 31 October 2027; a turn of it begins at the first."""
    text = ALONE.replace("America/Santiago", "Europe/London").replace('every = "1 day"', 'every = "1 hour"')
    path = written(tmp_path, text)
    shown = []
    for at in ("2027-10-31T01:30:00Z", "2027-10-31T03:30:00Z"):
        main(["oncall", "who", "nights", "--team", path, "--at", at])
        shown.append(capsys.readouterr().out)
    assert "since Sun 2027-10-31 01:00 BST" in shown[0]
    assert "since Sun 2027-10-31 03:00\n" in shown[1]
