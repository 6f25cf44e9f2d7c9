"""The registry is explicit and lazy: a hook pays for its own platform only."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.errors import NotFound
from chalicelib.platforms import registry

LOADED = """
import sys
from chalicelib.platforms import registry
{then}
print(*sorted(n for n in registry.PLATFORMS if registry.PLATFORMS[n] in sys.modules))
"""


def loaded(then: str) -> list[str]:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", LOADED.format(then=then)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    return done.stdout.split()


def test_importing_the_registry_loads_no_platform() -> None:
    assert loaded("") == []


@pytest.mark.parametrize("name", sorted(registry.PLATFORMS))
def test_asking_for_a_platform_loads_that_one_alone(name: str) -> None:
    assert loaded(f"registry.platform({name!r})") == [name]


def test_an_unknown_platform_is_not_found_and_the_known_ones_are_named() -> None:
    with pytest.raises(NotFound, match="facebook, "):
        registry.platform("myspace")
    with pytest.raises(NotFound):
        registry.platform("../facebook")
