"""``python -m infra playbooks``: check the playbooks, show what new ones change, and put them in force.

Nothing is deployed: a version is a row in the table. What they say is theirs; when they fit, ``domain/playbooks``'.
"""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Callable, Iterable
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.domain.teamfile.faults import Fault
from chalicelib.errors import Misconfigured, NotFound
from infra.oncall_files import read_file
from infra.oncall_show import counted, print_json, utc
from infra.playbook_files import SHIPPED, read_folder
from infra.team_commands import TEAM_FILE

if TYPE_CHECKING:
    from chalicelib.services.playbook_versions import PlaybookProposal
    from chalicelib.wiring import Container

Subparsers = Any  # argparse keeps the type of add_subparsers to itself


def register(subparsers: Subparsers) -> None:
    """Add the ``playbooks`` commands to the operator's command line."""
    playbooks = subparsers.add_parser("playbooks", help="check what agents are offered to say, and change it")
    commands = playbooks.add_subparsers(title="commands", metavar="COMMAND", required=True)
    lint = _command(
        commands, "lint", run_lint, "everything wrong with the playbooks, at once; needs no AWS",
        "lint infra/playbooks --team infra/team.toml",
    )  # fmt: skip
    _add_folder(lint)
    lint.add_argument(
        "--team", type=Path, default=TEAM_FILE, metavar="FILE", help=f"whose people they name ({TEAM_FILE})"
    )
    lint.add_argument("--json", action="store_true", help="answer in JSON")
    push = _command(
        commands, "push", run_push, "show what the playbooks change, ask, and put them in force",
        "push infra/playbooks --stage prod",
    )  # fmt: skip
    _add_folder(push)
    push.add_argument("--stage", default="prod", help="the installation (prod)")
    push.add_argument("--yes", action="store_true", help="do not ask")
    shown = _command(
        commands, "show", run_show, "the playbooks in force, as they were pushed", "show delays --stage prod"
    )
    shown.add_argument("name", nargs="?", metavar="NAME", help="one playbook (all of them)")
    shown.add_argument("--stage", default="prod", help="the installation (prod)")
    shown.add_argument("--version", help="another version")
    shown.add_argument("--json", action="store_true", help="answer in JSON")


def _command(
    commands: Subparsers, name: str, run: Callable[[argparse.Namespace], int], about: str, example: str
) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name,
        help=about,
        description=f"{about[:1].upper()}{about[1:]}.",
        epilog=f"example: python -m infra playbooks {example}",
    )
    command.set_defaults(func=run)
    return command


def _add_folder(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "folder", nargs="?", type=Path, default=SHIPPED, metavar="DIR", help="their folder (infra/playbooks)"
    )


def run_lint(args: argparse.Namespace) -> int:
    """Print every finding; 1 when there is a fault."""
    from chalicelib.services.playbook_versions import examined
    from chalicelib.wiring.playbook_names import playbook_names

    files = read_folder(args.folder)
    found = examined(files, playbook_names(read_file(args.team)))
    if args.json:
        print_json({"faults": _facts(found.faults), "warnings": _facts(found.warnings)})
    else:
        _print("fault", found.faults)
        _print("warning", found.warnings)
        counts = {"playbook": len(files), "fault": len(found.faults), "warning": len(found.warnings)}
        print(f"{', '.join(counted(number, noun) for noun, number in counts.items())}.")
    return 1 if found.faults else 0


def run_push(args: argparse.Namespace) -> int:
    """Check, show the changes, ask, put in force."""
    from infra.deployed import installation

    box = installation(args.stage)
    return 0 if push(box, args.folder, asked=None if args.yes else lambda: _confirmed(args.stage)) else 1


def push(box: Container, folder: Path, *, asked: Callable[[], bool] | None = None) -> bool:
    """Put a folder's playbooks in force and tell whether they now are. Raises: Misconfigured, Conflict."""
    from chalicelib.wiring.playbook_names import playbook_names

    known = playbook_names(box.teams.current())
    proposal = box.playbook_versions.propose(read_folder(folder), known, by=getpass.getuser())
    if proposal.is_in_force:
        print(f"These playbooks are already in force as version {proposal.version.id}.")
        return True
    _show_changes(proposal)
    if proposal.findings.faults or (asked is not None and not asked()):
        print("Nothing was changed.")
        return False
    box.playbook_versions.activate(proposal)
    print(f"Version {proposal.version.id} is in force: {counted(len(proposal.version.files), 'playbook')}.")
    return True


def push_first(box: Container) -> None:
    """Put the playbooks that ship in force where there are none yet: a first deployment has something to offer."""
    try:
        box.playbook_versions.stored()
    except NotFound:
        push(box, SHIPPED)


def _show_changes(proposal: PlaybookProposal) -> None:
    for what in ("added", "changed", "dropped"):
        names: tuple[str, ...] = getattr(proposal, what)
        if names:
            print(f"{what}: {', '.join(names)}")
    _print("fault", proposal.findings.faults)
    _print("warning", proposal.findings.warnings)


def _confirmed(stage: str) -> bool:
    try:
        return input(f"Put these in force for {stage}? [y/N] ").strip() == "y"
    except EOFError as fault:
        raise Misconfigured("nobody is here to ask: add --yes") from fault


def run_show(args: argparse.Namespace) -> int:
    """Print a version as it was pushed."""
    from infra.deployed import installation

    return show(installation(args.stage), args)


def show(box: Container, args: argparse.Namespace) -> int:
    """Print one playbook of a version, or all of them."""
    row = box.playbook_versions.stored(args.version)
    files = {name: text for name, text in row.files if args.name in (None, name)}
    if not files:
        there = ", ".join(name for name, _ in row.files)
        raise Misconfigured(f"version {row.id} has no playbook {args.name!r}; there are: {there}")
    if args.json:
        print_json({"version": row.id, "at": utc(row.at), "by": row.by, "files": files})
        return 0
    print(f"# version {row.id}, pushed by {row.by} at {row.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC")
    for name, text in files.items():
        print(f"\n# --- {name}.toml\n{text.rstrip()}")
    return 0


def _print(what: str, findings: Iterable[Fault]) -> None:
    for finding in findings:
        print(f"{what}: {finding}")


def _facts(findings: Iterable[Fault]) -> list[dict[str, str]]:
    return [{"path": each.path, "wrong": each.wrong, "write": each.write} for each in findings]
