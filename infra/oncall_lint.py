"""``oncall lint`` and the findings of ``team check``: everything wrong or doubtful, each with its key path."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chalicelib.domain.oncall_words import Misworded, read_window
from chalicelib.domain.teamfile import Fault, Findings, check, examine
from chalicelib.domain.teamfile.names import window_words
from infra.oncall_files import asked_instant, holidays_for, read_document, source_of, years_around
from infra.oncall_show import counted, print_json
from infra.team_platforms import platform_faults

SHOWN_AHEAD = timedelta(days=90)


def run_lint(args: argparse.Namespace) -> int:
    """Show every finding; the exit status tells whether there is a fault."""
    now = moment(args.at)
    if args.team is not None:
        return show(examined(args.team, now), as_json=args.json)
    source = source_of(args, (now,))
    made = [o for name in source.team.schedules for o in source.overrides(name)]
    faults, warnings = check(source.team, now, made)
    return show(Findings(source.team, tuple(faults), tuple(warnings)), as_json=args.json)


def moment(words: str | None) -> datetime:
    """Return the instant that words mean, in UTC unless they have an offset, or now. Raises: Misworded."""
    return datetime.now(UTC).replace(microsecond=0) if words is None else asked_instant(words, "UTC")


def examined(path: Path, now: datetime, *, to_deploy: bool = False) -> Findings:
    """Read and check a file on disk. Raises: Misconfigured when it is no TOML at all."""
    document = read_document(path)
    dates = holidays_for(document, years_around((now,)))
    found = examine(document, version=path.name, now=now, holidays=dates, to_deploy=to_deploy)
    return replace(found, faults=(*found.faults, *platform_faults(document)))


def show(findings: Findings, *, as_json: bool) -> int:
    """Print the findings and return the exit status."""
    if as_json:
        print_json({"faults": _as_json(findings.faults), "warnings": _as_json(findings.warnings)})
    else:
        _print("fault", findings.faults)
        _print("warning", findings.warnings)
        print(f"{counted(len(findings.faults), 'fault')}, {counted(len(findings.warnings), 'warning')}.")
    return 1 if findings.faults else 0


def _as_json(found: Sequence[Fault]) -> list[dict[str, str]]:
    return [{"path": fault.path, "wrong": fault.wrong, "write": fault.write} for fault in found]


def _print(kind: str, found: Sequence[Fault]) -> None:
    for fault in found:
        print(f"{kind}: {fault.path}\n  {fault.wrong}\n  → {fault.write}")


def coming_holidays(findings: Findings, now: datetime) -> list[tuple[str, str]]:
    """Return the holidays that will count in the next 90 days, for a person to look at before they do."""
    named: set[str | None] = set()
    for _, words in window_words(findings.team):
        try:
            named |= {part.holidays for part in read_window(words)}
        except Misworded:  # already a fault
            continue
    last = (now + SHOWN_AHEAD).date()
    return [
        (country, f"{day:%a %Y-%m-%d}")
        for country, days in findings.team.holidays.items()
        if country in named
        for day in days
        if now.date() <= day <= last
    ]
