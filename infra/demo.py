"""``python -m infra demo``: the whole stack on this machine, and one Saturday night in two minutes.

Starts the emulator, deploys the template of production into it, starts the stand-in for Slack, phones and
Meta, and plays ``demo_story``. Everything ends with it.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from functools import partial
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infra.demo_told import Teller
    from infra.local import LocalStack
    from infra.standin.server import Standin

STAGE = "demo"
TEAM = Path(__file__).parent / "demo_team.toml"
SIGNING_SECRET = "demo-signing-secret"  # noqa: S105  (known to this machine's stand-in alone)
SECRETS = {
    "slack/signing_secret": SIGNING_SECRET,
    "slack/bot_token": "xoxb-demo",
    "apps/facebook/acme-meta/secret": "demo-meta-secret",
    "apps/facebook/acme-meta/verify_token": "demo-verify",
    "apps/instagram/acme-meta/secret": "demo-meta-secret",
    "apps/instagram/acme-meta/verify_token": "demo-verify",
}


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the operator's command line."""
    command = subparsers.add_parser("demo", help="play a Saturday night on this machine", description=__doc__)
    command.add_argument("--once", action="store_true", help="play once, check the story, end with 0 or 1")
    command.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Play, and return 0 if the night went as it should."""
    from infra.demo_check import faults
    from infra.demo_story import Night, StoryError, place
    from infra.demo_told import Teller

    with _stage() as (standin, stack):
        teller = Teller(partial(place, standin), partial(_name, standin))
        night = Night(standin, teller.act)
        _welcome(standin, stack)
        if not args.once:
            input("Open that page, then press Enter to let the night begin. ")
        teller.begin()
        standin.world.listeners.append(teller)
        try:
            night.play()
            wrong = faults(night, standin.world)
        except StoryError as broken:
            wrong = [str(broken)]
        _verdict(teller, wrong)
        if not args.once:
            input("Everything still runs: press buttons on the page. Enter ends it. ")
    return 1 if wrong else 0


@contextmanager
def _stage() -> Iterator[tuple[Standin, LocalStack]]:
    """Run stand-in, emulator and stack for the length of the block."""
    from infra.demo_story import FACEBOOK, INSTAGRAM, PEOPLE
    from infra.local import local_stack
    from infra.standin.phones import watched
    from infra.standin.server import Standin

    standin = Standin(signing_secret=SIGNING_SECRET, brands=[FACEBOOK, INSTAGRAM], people=PEOPLE)
    addresses = {
        "SlackApiUrl": standin.slack_api_url,
        "GraphApiUrl": standin.graph_api_url,
        "GraphInstagramApiUrl": standin.graph_api_url,
    }
    print("Deploying the stack into the local emulator …", flush=True)
    with standin.running(), local_stack(STAGE, addresses) as stack:
        _prepare(stack)
        standin.connect(stack.api_url)
        with watched(standin.world, stack.texts):
            yield standin, stack


def _prepare(stack: LocalStack) -> None:
    """Write the secrets, put the team file in force, and see that a function answers."""
    from infra import team_commands

    for name, value in SECRETS.items():
        stack.client("ssm").put_parameter(Name=f"/nightdesk/{STAGE}/{name}", Value=value, Type="SecureString")
    os.environ.update(stack.environment)
    with redirect_stdout(StringIO()):
        team_commands.push(STAGE, TEAM)
    stack.invoke("tick")


def _welcome(standin: Standin, stack: LocalStack) -> None:
    print(f"\n  Phones, Slack and the customers' threads:  {standin.url}")
    print(f"  The deployed API:                          {stack.api_url}")
    print(f"  The emulator's own log:                    {stack.emulator.log}\n", flush=True)


def _name(standin: Standin, who: str) -> str:
    """Return whose phone or Slack member id this is."""
    return next((p.name for p in standin.pages.people if who in (p.slack, p.phone)), who)


def _verdict(teller: Teller, wrong: list[str]) -> None:
    for fault in wrong:
        teller.line("bad", f"WRONG: {fault}")
    if not wrong:
        teller.line("good", "The night went as it should: every expected page happened, and no other.")
