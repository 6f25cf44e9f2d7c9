"""A slow second opinion, minute by minute: it walks the wall's minutes and counts every turn from the anchor.

Shares no code with the engine but the parsed words; offsets come straight from zoneinfo.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from chalicelib.domain.oncall_words import read_every, read_wall, read_window
from chalicelib.domain.rotation import Unit
from chalicelib.domain.team import Duty, Layer, Override, TeamFile
from chalicelib.domain.windows import Part

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def wall_at(at: datetime, tz: str) -> datetime:
    """Return what the wall shows."""
    return at.astimezone(ZoneInfo(tz)).replace(tzinfo=None)


@lru_cache(maxsize=1 << 17)
def matches(wall: datetime, tz: str) -> tuple[datetime, ...]:
    """Return every instant that shows ``wall``, or the first one beyond it where none does."""
    guess = wall.replace(tzinfo=UTC)
    offsets = {
        guess + n * DAY / 8 - wall_at(guess + n * DAY / 8, tz).replace(tzinfo=UTC) for n in range(-16, 17)
    }
    found = sorted(at for at in {guess + offset for offset in offsets} if wall_at(at, tz) == wall)
    return tuple(found) or (_beyond(wall, tz),)


def _beyond(wall: datetime, tz: str) -> datetime:
    """Walk minute by minute over the gap."""
    at = wall.replace(tzinfo=UTC) - 2 * DAY
    while wall_at(at, tz) < wall:
        at += MINUTE
    return at


def first(wall: datetime, tz: str) -> datetime:
    """Return the first matching instant."""
    return matches(wall, tz)[0]


def last(wall: datetime, tz: str) -> datetime:
    """Return the last matching instant."""
    return matches(wall, tz)[-1]


def turn(layer: Layer, tz: str, at: datetime) -> int | None:
    """Return the turn at an instant: every boundary near it is looked at, however many share an instant."""
    if layer.every is None or layer.start is None:
        return None
    around = (k for k, wall in _walls(layer, wall_at(at, tz)) if first(wall, tz) <= at)
    return max(around)


def _walls(layer: Layer, near: datetime) -> Iterator[tuple[int, datetime]]:
    every, start = read_every(layer.every or ""), read_wall(layer.start or "")
    if every.unit is Unit.MONTH:
        months = (near.year - start.year) * 12 + near.month - start.month
        middle, reach = months // every.count, 3
    else:
        hours = {Unit.HOUR: 1, Unit.DAY: 24, Unit.WEEK: 168}[every.unit] * every.count
        middle, reach = (near - start) // timedelta(hours=hours), 50 // hours + 3
    for k in range(middle - reach, middle + reach + 1):
        yield k, _wall(start, every.unit, k * every.count)


def _wall(start: datetime, unit: Unit, steps: int) -> datetime:
    if unit is not Unit.MONTH:
        return start + steps * {Unit.HOUR: DAY / 24, Unit.DAY: DAY, Unit.WEEK: 7 * DAY}[unit]
    year, month = divmod(start.year * 12 + start.month - 1 + steps, 12)
    return start.replace(year=year, month=month + 1, day=min(start.day, monthrange(year, month + 1)[1]))


def is_active(layer: Layer, tz: str, holidays: Mapping[str, Sequence[date]], at: datetime) -> bool:
    """Tell whether a layer applies: every day of the past ten is tried as the start of a stretch."""
    if layer.from_ is not None and at < first(read_wall(layer.from_), tz):
        return False
    if layer.until is not None and at >= last(read_wall(layer.until), tz):
        return False
    if layer.when is None:
        return True
    return any(_covers(part, tz, holidays, at) for part in read_window(layer.when))


def _covers(part: Part, tz: str, holidays: Mapping[str, Sequence[date]], at: datetime) -> bool:
    midnight = wall_at(at, tz).replace(hour=0, minute=0, second=0, microsecond=0)
    return any(
        _starts_on(part, holidays, day.date())
        and first(day + part.start, tz) <= at < last(day + part.end, tz)
        for day in (midnight + n * DAY for n in range(-10, 3))
    )


def _starts_on(part: Part, holidays: Mapping[str, Sequence[date]], day: date) -> bool:
    return day.weekday() in part.weekdays or day in part.dates or day in holidays.get(part.holidays or "", ())


def who(team: TeamFile, schedule: str, at: datetime, overrides: Sequence[Override] = ()) -> Duty:
    """Return who is on call, from the rules as DESIGN section 5 writes them."""
    plan = team.schedules[schedule]
    covering = [
        o for o in (*team.overrides, *overrides) if o.schedule == schedule and o.from_at <= at < o.until_at
    ]
    full = [o for o in covering if o.away is None]
    found = Duty(full[-1].who, f"override by {full[-1].by or full[-1].who}") if full else None
    if found is None:
        for layer in plan.layers:
            k = turn(layer, plan.tz, at)
            name = layer.rotate[0 if k is None else k % len(layer.rotate)]
            if name != "nobody" and is_active(layer, plan.tz, team.holidays, at):
                words = layer.name if k is None else f"{layer.name}, turn {k % len(layer.rotate) + 1}"
                found = Duty(name, words)
        for away in [o for o in covering if found is not None and o.away == found.person][-1:]:
            assert found is not None
            found = Duty(away.who, f"{found.reason}, for {away.away} who is away")
    person = None if found is None else team.people.get(found.person)
    unreachable = person is not None and not (person.phone or person.slack)
    if found is None or found.person == "nobody" or unreachable:
        return Duty(plan.fallback, "gap")
    return found
