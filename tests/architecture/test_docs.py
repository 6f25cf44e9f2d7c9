"""What the documents and `make help` promise exists."""

from __future__ import annotations

import argparse
import re
import subprocess
from pathlib import Path

import pytest

from infra.__main__ import MODULES, parser
from tests.architecture.source import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
TARGETS = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


def commands() -> set[str]:
    actions = [action for action in parser()._actions if isinstance(action, argparse._SubParsersAction)]  # noqa: SLF001
    return set(actions[0].choices)


def test_make_help_lists_every_target_and_each_has_a_recipe() -> None:
    """The promised ones are there; help prints them all; make can plan each of them."""
    assert {"install", "demo", "test", "test-deep", "check", "bench", "deploy", "destroy", "help"} <= TARGETS
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^  make ([a-z-]+) ", told, re.MULTILINE)) == TARGETS
    subprocess.run(["make", "--dry-run", *sorted(TARGETS)], cwd=ROOT, capture_output=True, check=True)


def test_every_command_that_make_runs_exists() -> None:
    """`python -m infra deploy` and its like."""
    used = set(re.findall(r"-m infra ([a-z-]+)", (ROOT / "Makefile").read_text()))
    assert used
    assert used <= commands()


@pytest.mark.parametrize("name", MODULES)
def test_every_module_of_the_command_line_is_there(name: str) -> None:
    """A missing one would be a missing command."""
    assert (ROOT / "infra" / f"{name}.py").exists() or (ROOT / "infra" / name / "__init__.py").exists()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_name_only_commands_and_files_that_exist(path: Path) -> None:
    """Every `make x`, every `python -m infra x` and every linked page of the repository."""
    text = path.read_text(encoding="utf-8")
    assert set(re.findall(r"`(?:\w+=\w+ )?make ([a-z-]+)", text)) <= TARGETS
    assert set(re.findall(r"python -m infra ([a-z-]+)", text)) <= commands()
    links = [link for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link]
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_every_failure_leads_to_a_section_of_the_runbook() -> None:
    """Whoever reads the log line at night finds what to do."""
    named = {
        section
        for path in (ROOT / "chalicelib").rglob("*.py")
        for section in re.findall(
            r"runbook(?::\s*str\s*)?\s*=\s*\"([a-z-]+)\"|runbook\.md#([a-z-]+)", path.read_text()
        )
        for section in section
        if section
    }
    headings = re.findall(r"^#+ (.+)$", (ROOT / "docs" / "runbook.md").read_text(), re.MULTILINE)
    assert named
    assert named <= {heading.lower().replace(" ", "-") for heading in headings}
