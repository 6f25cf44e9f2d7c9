"""What an operator types about the judge, and about a post that shows too much; the box is a town of fakes."""

from __future__ import annotations

import argparse
import json
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.domain.conversation import State
from chalicelib.domain.judgement import Band, PostKind
from chalicelib.services.ports import Put
from infra.__main__ import parser
from infra.conversation_commands import acted
from infra.failures import CommandError
from tests.builders import a_team
from tests.unit.intake.test_corrections import CorrectedTown
from tests.unit.learning.labels import QUEUED, a_label

Box = SimpleNamespace


@pytest.fixture
def town() -> CorrectedTown:
    """A town where every closed post is checked."""
    town = CorrectedTown(a_team(sample=1.0))
    town.judged("Lovely crew!", needs_response=False, kind=PostKind.PRAISE, band=Band.CLOSED)
    return town


def box(town: CorrectedTown) -> Any:
    return Box(
        store=town.store,
        clock=town.clock,
        teams=town.team,
        corrections=town.judge_corrections,
        hiding=town.hidings,
    )


def asked(*words: str) -> argparse.Namespace:
    return parser().parse_args(words)


def run(town: CorrectedTown, *words: str) -> int:
    arguments = asked(*words)
    status: int = arguments.act(box(town), arguments)
    return status


def test_a_sample_is_listed_answered_and_reported(
    town: CorrectedTown, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the question to the figure."""
    town.asked("Lovely crew!")
    assert run(town, "judge", "check") == 0
    assert "Lovely crew!" in capsys.readouterr().out
    assert run(town, "judge", "correct", town.id, "needed_answer", "--by", "ana") == 0
    assert f"Noted: {town.id} is waiting, due " in capsys.readouterr().out
    assert town.conversation.state is State.WAITING
    town.clock.set(town.clock.now() + timedelta(hours=1))
    assert run(town, "judge", "report", "--json") == 0
    assert json.loads(capsys.readouterr().out)["misses"]["wrong"] == 1


def test_only_people_of_the_team_correct(town: CorrectedTown) -> None:
    """Anybody else hears who there is."""
    town.asked()
    with pytest.raises(CommandError, match="one of ana, ben, lead"):
        run(town, "judge", "correct", town.id, "was_urgent", "--by", "mallory")


def test_an_export_is_one_line_a_post(town: CorrectedTown, tmp_path: Path) -> None:
    """Whoever spoke, masked, and nothing of who wrote it."""
    for number, needed in enumerate((False, None, True)):
        town.store.commit(Put(a_label(number, QUEUED, needed=needed)))
    assert run(town, "judge", "export", str(tmp_path / "out.jsonl")) == 0
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [line["needs_response"] for line in lines] == [False, True]


def test_a_post_is_hidden_by_command(town: CorrectedTown, capsys: pytest.CaptureFixture[str]) -> None:
    """Its conversation stays as it is."""
    town.asked("Call me on +44 7700 900123, where is it?")
    assert acted(asked("conversation", "hide", town.id, "--by", "ana"), box(town)) == 0
    assert "waiting" in capsys.readouterr().out
    assert town.stored().hidden_by == "ana"
