"""What an operator types, from the first look at a plan to taking a stage down again."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.__main__ import main
from infra.local import Emulator

TEAM = Path(__file__).parents[2] / "infra" / "team.toml"
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(emulator: Emulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as in a shell whose AWS settings lead to the emulator; return its status and what it printed."""
    for name, value in emulator.environment.items():
        monkeypatch.setenv(name, value)

    def command(*words: str, answers: str = "") -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(answers))
        status = main(words)
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return command


def test_an_operator_deploys_looks_deploys_again_and_takes_down(run: Run) -> None:
    """A plan changes nothing, a no changes nothing, the second deployment changes nothing, and destroy asks twice."""
    stage = f"test-{secrets.token_hex(3)}"
    deploy = ("deploy", "--stage", stage, "--team", str(TEAM))

    assert "to create." in run(*deploy, "--plan")[1]
    assert run(*deploy, answers="n\n")[1].endswith("Nothing was changed.\n")
    assert "is not deployed" in run("queue", "--stage", stage)[1]

    status, said = run(*deploy, answers="y\n")
    assert status == 0
    assert f"nightdesk-{stage}  create complete" in said
    assert "/hooks/facebook/acme-meta" in said
    assert run("queue", "--stage", stage) == (0, "Nobody is waiting.\n")

    status, said = run(*deploy, "--yes")
    assert status == 0
    assert "Nothing to change." in said
    assert "already in force" in said

    status, said = run("destroy", "--stage", stage, answers="y\nprod\n")
    assert (status, said.splitlines()[-1].endswith("Nothing was deleted.")) == (1, True)
    status, said = run("destroy", "--stage", stage, "--delete-table", answers=f"y\n{stage}\n")
    assert status == 0
    assert f"Deleted table nightdesk-{stage}." in said


def test_a_clock_that_people_set_is_refused_before_anything_is_built(run: Run) -> None:
    """Only stages named test-... may stop time."""
    status, said = run("deploy", "--stage", "prod", "--team", str(TEAM), "--set", "Clock=table")
    assert status == 1
    assert said.endswith("it is only for stages named test-..., and this one is prod.\n")
