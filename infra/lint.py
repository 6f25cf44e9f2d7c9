"""`lint`: package the stack as a deployment would and let cfn-lint judge the template."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from infra import package

Subparsers = Any  # argparse keeps the type of add_subparsers to itself


def register(commands: Subparsers) -> None:
    """Add `lint`."""
    lint = commands.add_parser(
        "lint",
        help="check the packaged template with cfn-lint",
        description="Package the stack as a deployment would and let cfn-lint judge it; warnings count.",
        epilog="example: python -m infra lint",
    )
    lint.set_defaults(func=run)


def run(_args: argparse.Namespace) -> int:
    """Print cfn-lint's findings and return 1 where there are any; warnings count."""
    found = findings()
    print(found or "The template is clean.")
    return 1 if found else 0


def findings() -> str:
    """Return what cfn-lint says about the packaged template: nothing, where it is clean."""
    built = package.build("lint", bundled=False)
    template = built.archive.with_name("located.json")
    template.write_text(json.dumps(package.located(built.template, "bucket", "key"), indent=1))
    tool = Path(sys.executable).with_name("cfn-lint")
    checked = subprocess.run([tool, template], capture_output=True, text=True, check=False)
    return checked.stdout + checked.stderr
