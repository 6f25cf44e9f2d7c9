"""Who acts at the command line: every act on a conversation names a person of the team file.

Nothing is done here; the commands that act share these words.
"""

from __future__ import annotations

import argparse
import getpass

from chalicelib.domain.team import TeamFile
from infra.failures import CommandError


def add_person(command: argparse.ArgumentParser, what: str, *, below: bool = False) -> None:
    """Let a command be told who acts, and where; ``below`` one that is told where, its word stands."""
    stage, as_json = (argparse.SUPPRESS, argparse.SUPPRESS) if below else ("prod", False)
    command.add_argument("--stage", default=stage, help="which installation (prod)")
    command.add_argument("--by", metavar="PERSON", help=f"who {what} (your user name)")
    command.add_argument("--json", action="store_true", default=as_json, help="print JSON")


def person(named: str | None, team: TeamFile) -> str:
    """Return who acts. Raises: CommandError naming everybody, where nobody is called that."""
    by = named or getpass.getuser()
    if by not in team.people:
        raise CommandError(
            f"Nobody is called {by}: name yourself with --by, one of {', '.join(sorted(team.people))}."
        )
    return by
