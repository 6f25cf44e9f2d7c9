"""`playbooks`: check without AWS, push what changed, show what is in force."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from chalicelib.errors import Misconfigured
from chalicelib.services.playbook_versions import PlaybookVersions
from chalicelib.wiring import Container
from infra.__main__ import main, parser
from infra.playbook_commands import push, push_first, show
from infra.playbook_files import SHIPPED
from tests.fakes import World


class Box:
    """What the commands ask of an installation."""

    def __init__(self) -> None:
        world = World()
        self.teams = world.team
        self.playbook_versions = PlaybookVersions(world.store, world.clock)


@pytest.fixture
def box() -> Container:
    return cast("Container", Box())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "delays.toml").write_text('title = "Delays"\ncheck = ["x"]')
    return tmp_path


def shown(box: Container, *words: str) -> int:
    return show(box, parser().parse_args(("playbooks", "show", *words)))


def test_the_shipped_ones_pass(capsys: pytest.CaptureFixture[str]) -> None:
    """As they lie in the repository."""
    assert main(("playbooks", "lint", str(SHIPPED), "--team", str(SHIPPED.parent / "team.toml"))) == 0
    assert "0 faults, 0 warnings." in capsys.readouterr().out


def test_lint_names_every_fault(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In words and as JSON."""
    (folder / "delays.toml").write_text('title = "Delays"\nchekc = ["x"]')
    words = ("playbooks", "lint", str(folder), "--team", str(SHIPPED.parent / "team.toml"))
    assert main(words) == 1
    assert "fault: delays.chekc: nothing reads this key; did you mean 'check'?" in capsys.readouterr().out
    assert main((*words, "--json")) == 1
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert [fault["path"] for fault in found["faults"]] == ["delays.chekc", "delays"]


@pytest.mark.parametrize("name", ["nowhere", "."])
def test_a_folder_without_playbooks_is_a_sentence(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not a traceback, and not an empty success."""
    assert main(("playbooks", "lint", str(tmp_path / name))) == 1
    assert capsys.readouterr().err.startswith("error: ")


def test_a_push_shows_the_changes_and_asks(
    box: Container, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A no changes nothing; a yes is in force; again changes nothing."""
    assert not push(box, folder, asked=lambda: False)
    assert not shown_any(box)
    assert push(box, folder, asked=lambda: True)
    assert "added: delays" in capsys.readouterr().out
    assert push(box, folder, asked=lambda: False)
    assert "already in force" in capsys.readouterr().out


def test_a_push_with_faults_is_not_even_asked_about(box: Container, folder: Path) -> None:
    """And changes nothing."""
    (folder / "refunds.toml").write_text('check = ["x"]')
    assert not push(box, folder)
    assert not shown_any(box)


def test_what_is_in_force_is_shown_as_it_was_pushed(
    box: Container, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One of them, or all; a wrong name names those there are."""
    push(box, folder)
    capsys.readouterr()
    assert shown(box) == 0
    assert 'title = "Delays"' in capsys.readouterr().out
    assert shown(box, "delays", "--json") == 0
    assert list(json.loads(capsys.readouterr().out)["files"]) == ["delays"]
    with pytest.raises(Misconfigured, match="there are: delays"):
        shown(box, "delay")


def test_a_first_deployment_brings_playbooks_and_a_second_leaves_yours_alone(
    box: Container, folder: Path
) -> None:
    """What ships is a beginning."""
    push_first(box)
    assert "delays" in dict(box.playbook_versions.stored().files)
    push(box, folder)
    push_first(box)
    assert dict(box.playbook_versions.stored().files).keys() == {"delays"}


def shown_any(box: Container) -> bool:
    """Tell whether any playbooks are in force."""
    from chalicelib.wiring.playbook_names import playbook_names

    return box.playbook_versions.current(playbook_names(box.teams.current())) != ()
