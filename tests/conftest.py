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

EMULATORS = frozenset({"emulator", "aws"})


def pytest_itemcollected(item: pytest.Item) -> None:
    """Keep all that needs an emulator in one process when tests run in two: one emulator is enough for two cores.

    Marked as it is collected: once everything is, the groups have been read.
    """
    asked = EMULATORS & set(getattr(item, "fixturenames", ())) or "/e2e/" in item.path.as_posix()
    if asked or item.get_closest_marker("e2e"):
        item.add_marker(pytest.mark.xdist_group("emulator"))


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """A running emulator; tests keep apart by the names of what they create in it."""
    with running_emulator() as running:
        yield running
