"""How many hours each person is on call, nights and weekends apart: what a fair rota is judged by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.oncall_words import read_window
from chalicelib.domain.schedule import schedule_of, shifts
from chalicelib.domain.team import Override, TeamFile
from chalicelib.domain.windows import Stretch, open_stretches

NIGHT, WEEKEND = "daily 22:00-07:00", "sat sun"
"""Local time of the schedule; a weekend's night counts as both."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one person carries on one schedule."""

    schedule: str
    person: str
    total: timedelta
    nights: timedelta
    weekends: timedelta


def loads(
    team: TeamFile, schedule: str, from_at: datetime, until_at: datetime, overrides: Sequence[Override] = ()
) -> list[Load]:
    """Return each person's hours within [from_at, until_at), the busiest first. Raises: NotFound."""
    duties: dict[str, list[Stretch]] = defaultdict(list)
    for shift in shifts(team, schedule, from_at, until_at, overrides):
        if shift.since_at and shift.until_at:
            duties[shift.person].append((shift.since_at, shift.until_at))
    tz = schedule_of(team, schedule).tz
    nights, weekends = (
        open_stretches(read_window(words), tz, {}, from_at, until_at) for words in (NIGHT, WEEKEND)
    )
    found = [
        Load(schedule, person, length(on), length(common(on, nights)), length(common(on, weekends)))
        for person, on in duties.items()
    ]
    return sorted(found, key=lambda load: (-load.total, load.person))


def length(pieces: Sequence[Stretch]) -> timedelta:
    """Return how long the stretches last together."""
    return sum((end - start for start, end in pieces), timedelta(0))


def common(one: Sequence[Stretch], other: Sequence[Stretch]) -> list[Stretch]:
    """Return where two ordered lists of separate stretches both hold."""
    found: list[Stretch] = []
    i = j = 0
    while i < len(one) and j < len(other):
        start, end = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if start < end:
            found.append((start, end))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return found
