"""Every command explains itself: what it does, and one line to copy."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import pytest

from infra.__main__ import parser


def leaves(command: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Yield the commands that do something, below a command."""
    groups = [a for a in command._actions if isinstance(a, argparse._SubParsersAction)]  # noqa: SLF001
    if not groups:
        yield command
    for group in groups:
        for inner in group.choices.values():
            yield from leaves(inner)


@pytest.mark.parametrize(
    "command", tuple(leaves(parser())), ids=lambda command: command.prog.split(" ", 3)[-1]
)
def test_every_command_has_a_description_and_an_example_of_itself(command: argparse.ArgumentParser) -> None:
    """Nobody should have to guess at three in the morning."""
    told = " ".join(command.format_help().split())
    assert f"example: {command.prog}" in told
    assert command.description
    assert "``" not in told
