"""``oncall override`` and ``oncall test-page``: what changes something, and so needs the installation."""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.schedule import schedule_of
from chalicelib.domain.team import Override
from chalicelib.errors import Misconfigured
from infra.oncall_files import asked_instant
from infra.oncall_show import print_json, utc, wall

AddQuestion = Callable[[str, Callable[[argparse.Namespace], int], str, str], argparse.ArgumentParser]


def register(add: AddQuestion) -> None:
    """Add ``override`` and ``test-page``."""
    example = 'override primary --who ben --from "2027-02-10 09:00" --to "2027-02-12 09:00"'
    override = add("override", run_override, "put somebody else on call for a while", example)
    override.add_argument("schedule")
    override.add_argument("--who", metavar="PERSON", help="who takes over")
    override.add_argument(
        "--from", dest="start", metavar="T", help="local time of the schedule; now if left out"
    )
    override.add_argument("--to", metavar="T", help="local time of the schedule")
    override.add_argument("--away", metavar="PERSON", help="only where this person would have been on call")
    override.add_argument("--end", metavar="ID", help="instead: end this override now")
    test_page = add("test-page", run_test_page, "page a person now, to see that it arrives", "test-page ana")
    test_page.add_argument("person")


def run_override(args: argparse.Namespace) -> int:
    """Add an override, or end one, and say so."""
    _refuse_a_file(args)
    from infra.deployed import team_versions

    versions = team_versions(args.stage)
    tz = schedule_of(versions.current(), args.schedule).tz
    made = (
        versions.end_override(args.schedule, args.end, by=getpass.getuser())
        if args.end
        else versions.add_override(asked(args, tz))
    )
    if args.json:
        print_json(as_override(made))
        return 0
    where = f" where {made.away} would have been" if made.away else ""
    span = f"from {wall(made.from_at, tz)} to {wall(made.until_at, tz)} ({tz})"
    print(f"{made.schedule}: {made.who} stands in{where} {span}.")
    print(f"To end it: python -m infra oncall override {made.schedule} --end {made.id} --stage {args.stage}")
    return 0


def asked(args: argparse.Namespace, tz: str) -> Override:
    """Return the override that the words ask for. Raises: Misworded, Misconfigured."""
    if args.who is None or args.to is None:
        raise Misconfigured("name who takes over and until when: --who ben --to '2027-02-12 09:00'")
    now = datetime.now(UTC).replace(microsecond=0)
    start = now if args.start is None else asked_instant(args.start, tz)
    return Override(
        args.schedule, start, asked_instant(args.to, tz), args.who, args.away, by=getpass.getuser()
    )


def as_override(made: Override) -> dict[str, Any]:
    """Return an override as JSON has it."""
    return {
        "id": made.id,
        "schedule": made.schedule,
        "from": utc(made.from_at),
        "to": utc(made.until_at),
        "who": made.who,
        "away": made.away,
        "by": made.by,
    }


def run_test_page(args: argparse.Namespace) -> int:
    """Page a person on every contact, marked as a test."""
    _refuse_a_file(args)
    from infra.deployed import test_page

    for line in test_page(args.stage, args.person):
        print(line)
    return 0


def _refuse_a_file(args: argparse.Namespace) -> None:
    if args.team is not None:
        raise Misconfigured(
            "this changes an installation, not a file: leave out --team, and name it with --stage"
        )
