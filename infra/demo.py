"""``python -m infra demo``: the whole stack on this machine, and one Saturday night in two minutes.

Starts the emulator, deploys the template of production into it, starts the stand-in for Slack, phones and
Meta, and plays ``demo_story``. Everything ends with it.
"""

from __future__ import annotations

import argparse
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infra.demo_told import Teller
    from infra.local import LocalStack
    from infra.standin.server import Standin


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the operator's command line."""
    command = subparsers.add_parser(
        "demo",
        help="play a Saturday night on this machine",
        description="Deploy the whole stack into an emulator on this machine and play one Saturday night in two "
        "minutes, with stand-ins for Slack, phones and Meta. Everything ends with it.",
        epilog="example: python -m infra demo --once",
    )
    command.add_argument("--once", action="store_true", help="play once, check the story, end with 0 or 1")
    command.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Play, and return 0 if the night went as it should."""
    from infra.demo_stage import staged

    print("Deploying the stack into the local emulator …", flush=True)
    with staged() as (standin, stack):
        _welcome(standin, stack)
        if not args.once:
            _wait("Open the first page, then press Enter to let the night begin. ")
        wrong = _played(standin)
        if not args.once:
            _wait("Everything still runs: press buttons on the page. Enter ends it. ")
    return 1 if wrong else 0


def _played(standin: Standin) -> list[str]:
    """Play the night and return in words all that went wrong."""
    from infra.demo_check import faults
    from infra.demo_story import Night, StoryError, place
    from infra.demo_told import Teller

    teller = Teller(partial(place, standin), standin.pages.name_of)
    night = Night(standin, teller.act)
    standin.world.listeners.append(teller)
    try:
        night.play()
        wrong = faults(night, standin.world)
    except StoryError as broken:
        wrong = [str(broken), *faults(night, standin.world)]
    _verdict(teller, wrong)
    return wrong


def _welcome(standin: Standin, stack: LocalStack) -> None:
    print(f"\n  Phones, Slack and the customers' threads:  {standin.url}")
    print(f"  The deployed API:                          {stack.api_url}")
    print(f"  The emulator's own log:                    {stack.emulator.log}\n", flush=True)


def _wait(words: str) -> None:
    """Wait for a key; where there is no keyboard, go on."""
    with suppress(EOFError):
        input(words)


def _verdict(teller: Teller, wrong: list[str]) -> None:
    for fault in wrong:
        teller.line("bad", f"WRONG: {fault}")
    if not wrong:
        teller.line("good", "The night went as it should: every expected page happened, and no other.")
