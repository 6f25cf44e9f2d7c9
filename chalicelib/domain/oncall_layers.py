"""The layers of a schedule: which one wins at an instant, whose turn it is there, and when that may change.

It must not know overrides, contacts or the fallback; those are ``schedule``'s.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from chalicelib.domain.oncall_words import read_every, read_wall, read_window
from chalicelib.domain.rotation import Rotation
from chalicelib.domain.team import NOBODY, Duty, Layer, Schedule
from chalicelib.domain.wallclock import first_of, last_of
from chalicelib.domain.windows import Holidays, Window, is_open, stretches


@dataclass(frozen=True, slots=True)
class Plan:
    """A layer, read: None means always (``window``, bounds) or one turn for ever (``rotation``)."""

    rotation: Rotation | None
    turns: int
    window: Window | None
    from_at: datetime | None
    until_at: datetime | None

    def covers(self, tz: str, holidays: Holidays, at: datetime) -> bool:
        """Tell whether the layer is active at ``at``."""
        if self.from_at is not None and at < self.from_at:
            return False
        if self.until_at is not None and at >= self.until_at:
            return False
        return self.window is None or is_open(self.window, tz, holidays, at)

    def edges(self, tz: str, holidays: Holidays, from_at: datetime, until_at: datetime) -> Iterator[datetime]:
        """Yield the instants of [from_at, until_at) at which the layer starts, stops or changes turn."""
        bounds = (self.from_at, self.until_at)
        yield from (b for b in bounds if b is not None and from_at <= b < until_at)
        if self.rotation is not None and self.turns > 1:
            yield from self.rotation.boundaries(from_at, until_at)
        for stretch in stretches(self.window or (), tz, holidays, from_at, until_at):
            yield from (bound for bound in stretch if from_at <= bound < until_at)


@lru_cache(maxsize=4096)
def plan_of(layer: Layer, tz: str) -> Plan:
    """Read a layer's words, once. Raises: Misworded."""
    every = None if layer.every is None else read_every(layer.every)
    start = None if layer.start is None else read_wall(layer.start)
    return Plan(
        rotation=Rotation(start, every, tz) if every and start else None,
        turns=len(layer.rotate),
        window=None if layer.when is None else read_window(layer.when),
        from_at=None if layer.from_ is None else first_of(read_wall(layer.from_), tz),
        until_at=None if layer.until is None else last_of(read_wall(layer.until), tz),
    )


def winning_turn(schedule: Schedule, holidays: Holidays, at: datetime) -> Duty | None:
    """Return the turn of the last active layer whose turn is not ``nobody``, or None."""
    index = winning_layer(schedule, holidays, at)
    return None if index is None else turn_of(schedule.layers[index], schedule.tz, at)


def winning_layer(schedule: Schedule, holidays: Holidays, at: datetime) -> int | None:
    """Return the index of the last active layer whose turn is not ``nobody``, or None."""
    for index in reversed(range(len(schedule.layers))):
        layer = schedule.layers[index]
        active = plan_of(layer, schedule.tz).covers(schedule.tz, holidays, at)
        if active and turn_of(layer, schedule.tz, at).person != NOBODY:
            return index
    return None


def turn_of(layer: Layer, tz: str, at: datetime) -> Duty:
    """Return whose turn it is in a layer, active or not: ``nights, turn 2``."""
    rotation = plan_of(layer, tz).rotation
    if rotation is None:
        return Duty(layer.rotate[0], layer.name)
    turn = rotation.turn_at(at) % len(layer.rotate)
    return Duty(layer.rotate[turn], f"{layer.name}, turn {turn + 1}")


def edges_of(
    schedule: Schedule, holidays: Holidays, from_at: datetime, until_at: datetime
) -> Iterator[datetime]:
    """Yield, in no order, each instant of [from_at, until_at) at which any layer may change its answer."""
    for layer in _above_what_always_wins(schedule):
        yield from plan_of(layer, schedule.tz).edges(schedule.tz, holidays, from_at, until_at)


def _above_what_always_wins(schedule: Schedule) -> Iterator[Layer]:
    """Yield the layers from the last down to the first one that leaves nothing to those below it."""
    for layer in reversed(schedule.layers):
        yield layer
        plan = plan_of(layer, schedule.tz)
        if plan.window is None and plan.from_at is plan.until_at is None and NOBODY not in layer.rotate:
            return
