"""One AWS emulator for a whole test run; whoever asks for it first starts it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from infra.local import Emulator, running_emulator

EMULATORS = frozenset({"emulator", "aws"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep all that needs an emulator in one process when tests run in two: one emulator is enough for two cores."""
    for item in items:
        asked = EMULATORS & set(getattr(item, "fixturenames", ()))
        if asked or item.get_closest_marker("e2e"):
            item.add_marker(pytest.mark.xdist_group("emulator"))


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """A running emulator; tests keep apart by the names of what they create in it."""
    with running_emulator() as running:
        yield running
