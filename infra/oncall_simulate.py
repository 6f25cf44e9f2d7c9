"""``oncall simulate``: what would be heard about one post, from receipt until after the deadline."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import groupby
from textwrap import fill
from typing import Any

from chalicelib.domain.oncall_rehearsal import Claiming, Heard, Promise, rehearse
from chalicelib.domain.oncall_words import Misworded, read_duration
from chalicelib.domain.team import NOBODY, TeamFile
from chalicelib.errors import Misconfigured, NotFound
from infra.oncall_files import asked_instant, source_of
from infra.oncall_show import WIDTH, print_json, utc, wall

LONGEST = timedelta(days=366)
_CLAIM = re.compile(r"(\S+(?: \d\d:\d\d\S*)?) by (\S+)")
AddQuestion = Callable[[str, Callable[[argparse.Namespace], int], str, str], argparse.ArgumentParser]


def register(add: AddQuestion) -> None:
    """Add ``simulate``."""
    about = "who would be paged about a post, when, on which contact, and why"
    example = 'simulate --received 2027-01-04T02:00Z --deadline 2027-01-04T03:00Z --claim "2027-01-04T02:45Z by dev"'
    command = add("simulate", run, about, example)
    command.add_argument(
        "--received", required=True, metavar="T", help="when the post was received (UTC unless it says)"
    )
    command.add_argument("--deadline", required=True, metavar="T", help="when its answer is due")
    command.add_argument(
        "--claim", action="append", default=[], metavar='"T by P"', help="P claims it at T; may be repeated"
    )
    command.add_argument("--policy", metavar="NAME", help='the escalation policy; "default" if left out')
    command.add_argument(
        "--hours", metavar="NAME", help="the opening calendar its percent steps are spent in"
    )
    command.add_argument(
        "--for",
        dest="after",
        default="4h",
        metavar="DURATION",
        help="how long after the deadline to go on (4h)",
    )


def run(args: argparse.Namespace) -> int:
    """Rehearse and print."""
    received, deadline = (asked_instant(words, "UTC") for words in (args.received, args.deadline))
    if deadline < received:
        raise Misconfigured(
            "the deadline is before the post is received: --deadline must not precede --received"
        )
    until = deadline + read_after(args.after)
    claims = [read_claim(words) for words in args.claim]
    source = source_of(args, (received, deadline))
    demand_people(source.team, claims)
    promise = Promise(
        received, deadline, ladder_of(source.team, args.policy), args.hours, next(iter(source.team.teams), "")
    )
    heard = rehearse(source.team, promise, claims, until, source.overrides)
    if args.json:
        print_json([as_heard(one) for one in heard])
    else:
        print_heard(heard)
    return 0


def ladder_of(team: TeamFile, name: str | None) -> str:
    """Return the escalation policy asked for, or the usual one. Raises: NotFound."""
    usual = "default" if "default" in team.escalation else next(iter(team.escalation), "default")
    if (name or usual) not in team.escalation:
        known = ", ".join(team.escalation) or "none"
        raise NotFound(f"there is no escalation policy {name or usual!r}; the team file has: {known}")
    return name or usual


def demand_people(team: TeamFile, claims: Sequence[Claiming]) -> None:
    """Refuse claims by people the file does not know. Raises: NotFound."""
    turns = (person for schedule in team.schedules.values() for x in schedule.layers for person in x.rotate)
    known = {*team.people, *turns} - {NOBODY}
    for claim in claims:
        if claim.by not in known:
            raise NotFound(f"nobody is called {claim.by!r}; the team file has: {', '.join(sorted(known))}")


def read_after(words: str) -> timedelta:
    """Read how long to go on. Raises: Misworded, also for what would take for ever."""
    try:
        after = read_duration(words)
    except OverflowError:
        after = timedelta.max
    if after > LONGEST:
        raise Misworded(f"{words!r} is too long", f"write {LONGEST.days}d or less")
    return after


def read_claim(words: str) -> Claiming:
    """Read ``T by P``. Raises: Misworded."""
    match = _CLAIM.fullmatch(words.strip())
    if match is None:
        raise Misworded(f"{words!r} is not a claim", 'write it as "2027-01-04T02:45Z by dev"')
    return Claiming(asked_instant(match[1], "UTC"), match[2])


def as_heard(heard: Heard) -> dict[str, Any]:
    """Return one page or tell as JSON has it; steps count from 0, as in the file."""
    return {
        "at": utc(heard.at),
        "step": int(heard.step) if heard.step.isdigit() else heard.step,
        "n": heard.n,
        "person": heard.person,
        "contact": heard.contact,
        "channel": heard.channel,
        "reason": heard.reason,
    }


def print_heard(heard: Sequence[Heard]) -> None:
    """Print what is heard, contacts of one firing together, each with its reason below."""
    together = groupby(heard, key=lambda one: (one.at, one.person, one.reason))
    for (at, person, reason), group in together:
        channels = ", ".join(one.channel for one in group)
        print(f"{wall(at, 'UTC')} UTC  {person or 'everybody'} on {channels}")
        print(fill(reason, WIDTH, initial_indent="    ", subsequent_indent="    "))
