"""``python -m infra conversation``: close, pause, resume, hand over and follow up, from the command line.

Each act is the one that Slack's buttons and the linked page do; nothing is decided here. Answering is `reply`'s.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chalicelib.domain.oncall_words import Misworded, read_duration
from chalicelib.domain.teamfile.schedules import read_instant
from infra.acting import add_person, person
from infra.failures import CommandError, explained
from infra.oncall_show import print_json, utc

if TYPE_CHECKING:
    from chalicelib.domain.conversation import Conversation
    from chalicelib.domain.follow_up_rows import FollowUp
    from chalicelib.wiring import Container

Subparsers = Any  # argparse keeps the type of add_subparsers to itself


@dataclass(frozen=True, slots=True)
class Told:
    """What is said after an act: to programs, and to people."""

    facts: dict[str, Any]
    words: str


Act = Callable[["Container", argparse.Namespace, str, datetime], Told]


def register(subparsers: Subparsers) -> None:
    """Add `conversation` and its acts."""
    conversation = subparsers.add_parser("conversation", help="close, pause, hand over or follow one up")
    commands = conversation.add_subparsers(title="acts", metavar="ACT", required=True)
    close = _command(
        commands, "close", _close, "close it without an answer; a later post opens it again",
        'close 3f2a9c0d1e4b5a697881 "answered by phone"',
    )  # fmt: skip
    close.add_argument("reason", metavar="REASON", help="why no answer is needed")
    pause = _command(
        commands, "pause", _pause, "stop its clock until a moment, for a reason that stays visible",
        'pause 3f2a9c0d1e4b5a697881 "waits for the depot" --for 2h',
    )  # fmt: skip
    pause.add_argument("reason", metavar="REASON", help="what it waits for")
    _add_when(pause, "how long")
    _command(
        commands, "resume", _resume, "end its pause now; what it held back is owed anew",
        "resume 3f2a9c0d1e4b5a697881",
    )  # fmt: skip
    reassign = _command(
        commands, "reassign", _reassign, "give it to somebody, who is paged at once",
        "reassign 3f2a9c0d1e4b5a697881 ben",
    )  # fmt: skip
    reassign.add_argument("to", metavar="PERSON", help="who is to have it")
    hide = _command(
        commands, "hide", _hide, "hide a public post that shows personal data; its author still waits",
        "hide 3f2a9c0d1e4b5a697881",
    )  # fmt: skip
    hide.add_argument("--post", metavar="ID", help="which post (the one that is shown)")
    follow_up = _command(
        commands, "follow-up", _follow_up, "put it back in the queue later; you are told first",
        'follow-up 3f2a9c0d1e4b5a697881 "has the refund arrived?" --in 2d',
    )  # fmt: skip
    follow_up.add_argument("reason", metavar="REASON", nargs="?", help="what to look for then")
    _add_when(follow_up, "in how long", name="--in")
    follow_up.add_argument(
        "--cancel", metavar="PERSON", help="take that person's follow-up back, instead of asking for one"
    )


def _command(commands: Subparsers, name: str, act: Act, about: str, example: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name,
        help=about,
        description=f"{about[:1].upper()}{about[1:]}.",
        epilog=f"example: python -m infra conversation {example}",
    )
    command.add_argument("conversation", metavar="CONVERSATION", help="its id, as the queue shows it")
    add_person(command, "acts")
    command.set_defaults(func=explained(run), act=act)
    return command


def _add_when(command: argparse.ArgumentParser, what: str, *, name: str = "--for") -> None:
    when = command.add_mutually_exclusive_group()
    when.add_argument(name, dest="after", metavar="TIME", help=f"{what}: 30m, 2h, 2d")
    when.add_argument("--until", metavar="T", help='or the local time of its team: "2027-01-12 09:00"')


def run(args: argparse.Namespace) -> int:
    """Do it, and say how the conversation stands now."""
    from infra.deployed import installation

    return acted(args, installation(args.stage))


def acted(args: argparse.Namespace, box: Container) -> int:
    """Do one act in somebody's name. Raises: CommandError, Conflict, NotFound."""
    by, now = person(args.by, box.teams.current()), box.clock.now()
    told: Told = args.act(box, args, by, now)
    if args.json:
        print_json(told.facts)
    else:
        print(told.words)
    return 0


def _close(box: Container, args: argparse.Namespace, by: str, at: datetime) -> Told:
    return _standing(box.replies.close(args.conversation, by, args.reason, at))


def _pause(box: Container, args: argparse.Namespace, by: str, at: datetime) -> Told:
    return _standing(box.replies.pause(args.conversation, by, args.reason, until=_when(box, args, at), at=at))


def _resume(box: Container, args: argparse.Namespace, by: str, at: datetime) -> Told:
    return _standing(box.replies.resume(args.conversation, by, at))


def _reassign(box: Container, args: argparse.Namespace, by: str, at: datetime) -> Told:
    return _standing(box.claims.reassign(args.conversation, to=args.to, by=by, at=at))


def _hide(box: Container, args: argparse.Namespace, by: str, at: datetime) -> Told:
    return _standing(box.hiding.hide(args.conversation, by=by, at=at, post_id=args.post))


def _follow_up(box: Container, args: argparse.Namespace, by: str, at: datetime) -> Told:
    if args.cancel is not None:
        return _wish(box.follow_ups.cancel(args.conversation, of=args.cancel, by=by, at=at))
    if args.reason is None:
        raise CommandError('Say what to look for then: conversation follow-up ID "has it arrived?" --in 2d')
    due_at = _when(box, args, at)
    return _wish(box.follow_ups.ask(args.conversation, by, args.reason, due_at=due_at, at=at))


def _when(box: Container, args: argparse.Namespace, now: datetime) -> datetime:
    """Return the instant that was asked for. Raises: CommandError."""
    try:
        if args.after is not None:
            return now + read_duration(args.after)
        if args.until is not None:
            return read_instant(args.until, _zone(box, args.conversation))
    except Misworded as fault:
        raise CommandError(f"{fault.wrong}; {fault.write}.") from fault
    raise CommandError('Say until when: a time from now such as 2h or 2d, or --until "2027-01-12 09:00".')


def _zone(box: Container, conversation_id: str) -> str:
    """Return the zone of the conversation's team."""
    from chalicelib.domain.conversation import Conversation

    found = box.store.get(Conversation, conversation_id)
    team = box.teams.current().teams.get(found.team) if found else None
    return team.tz if team else "UTC"


def _standing(found: Conversation) -> Told:
    """Say how a conversation stands."""
    claim, deadline_at, paused_until = found.claim, found.deadline_at, found.paused_until
    words = [found.state.replace("_", " ")]
    words += [f"owned by {claim.owner}"] if claim else []
    words += [f"due {_moment(deadline_at)}"] if deadline_at else []
    words += [f"until {_moment(paused_until)}"] if paused_until else []
    facts = {
        "conversation": found.id,
        "state": found.state,
        "owner": claim.owner if claim else None,
        "deadline_at": utc(deadline_at) if deadline_at else None,
        "paused_until": utc(paused_until) if paused_until else None,
    }
    return Told(facts, f"{found.id} is {', '.join(words)}. See: python -m infra timeline {found.id}")


def _wish(row: FollowUp) -> Told:
    """Say what became of somebody's wish to look again."""
    facts = {
        "conversation": row.conversation_id,
        "by": row.by,
        "due_at": utc(row.due_at),
        "state": row.state,
    }
    words = f"{row.by}'s follow-up of {row.conversation_id}, due {_moment(row.due_at)}: {row.state}."
    return Told(facts, words)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
