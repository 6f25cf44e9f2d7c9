"""``python -m infra bench``: what Nightdesk costs in time, calls and dollars, measured on the local emulator.

Every figure that could be a property of this machine stands beside a bare one measured in turn with it.
"""

from __future__ import annotations

import argparse

PARTS = ("answer", "imports", "posts", "punctual", "tick", "lateness", "oncall", "judge")
EXAMPLE = "example: python -m infra bench --only posts,tick --json figures.json"


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the operator's command line."""
    command = subparsers.add_parser(
        "bench",
        help="measure answers, imports, calls, capacity and cost",
        description="Measure on the local emulator what Nightdesk costs in time, calls and dollars. Every figure that "
        "could be a property of this machine stands beside a bare one measured in turn with it.",
        epilog=EXAMPLE,
    )
    command.add_argument(
        "--json", metavar="FILE", help="write the figures as JSON too; - prints nothing else"
    )
    command.add_argument("--quick", action="store_true", help="measure little: to see that it works")
    command.add_argument(
        "--only", metavar="PARTS", default=",".join(PARTS), help=f"some of {', '.join(PARTS)} (all)"
    )
    command.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Measure and report. Returns 1 when an aim is missed."""
    from infra.bench.run import bench

    return bench(args.only.split(","), quick=args.quick, json_to=args.json)
