"""The shared fixtures and signature vectors pass through the operator's commands, as they will be checked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chalicelib.platforms import registry
from infra.__main__ import main
from infra.platform_commands import NOTIFIERS
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared
ROOT = SHARED / "platforms" if SHARED else Path()
REPOSITORY = Path(__file__).parents[2]
PROVABLE = {*registry.PLATFORMS, *NOTIFIERS}


def fixtures() -> list[Path]:
    found = [path for name in registry.PLATFORMS for path in (ROOT / "fixtures" / name).glob("*.json")]
    return sorted(path for path in found if not path.name.endswith(".expected.json"))


def vectors() -> list[dict[str, Any]]:
    file = ROOT / "vectors" / "signatures.json"
    known = json.loads(file.read_text("utf-8"))["vectors"] if SHARED else []
    return [vector for vector in known if vector["platform"] in PROVABLE]


def run(*words: str) -> int:
    return main(words)


def expected_of(payload: Path) -> dict[str, Any]:
    known: dict[str, Any] = json.loads(payload.with_suffix(".expected.json").read_text("utf-8"))
    return known


def our_id(expected: dict[str, Any]) -> str:
    """Return the account's id: the first single id of the context."""
    return next((value for value in expected["context"].values() if isinstance(value, str)), "us")


@pytest.mark.parametrize("payload", fixtures(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_parse_prints_the_expected_records(payload: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With one ``--own``, as an operator would type it first."""
    expected = expected_of(payload)
    assert run("parse", "--platform", payload.parent.name, "--own", our_id(expected), str(payload)) == 0
    out, err = capsys.readouterr()
    assert [json.loads(line) for line in out.splitlines()] == expected["records"]
    left = [line.split(":")[0] for line in err.splitlines()]
    assert left == [f"ignored {ignored['path']}" for ignored in expected["ignored"]]


@pytest.mark.parametrize("payload", fixtures(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_id_of_the_context_may_be_named(payload: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = expected_of(payload)
    ours = [
        v for value in expected["context"].values() for v in (value if isinstance(value, list) else [value])
    ]
    names = [value for value in ours if isinstance(value, str) and value not in inbox_apps(expected)]
    run("parse", "--platform", payload.parent.name, "--own", ",".join(names), str(payload))
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == expected["records"]


def inbox_apps(expected: dict[str, Any]) -> list[str]:
    """Return the apps of the context that are not ours."""
    apps: list[str] = expected["context"].get("page_inbox_app_ids", [])
    return apps


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: str(vector["id"]))
def test_verify_delivery_agrees_with_every_vector(
    vector: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    captured = tmp_path / "delivery.json"
    captured.write_text(json.dumps(vector), "utf-8")
    assert run("verify-delivery", str(captured)) == 0
    verdict = json.loads(capsys.readouterr().out)
    assert verdict["accepted"] is vector["expected"], verdict["reason"]
    for key, value in vector.get("expected_response", {}).items():
        assert verdict["response"][key] == value
    assert verdict["reason"]


def test_the_commands_run_from_a_shell() -> None:
    payload = ROOT / "fixtures" / "facebook" / "messenger_text.json"
    program = (
        "import argparse, sys; from infra import platform_commands as c; p = argparse.ArgumentParser(); "
    )
    program += "c.register(p.add_subparsers()); a = p.parse_args(); sys.exit(a.run(a))"
    words = ["parse", "--platform", "facebook", "--own", "102938475610293", "-"]
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "infra", *words],
        input=payload.read_bytes(),
        capture_output=True,
        cwd=REPOSITORY,
        check=True,
    )
    assert json.loads(done.stdout) == expected_of(payload)["records"][0]
