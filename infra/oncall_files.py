"""Team files for the operator's questions: a file on disk, or the version in force; and public holidays.

The only place that asks the ``holidays`` package anything: its dates become data before the domain sees them.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from chalicelib.domain.oncall_words import Misworded
from chalicelib.domain.team import Override, TeamFile
from chalicelib.domain.teamfile import countries, read_team
from chalicelib.domain.teamfile.schedules import read_instant
from chalicelib.errors import Misconfigured

YEARS_BACK, YEARS_AHEAD = 1, 6
"""Holidays are resolved this far around the instants asked about."""
YEARS_ASKED = range(1900, 2201)
"""Zones and holidays say little about other years, and turns are counted in steps that must fit the calendar."""


@dataclass(frozen=True, slots=True)
class Source:
    """A configuration to ask questions of, and the overrides made since it was activated."""

    team: TeamFile
    overrides: Callable[[str], Sequence[Override]]


def add_source(command: argparse.ArgumentParser) -> None:
    """Add ``--team`` and ``--stage``: where the configuration comes from."""
    command.add_argument("--team", type=Path, metavar="FILE", help="ask this file; needs no AWS")
    command.add_argument("--stage", default="prod", help="else ask what this installation uses (prod)")


def source_of(args: argparse.Namespace, around: Iterable[datetime] = ()) -> Source:
    """Return what ``--team`` or ``--stage`` name. Raises: Misconfigured with every fault of the file."""
    if args.team is not None:
        return Source(read_file(args.team, around), lambda _: ())
    from infra.deployed import team_versions

    versions = team_versions(args.stage)
    return Source(versions.current(), versions.overrides)


def read_file(path: Path, around: Iterable[datetime] = ()) -> TeamFile:
    """Read a team file with the holidays around the given instants. Raises: Misconfigured."""
    document = read_document(path)
    return read_team(document, version=path.name, holidays=holidays_for(document, years_around(around)))


def read_document(path: Path) -> dict[str, Any]:
    """Read a file's TOML. Raises: Misconfigured."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise Misconfigured(
            f"{path} cannot be read ({fault.strerror}): name a team file with --team"
        ) from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise Misconfigured(f"{path} is not TOML: {fault}") from fault


def asked_instant(words: str, tz: str) -> datetime:
    """Return the instant a person asks about, local to ``tz`` unless it has an offset. Raises: Misworded."""
    years = f"write a year from {YEARS_ASKED[0]} to {YEARS_ASKED[-1]}"
    try:
        at = read_instant(words, tz)
    except OverflowError as fault:
        raise Misworded(f"{words} is too far away", years) from fault
    if at.year not in YEARS_ASKED:
        raise Misworded(f"{words} is too far away", years)
    return at


def years_around(instants: Iterable[datetime]) -> range:
    """Return the years whose holidays matter to questions about these instants, and about now."""
    years = [at.year for at in (datetime.now(UTC), *instants)]
    return range(min(years) - YEARS_BACK, max(years) + YEARS_AHEAD + 1)


def holidays_for(document: Mapping[str, object], years: Collection[int]) -> dict[str, tuple[date, ...]]:
    """Return the public holidays of every country a document names; an unknown country is left out."""
    found = {name: _holidays_of(name, years) for name in sorted(countries(document))}
    return {name: days for name, days in found.items() if days}


def _holidays_of(name: str, years: Collection[int]) -> tuple[date, ...]:
    from holidays import country_holidays

    country, _, part = name.partition("-")
    try:
        return tuple(sorted(country_holidays(country, subdiv=part or None, years=years)))
    except NotImplementedError:  # the file's reader names the key that asks for it
        return ()
