"""Wall clock to instant, in one place, whatever the zone does that night.

``zoneinfo`` supplies the transitions and nothing else here or elsewhere decides what a wall-clock time
means: libraries disagree about times that do not exist or exist twice. It must not know schedules.

Python prefers the operating system's zone files to the pinned ``tzdata`` package; two machines would then
disagree about the same night. Emptying the search path, here and nowhere else, leaves ``tzdata`` alone.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, reset_tzpath

reset_tzpath(to=())

_SECOND = timedelta(seconds=1)


class UnknownZone(ValueError):
    """The name is in no version of the time zone database that ships with Nightdesk."""


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """Return the zone from the pinned database, never one that another caller cached. Raises: UnknownZone."""
    try:
        return ZoneInfo.no_cache(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise UnknownZone(f"{name!r} is not a time zone; write a name such as Europe/London") from fault


def local(at: datetime, tz: str) -> datetime:
    """Return what the clock on the wall shows at ``at``, as a naive datetime. Raises: ValueError if not aware."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no offset: an instant is aware")
    return at.astimezone(zone(tz)).replace(tzinfo=None)


def first_of(wall: datetime, tz: str) -> datetime:
    """Return the first instant at which the wall shows ``wall``, or the end of the gap that swallows it."""
    before, after = _offsets(wall, tz)
    return _gap_end(wall, tz) if before < after else (wall - before).replace(tzinfo=UTC)


def last_of(wall: datetime, tz: str) -> datetime:
    """Return the last instant at which the wall shows ``wall``, or the end of the gap that swallows it."""
    before, after = _offsets(wall, tz)
    return _gap_end(wall, tz) if before < after else (wall - after).replace(tzinfo=UTC)


def is_missing(wall: datetime, tz: str) -> bool:
    """Tell whether the clocks jump over ``wall``."""
    before, after = _offsets(wall, tz)
    return before < after


def is_ambiguous(wall: datetime, tz: str) -> bool:
    """Tell whether the wall shows ``wall`` twice."""
    before, after = _offsets(wall, tz)
    return before > after


def _offsets(wall: datetime, tz: str) -> tuple[timedelta, timedelta]:
    """Return the offsets in force before and after the change around ``wall``; equal on any other day.

    Source: PEP 495. In a gap the first is the smaller, in a repeated hour the larger.
    """
    place = zone(tz)
    before = place.utcoffset(wall.replace(fold=0))
    after = place.utcoffset(wall.replace(fold=1))
    if before is None or after is None:  # zoneinfo knows an offset for every datetime
        raise UnknownZone(f"{tz} has no offset at {wall}")
    return before, after


@lru_cache(maxsize=4096)
def _gap_end(wall: datetime, tz: str) -> datetime:
    """Find the change of clocks that swallows ``wall``: the first second on the new offset."""
    before, after = _offsets(wall, tz)
    whole = wall.replace(microsecond=0)  # clocks change on whole seconds
    old, new = (whole - after).replace(tzinfo=UTC), (whole - before).replace(tzinfo=UTC)
    place = zone(tz)
    while new - old > _SECOND:
        middle = old + (new - old) // _SECOND // 2 * _SECOND
        if middle.astimezone(place).utcoffset() == before:
            old = middle
        else:
            new = middle
    return new
