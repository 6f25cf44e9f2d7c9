"""What a cold start pays for: `import app` stays light, and so does the command line."""

from __future__ import annotations

import subprocess
import sys

from tests.architecture.source import ROOT

HEAVY = {"boto3", "botocore", "requests", "slack_sdk", "jinja2", "urllib3"}


def loaded_by(statement: str) -> set[str]:
    """Return the top-level modules that a fresh process holds after a statement."""
    code = f"{statement}\nimport sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(ran.stdout.split())


def test_importing_the_app_loads_nothing_heavy() -> None:
    """Clients and templates wait until a handler needs them."""
    loaded = loaded_by("import app")
    assert "chalice" in loaded
    assert not loaded & HEAVY


def test_the_command_line_starts_without_aws() -> None:
    """`who is on call` must not wait for boto3."""
    loaded = loaded_by("from infra.__main__ import parser; parser()")
    assert "argparse" in loaded
    assert not loaded & HEAVY
