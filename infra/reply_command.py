"""`reply`: answer a conversation from the command line; it is sent like any answer typed in Nightdesk."""

from __future__ import annotations

import argparse
import getpass
import json
from typing import Any

from infra.failures import CommandError, explained

Subparsers = Any  # argparse keeps the type of add_subparsers to itself


def register(commands: Subparsers) -> None:
    """Add `reply`."""
    command = commands.add_parser(
        "reply",
        help="answer a conversation; it is never sent twice",
        description="Answer a conversation; it is sent like any answer typed in Nightdesk, and never twice.",
        epilog='example: python -m infra reply 3f2a9c0d1e4b5a697881 "It is on its way."',
    )
    command.add_argument("conversation", metavar="CONVERSATION", help="its id, as the queue shows it")
    command.add_argument("text", metavar="TEXT", help="the answer, as the customer is to read it")
    command.add_argument("--stage", default="prod", help="which installation (prod)")
    command.add_argument("--by", metavar="PERSON", help="who answers (your user name)")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(func=explained(run))


def run(args: argparse.Namespace) -> int:
    """Save the answer and have it sent. What became of it is in the conversation's timeline."""
    from infra.deployed import installation

    box = installation(args.stage)
    by = args.by or getpass.getuser()
    people = box.teams.current().people
    if by not in people:
        raise CommandError(
            f"Nobody is called {by}: name yourself with --by, one of {', '.join(sorted(people))}."
        )
    reply = box.replies.reply(args.conversation, args.text, by, box.clock.now())
    if args.json:
        print(
            json.dumps(
                {"conversation": reply.conversation_id, "reply": reply.id, "to": reply.to_post_id, "by": by}
            )
        )
    else:
        print(f"Saved as {reply.id}, and on its way. See: python -m infra timeline {reply.conversation_id}")
    return 0
