"""The deeper validation: what only shows when the file is run forward from now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from chalicelib.domain.team import Override, TeamFile
from chalicelib.domain.teamfile.complete import deployable
from chalicelib.domain.teamfile.coverage import coverage_faults, coverage_warnings
from chalicelib.domain.teamfile.faults import Fault
from chalicelib.domain.teamfile.ladders import ladder_faults, ladder_warnings
from chalicelib.domain.teamfile.read import read_with_faults


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything there is to say about a file; with ``faults`` it must not be activated."""

    team: TeamFile
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def check(
    team: TeamFile, now: datetime, overrides: Sequence[Override] = ()
) -> tuple[list[Fault], list[Fault]]:
    """Return (faults, warnings) found in the 90 days from ``now``; faults stop an activation."""
    faults = [*ladder_faults(team), *coverage_faults(team, now, overrides)]
    return faults, [*ladder_warnings(team), *coverage_warnings(team, now, overrides)]


def examine(
    document: Mapping[str, object],
    *,
    version: str,
    now: datetime,
    holidays: Mapping[str, Sequence[date]],
    overrides: Sequence[Override] = (),
    to_deploy: bool = False,
) -> Findings:
    """Read and check a document and return all findings at once, shallow and deep.

    Sections that do not read are kept out of the deeper checks: what follows from a fault is not another one.
    """
    team, shallow = read_with_faults(document, version=version, holidays=holidays)
    deep, warnings = check(_sound(team, shallow), now, overrides)
    faulty = {fault.path for fault in shallow}
    missing = [fault for fault in deployable(team) if fault.path not in faulty] if to_deploy else []
    return Findings(team, tuple(dict.fromkeys((*shallow, *missing, *deep))), tuple(warnings))


def _sound(team: TeamFile, faults: Iterable[Fault]) -> TeamFile:
    """Return the parts of the team that have no fault, and do not lean on one that has."""
    paths = [fault.path for fault in faults]
    schedules = {} if _touches(paths, "people", "overrides") else team.schedules
    return replace(
        team,
        schedules={n: s for n, s in schedules.items() if not _touches(paths, f"schedules.{n}")},
        escalation={n: s for n, s in team.escalation.items() if not _touches(paths, f"escalation.{n}")},
        policies=() if _touches(paths, "policies") else team.policies,
    )


def _touches(paths: Iterable[str], *sections: str) -> bool:
    return any(path == s or path.startswith((f"{s}.", f"{s}[")) for path in paths for s in sections)
