"""``oncall override`` and ``oncall test-page``: what changes something, and so needs the installation."""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.schedule import schedule_of
from chalicelib.domain.team import Override
from chalicelib.domain.teamfile.schedules import read_instant
from chalicelib.errors import Misconfigured
from infra.oncall_show import print_json, utc, wall

AddQuestion = Callable[[Any, str, Callable[[argparse.Namespace], int], str, str], argparse.ArgumentParser]


def register(questions: Any, add: AddQuestion) -> None:  # noqa: ANN401  argparse keeps this type to itself
    """Add ``override`` and ``test-page``."""
    example = 'override primary --who ben --from "2027-02-10 09:00" --to "2027-02-12 09:00"'
    override = add(questions, "override", run_override, "put somebody else on call for a while", example)
    override.add_argument("schedule")
    override.add_argument("--who", required=True, help="who takes over")
    override.add_argument(
        "--from", dest="start", metavar="T", help="local time of the schedule; now if left out"
    )
    override.add_argument("--to", required=True, metavar="T", help="local time of the schedule")
    override.add_argument("--away", metavar="PERSON", help="only where this person would have been on call")
    test_page = add(
        questions, "test-page", run_test_page, "page a person now, to see that it arrives", "test-page ana"
    )
    test_page.add_argument("person")


def run_override(args: argparse.Namespace) -> int:
    """Add an override and say what it replaces."""
    versions = _installation(args).team_versions(args.stage)
    team = versions.current()
    tz = schedule_of(team, args.schedule).tz
    now = datetime.now(UTC).replace(microsecond=0)
    start = now if args.start is None else read_instant(args.start, tz)
    asked = Override(
        args.schedule, start, read_instant(args.to, tz), args.who, args.away, by=getpass.getuser()
    )
    made = versions.add_override(asked, now)
    if args.json:
        print_json(
            {
                "id": made.id,
                "schedule": made.schedule,
                "from": utc(made.from_at),
                "to": utc(made.until_at),
                "who": made.who,
                "away": made.away,
                "by": made.by,
            }
        )
    else:
        print(
            f"{made.who} is on call for {made.schedule} from {wall(made.from_at, tz)} to {wall(made.until_at, tz)} ({tz})."
        )
    return 0


def run_test_page(args: argparse.Namespace) -> int:
    """Page a person on every contact, marked as a test."""
    sent = _installation(args).test_page(args.stage, args.person)
    for line in sent:
        print(line)
    return 0


def _installation(args: argparse.Namespace) -> Any:  # noqa: ANN401  a module
    """Return the door to the installation. Raises: Misconfigured for a file, which cannot be changed from here."""
    if args.team is not None:
        raise Misconfigured(
            "this changes an installation, not a file: leave out --team, and name it with --stage"
        )
    from infra import deployed

    return deployed
