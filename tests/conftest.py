"""One AWS emulator for a whole test run; whoever asks for it first starts it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from infra.local import Emulator, running_emulator


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """A running emulator; tests keep apart by the names of what they create in it."""
    with running_emulator() as running:
        yield running
