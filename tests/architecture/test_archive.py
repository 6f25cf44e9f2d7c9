"""The archive as Lambda gets it: complete, lean, and already compiled."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra import package
from infra.staging import CACHE_TAG

MOST_BYTES = 12_000_000


@pytest.fixture(scope="module")
def archive() -> Path:
    return package.build("archive").archive


@pytest.fixture(scope="module")
def unpacked(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    task = tmp_path_factory.mktemp("task")
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(task)
    return task


def test_the_archive_is_complete(unpacked: Path) -> None:
    """Everything but boto3, which Lambda's Python brings, imports from the archive alone."""
    modules = "app, chalicelib.entry, requests, slack_sdk, jinja2, tzdata, aws_lambda_powertools"
    code = f"import sys; sys.path.insert(0, {str(unpacked)!r}); import {modules}; print(app.__file__)"
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout.strip()) == (0, str(unpacked / "app.py")), ran.stderr


def test_the_archive_is_lean(archive: Path) -> None:
    """No tests, no fixtures, no boto3; a cold start unpacks all that is there."""
    names = {name.split("/")[0] for name in zipfile.ZipFile(archive).namelist()}
    assert not names & {"boto3", "botocore", "tests", "infra", "pip", "bin"}
    assert archive.stat().st_size < MOST_BYTES


def test_every_module_is_compiled_for_the_function_s_python(archive: Path) -> None:
    """The folder is read-only on Lambda: what is not compiled here is compiled at every cold start."""
    names = set(zipfile.ZipFile(archive).namelist())
    sources = [Path(name) for name in names if name.endswith(".py")]
    missing = [
        str(path)
        for path in sources
        if str(path.parent / "__pycache__" / f"{path.stem}.{CACHE_TAG}.pyc") not in names
    ]
    assert missing == []
