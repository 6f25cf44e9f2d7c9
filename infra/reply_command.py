"""`reply`: answer a conversation from the command line; it is sent like any answer typed in Nightdesk."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from infra.acting import add_person, person
from infra.failures import CommandError, explained

if TYPE_CHECKING:
    from chalicelib.domain.advice import Advice
    from chalicelib.domain.items import Reply
    from chalicelib.wiring import Container

Subparsers = Any  # argparse keeps the type of add_subparsers to itself


def register(commands: Subparsers) -> None:
    """Add `reply`."""
    command = commands.add_parser(
        "reply",
        help="answer a conversation; it is never sent twice",
        description=(
            "Answer a conversation; it is sent like any answer typed in Nightdesk, and never twice. What to think "
            "about again (personal data, a public question for it, words used too often) is said first."
        ),
        epilog='example: python -m infra reply 3f2a9c0d1e4b5a697881 "It is on its way."',
    )
    command.add_argument("conversation", metavar="CONVERSATION", help="its id, as the queue shows it")
    command.add_argument("text", metavar="TEXT", help="the answer, as the customer is to read it")
    where = command.add_mutually_exclusive_group()
    where.add_argument(
        "--private", dest="private", action="store_true", default=None, help="by direct message"
    )
    where.add_argument(
        "--public", dest="private", action="store_false", default=None, help="where all can read it"
    )
    command.add_argument("--anyway", action="store_true", help="send it in spite of what is said about it")
    add_person(command, "answers")
    command.set_defaults(func=explained(run))


def run(args: argparse.Namespace) -> int:
    """Save the answer and have it sent. What became of it is in the conversation's timeline."""
    from infra.deployed import installation

    return answer(args, installation(args.stage))


def answer(args: argparse.Namespace, box: Container) -> int:
    """Say what there is to say about the words; with nothing to say, or ``--anyway``, save and send them."""
    by, now = person(args.by, box.teams.current()), box.clock.now()
    advice = box.reply_advice.of(args.conversation, args.text, private=args.private, at=now)
    _demand(advice, anyway=args.anyway)
    reply = box.replies.reply(args.conversation, args.text, by, now, private=args.private)
    print(json.dumps(_facts(reply, advice)) if args.json else _words(reply))
    return 0


def _demand(advice: Advice, *, anyway: bool) -> None:
    """Let a text go that can be sent, and that its author has thought about. Raises: CommandError."""
    if advice.faults:
        raise CommandError(" ".join(("It cannot be sent.", *(f.words for f in advice.faults))))
    said = [warning.words for warning in advice.warnings]
    if said and not anyway:
        raise CommandError(" ".join(("Nothing was sent.", *said, "Add --anyway to send it as it is.")))
    for words in said:
        print(f"warning: {words}", file=sys.stderr)


def _facts(reply: Reply, advice: Advice) -> dict[str, Any]:
    return {
        "conversation": reply.conversation_id,
        "reply": reply.id,
        "to": reply.to_post_id,
        "by": reply.by,
        "private": reply.private,
        "warnings": [warning.concern for warning in advice.warnings],
    }


def _words(reply: Reply) -> str:
    way = "by direct message" if reply.private else "in public"
    return f"Saved as {reply.id}, and on its way {way}. See: python -m infra timeline {reply.conversation_id}"
