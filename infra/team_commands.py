"""``python -m infra team``: check the team file, show what a new one changes, and put it in force.

Nothing is deployed: a version is rows in the table. Questions about who is on call are ``oncall``'s.
"""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib.domain.oncall_moves import move_words
from chalicelib.domain.teamfile import Faults, Findings
from chalicelib.errors import Misconfigured
from chalicelib.services.team_versions import Proposal
from infra.oncall_files import holidays_for, read_document, years_around
from infra.oncall_lint import coming_holidays, examined, moment, show
from infra.oncall_show import print_json, utc
from infra.team_platforms import platform_faults

TEAM_FILE = Path("infra/team.toml")


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the ``team`` commands to the operator's command line."""
    team = subparsers.add_parser("team", help="check the team file, and put a new one in force")
    commands = team.add_subparsers(title="commands", metavar="COMMAND", required=True)
    check = _command(
        commands,
        "check",
        run_check,
        "everything wrong with a file, at once; needs no AWS",
        "check --team infra/team.toml",
    )
    check.add_argument(
        "--at", metavar="T", help="check the 90 days from this instant on; from now if left out"
    )
    check.add_argument("--json", action="store_true", help="answer in JSON")
    push = _command(
        commands,
        "push",
        run_push,
        "show what a file changes for whom, ask, and put it in force",
        "push --stage prod",
    )
    push.add_argument("--stage", default="prod", help="the installation (prod)")
    push.add_argument("--yes", action="store_true", help="do not ask")
    shown = _command(commands, "show", run_show, "the file in force, as it was pushed", "show --stage prod")
    shown.add_argument("--stage", default="prod", help="the installation (prod)")
    shown.add_argument("--version", help="another version")
    shown.add_argument("--json", action="store_true", help="answer in JSON")


def _command(
    commands: Any,  # noqa: ANN401  argparse keeps this type to itself
    name: str,
    run: Callable[[argparse.Namespace], int],
    about: str,
    example: str,
) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=about, description=about, epilog=f"example: python -m infra team {example}"
    )
    if name != "show":
        command.add_argument(
            "--team", type=Path, default=TEAM_FILE, metavar="FILE", help=f"the file ({TEAM_FILE})"
        )
    command.set_defaults(func=run)
    return command


def run_check(args: argparse.Namespace) -> int:
    """Show every finding, what is missing for a deployment included, and the holidays that will count."""
    now = moment(args.at)
    findings = examined(args.team, now, to_deploy=True)
    if not args.json:
        _print_holidays(findings, now)
    return show(findings, as_json=args.json)


def _print_holidays(findings: Findings, now: datetime) -> None:
    for country, day in coming_holidays(findings, now):
        print(f"holiday: {day} ({country})")


def run_push(args: argparse.Namespace) -> int:
    """Check, show the changes, ask, activate."""
    return 0 if push(args.stage, args.team, ask=not args.yes) else 1


def push(stage: str, path: Path, *, ask: bool = False) -> bool:
    """Put a file in force and tell whether it now is; a file that is already in force changes nothing.

    Raises: Misconfigured, Conflict.
    """
    from infra.deployed import team_versions

    versions = team_versions(stage)
    proposal = propose(path, versions.propose)
    if proposal.is_in_force:
        print(f"{path} is already in force as version {proposal.version.id}.")
        return True
    if show_changes(proposal) or (ask and not _confirmed(stage)):
        print("Nothing was changed.")
        return False
    versions.activate(proposal)
    print(f"Version {proposal.version.id} is in force.")
    return True


def propose(path: Path, propose_text: Callable[..., Proposal]) -> Proposal:
    """Read a file, resolve its holidays and ask what it would change. Raises: Misconfigured."""
    document = read_document(path)
    if faults := platform_faults(document):
        raise Faults(faults)
    dates = holidays_for(document, years_around(()))
    return propose_text(path.read_text(encoding="utf-8"), dates, by=getpass.getuser())


def show_changes(proposal: Proposal) -> int:
    """Print findings, holidays and moved shifts; return 1 if faults stop the activation."""
    _print_holidays(proposal.findings, proposal.version.at)
    for move in proposal.moves:
        print(move_words(move, proposal.findings.team))
    return show(proposal.findings, as_json=False)


def _confirmed(stage: str) -> bool:
    try:
        return input(f"Put this in force for {stage}? [y/N] ").strip() == "y"
    except EOFError as fault:
        raise Misconfigured("nobody is here to ask: add --yes") from fault


def run_show(args: argparse.Namespace) -> int:
    """Print a version as it was pushed."""
    from infra.deployed import team_versions

    row = team_versions(args.stage).stored(args.version)
    if args.json:
        print_json({"version": row.id, "at": utc(row.at), "by": row.by, "text": row.text})
        return 0
    print(f"# version {row.id}, pushed by {row.by} at {row.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC")
    print(row.text.rstrip())
    return 0
