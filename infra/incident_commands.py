"""`incidents`: what of ours is broken, and who is at it. Holding one keeps it from paging others for a while.

Nothing is mended here: an incident ends when what broke is seen to work again.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from infra.acting import add_person, person
from infra.failures import CommandError, explained

if TYPE_CHECKING:
    from chalicelib.domain.polling_rows import Incident
    from chalicelib.domain.team import TeamFile
    from chalicelib.wiring import Container

Subparsers = Any  # argparse keeps the type of add_subparsers to itself


def register(commands: Subparsers) -> None:
    """Add `incidents`."""
    command = commands.add_parser(
        "incidents",
        help="list what is broken and pages; hold one while you are at it",
        description="List what is broken and pages by the ladder, and who holds it.",
        epilog="example: python -m infra incidents",
    )
    command.add_argument("--stage", default="prod", help="which installation (prod)")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(func=explained(run_list))
    acts = command.add_subparsers(title="acts", metavar="ACT")
    hold = acts.add_parser(
        "hold",
        help="say that you are at it: nobody is paged for it for a while",
        description="Say that you are at it: nobody is paged for it until then, unless it is mended and breaks again.",
        epilog="example: python -m infra incidents hold token:x:1500 --by ana --length 2h",
    )
    hold.add_argument("key", metavar="KEY", help="its name, as the list and its pages show it")
    hold.add_argument("--length", default="4h", help="for how long, at most 24h (4h)")
    add_person(hold, "is at it", below=True)
    hold.set_defaults(func=explained(run_hold))


def run_list(args: argparse.Namespace) -> int:
    """Print every open incident."""
    from infra.deployed import installation

    box = installation(args.stage)
    found = box.incidents.open(keys(box.teams.current()))
    if args.json:
        print(json.dumps([_facts(one) for one in found], ensure_ascii=False))
    else:
        print(
            "\n".join(_words(one, box.clock.now()) for one in found) or "Nothing is broken that we know of."
        )
    return 0


def run_hold(args: argparse.Namespace) -> int:
    """Hold one incident."""
    from infra.deployed import installation

    return held(args, installation(args.stage))


def held(args: argparse.Namespace, box: Container) -> int:
    """Hold it in a person's name, and say until when."""
    from chalicelib.domain.oncall_words import Misworded, read_duration

    try:
        length: timedelta = read_duration(args.length)
    except Misworded as fault:
        raise CommandError(f"--length: {fault.wrong}: {fault.write}.") from fault
    by, now = person(args.by, box.teams.current()), box.clock.now()
    mine = box.incidents.held(args.key, by, now, length=length)
    print(json.dumps(_facts(mine)) if args.json else _words(mine, now))
    return 0


def keys(team: TeamFile) -> Iterator[str]:
    """Yield the name of every incident there may be."""
    from chalicelib.platforms.sweeping import streams
    from chalicelib.services.carrier_watch import KEY

    yield KEY
    for account in team.accounts.values():
        about = f"{account.platform}:{account.id}"
        yield from (f"{kind}:{about}" for kind in ("token", "silent", "access"))
        yield from (f"sweep:{about}:{stream}" for stream in streams(account.platform))


def _words(incident: Incident, now: datetime) -> str:
    until = incident.held_until
    who = f", {incident.held_by} has it until {until:%H:%M} UTC" if until and until > now else ""
    return f"{incident.key}  since {incident.opened_at:%Y-%m-%d %H:%M} UTC{who}: {incident.words}"


def _facts(incident: Incident) -> dict[str, Any]:
    until = incident.held_until
    return {
        "key": incident.key,
        "since": incident.opened_at.isoformat(),
        "words": incident.words,
        "held_by": incident.held_by,
        "held_until": until.isoformat() if until else None,
    }
