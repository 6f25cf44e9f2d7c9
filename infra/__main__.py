"""The operator's command line: `python -m infra COMMAND`, or `--help` for what there is.

Each module adds its own commands with `register(subparsers)` and imports what is heavy only when one of them runs,
so that the command line starts at once.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

from infra.failures import explained

MODULES = (
    "demo",
    "stack_commands",
    "lint",
    "team_commands",
    "oncall",
    "table_commands",
    "platform_commands",
    "judge_commands",
    "judge_learning",
    "reply_command",
    "conversation_commands",
    "playbook_commands",
    "doctor",
    "incident_commands",
    "connect",
    "slack_commands",
    "sms_commands",
    "bench",
)


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    args = parser().parse_args(words)
    return explained(args.func)(args)


def parser() -> argparse.ArgumentParser:
    """Build the whole command line."""
    top = argparse.ArgumentParser(prog="python -m infra", description="Deploy, run and look after Nightdesk.")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in MODULES:
        if find_spec(f"infra.{name}"):
            import_module(f"infra.{name}").register(commands)
    return top


if __name__ == "__main__":
    sys.exit(main())
