"""The platforms a team file names are those Nightdesk speaks, wherever the file is read by a person's command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chalicelib.domain.teamfile import Faults
from infra.__main__ import main
from infra.team_commands import propose
from infra.team_platforms import platform_faults
from tests.unit.teamfile.documents import SOUND, sound


def misnamed(folder: Path) -> Path:
    """Write a file with a mistyped platform."""
    path = folder / "team.toml"
    path.write_text(SOUND.replace('platform = "facebook"', 'platform = "facebok"'))
    return path


def test_a_mistyped_platform_is_a_fault_with_a_suggestion(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its deliveries would be nobody's."""
    assert main(["team", "check", "--json", "--team", str(misnamed(tmp_path))]) == 1
    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert (fault["path"], fault["write"]) == ("accounts.acme-fb.platform", "did you mean 'facebook'?")


def test_a_mistyped_platform_is_not_put_in_force(tmp_path: Path) -> None:
    """The push stops before anything is proposed."""
    with pytest.raises(Faults, match="did you mean 'facebook'"):
        propose(misnamed(tmp_path), lambda *_, **__: pytest.fail("it was proposed"))


def test_a_policy_for_a_platform_nobody_speaks_is_a_fault() -> None:
    """It would never match."""
    document = sound()
    document["policies"][0]["when"] = {"platform": "myspace"}
    (fault,) = platform_faults(document)
    assert fault.path == "policies[0].when.platform"
    assert "facebook, generic, instagram" in fault.write


@pytest.mark.parametrize(
    "odd", [{}, {"accounts": 5, "policies": 5}, {"accounts": {"a": 5}, "policies": [5, {}]}]
)
def test_what_does_not_read_is_left_to_the_reader(odd: dict[str, object]) -> None:
    """It has its own faults."""
    assert platform_faults(odd) == []


def test_a_template_on_a_platform_without_templates_is_a_fault() -> None:
    """It would never be used."""
    document = sound()
    document["accounts"]["acme-fb"]["template"] = "followup/en"
    (fault,) = platform_faults(document)
    assert (fault.path, "whatsapp" in fault.write) == ("accounts.acme-fb.template", True)
    document["accounts"]["acme-fb"]["platform"] = "whatsapp"
    assert platform_faults(document) == []
