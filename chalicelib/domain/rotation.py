"""Rotations: whose turn it is, counted from the anchor and never stepped from now.

Boundary k is ``first_of(start + k·length)``; months are clamped to their end. The turn at t is the greatest
k with boundary(k) ≤ t, before the anchor too (DESIGN section 5). It must not know people or layers.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.wallclock import first_of, local


class Unit(StrEnum):
    """What a rotation's length is counted in."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


_LENGTH = {Unit.HOUR: timedelta(hours=1), Unit.DAY: timedelta(days=1), Unit.WEEK: timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class Every:
    """The length of a turn: "2 weeks"."""

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Rotation:
    """Turns without end in both directions; ``start`` is wall clock in ``tz``."""

    start: datetime
    every: Every
    tz: str

    def boundary(self, k: int) -> datetime:
        """Return the instant at which turn ``k`` begins."""
        return first_of(self._wall(k), self.tz)

    def turn_at(self, at: datetime) -> int:
        """Return the greatest k whose boundary is not after ``at``: an estimate on the wall, put right locally.

        The estimate is off by a turn around a month's clamped end, and by some short turns when clocks change.
        """
        k = self._estimate(local(at, self.tz))
        while self.boundary(k) > at:
            k -= 1
        while self.boundary(k + 1) <= at:
            k += 1
        return k

    def boundaries(self, from_at: datetime, until_at: datetime) -> Iterator[datetime]:
        """Yield the boundaries in [from_at, until_at), in order; those that a gap folds together come twice."""
        k = self.turn_at(from_at)
        if self.boundary(k) < from_at:
            k += 1
        while (boundary := self.boundary(k)) < until_at:
            yield boundary
            k += 1

    def _wall(self, k: int) -> datetime:
        steps = k * self.every.count
        if self.every.unit is Unit.MONTH:
            return _months_later(self.start, steps)
        return self.start + steps * _LENGTH[self.every.unit]

    def _estimate(self, wall: datetime) -> int:
        if self.every.unit is Unit.MONTH:
            months = (wall.year - self.start.year) * 12 + wall.month - self.start.month
            return months // self.every.count
        return (wall - self.start) // (self.every.count * _LENGTH[self.every.unit])


def _months_later(wall: datetime, months: int) -> datetime:
    years, month = divmod(wall.year * 12 + wall.month - 1 + months, 12)
    return wall.replace(year=years, month=month + 1, day=min(wall.day, monthrange(years, month + 1)[1]))
