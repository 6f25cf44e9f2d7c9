"""Finds the shared vectors and fixtures, which live beside the repository and never inside it.

Tests that read them carry ``needs_shared`` and skip, saying so, on a machine that does not have them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def _locate() -> Path | None:
    beside = Path(__file__).resolve().parents[2] / "shared"
    named = Path(os.environ.get("NIGHTDESK_SHARED", beside))
    return named if (named / "platforms").is_dir() else None


SHARED: Path | None = _locate()

needs_shared = pytest.mark.skipif(
    SHARED is None,
    reason="the shared vectors are absent: set NIGHTDESK_SHARED to the folder that holds platforms/ and oncall/",
)
