"""What all tests share: one AWS emulator for a whole run, started by whoever asks first; how examples are drawn."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from infra.local import Emulator, running_emulator

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")
"""No test depends on how fast the machine is, and CI draws the same examples each time."""


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """A running emulator; tests keep apart by the names of what they create in it."""
    with running_emulator() as running:
        yield running
