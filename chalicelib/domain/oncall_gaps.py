"""Gaps: stretches in which no layer gives a person who can be reached, and the fallback stands in.

Evaluated at edges alone: ``who`` is constant between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.oncall_words import read_window
from chalicelib.domain.schedule import GAP, schedule_of, shifts, wanted
from chalicelib.domain.team import NOBODY, Override, TeamFile
from chalicelib.domain.windows import Stretch, joined, split, stretches


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap, [from_at, until_at). ``allowed``: the schedule lists it under ``gap_ok``."""

    schedule: str
    from_at: datetime
    until_at: datetime
    why: str
    allowed: bool


def gaps(
    team: TeamFile, schedule: str, from_at: datetime, until_at: datetime, overrides: Sequence[Override] = ()
) -> Iterator[Gap]:
    """Yield the gaps within [from_at, until_at), cut where ``gap_ok`` begins and ends. Raises: NotFound."""
    for shift in shifts(team, schedule, from_at, until_at, overrides):
        if shift.reason == GAP and shift.since_at and shift.until_at:
            why = _why(team, schedule, shift.since_at, overrides)
            for part, allowed in _parts(team, schedule, (shift.since_at, shift.until_at)):
                yield Gap(schedule, *part, why, allowed)


def _why(team: TeamFile, schedule: str, at: datetime, overrides: Sequence[Override]) -> str:
    duty = wanted(team, schedule, at, overrides)
    if duty is None or duty.person == NOBODY:
        return "it is nobody's turn"
    return f"{duty.person} ({duty.reason}) has no contact"


def _parts(team: TeamFile, schedule: str, gap: Stretch) -> list[tuple[Stretch, bool]]:
    plan = schedule_of(team, schedule)
    windows = (read_window(words) for words in plan.gap_ok)
    allowed = joined(sorted(s for w in windows for s in stretches(w, plan.tz, team.holidays, *gap)))
    return split(gap, allowed)
