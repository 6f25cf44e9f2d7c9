"""Opening hours: time that is spent only while somebody is there.

For low-priority promises whose rule names ``hours`` (DESIGN section 4). Everything else runs 24x7 and never
comes here. It must not know policies or steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from chalicelib.domain.oncall_words import read_window
from chalicelib.domain.team import Hours, TeamFile
from chalicelib.domain.windows import Holidays, Stretch, Window, joined, split, stretches
from chalicelib.errors import Misconfigured

_ZERO = timedelta(0)
_CHUNK = timedelta(days=28)
_FOREVER = timedelta(days=2 * 366)
"""A calendar that stays shut this long is empty."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Opening hours, read: ``closed`` takes away from ``open``."""

    name: str
    tz: str
    open: Window
    closed: Window = ()
    holidays: Holidays = field(default_factory=dict)

    def open_stretches(self, from_at: datetime, until_at: datetime) -> Iterator[Stretch]:
        """Yield the open stretches within [from_at, until_at), in order, cut to it."""
        until_at = until_at.astimezone(UTC)
        first = from_at.astimezone(UTC)
        while first < until_at:
            last = min(first + _CHUNK, until_at)
            yield from self._open_within(first, last)
            first = last

    def open_time(self, from_at: datetime, until_at: datetime) -> timedelta:
        """Return how long it is open within [from_at, until_at)."""
        return sum((end - start for start, end in self.open_stretches(from_at, until_at)), _ZERO)

    def is_open(self, at: datetime) -> bool:
        """Tell whether it is open at ``at``; at closing time it is shut."""
        return any(self.open_stretches(at, at + timedelta(microseconds=1)))

    def after(self, at: datetime, amount: timedelta) -> datetime:
        """Return the earliest instant by which ``amount`` of open time has passed since ``at``.

        One that lands exactly at closing time stays at closing time. Raises: Misconfigured if it never opens.
        """
        if amount <= _ZERO:
            return at
        for start, end in self.open_stretches(at, at.astimezone(UTC) + _FOREVER):
            if amount <= end - start:
                return start + amount
            amount -= end - start
        raise Misconfigured(f"hours.{self.name} does not open long enough after {at}: add windows to `open`")

    def _open_within(self, first: datetime, last: datetime) -> list[Stretch]:
        shut = joined(sorted(stretches(self.closed, self.tz, self.holidays, first, last)))
        whole = joined(sorted(stretches(self.open, self.tz, self.holidays, first, last)))
        cut = ((max(start, first), min(end, last)) for start, end in whole)
        return [piece for stretch in cut for piece, closed in split(stretch, shut) if not closed]


def calendar_of(team: TeamFile, name: str | None) -> Calendar | None:
    """Return the calendar a rule names, or None for 24x7. Raises: Misconfigured for an unknown name."""
    if name is None:
        return None
    hours = team.hours.get(name)
    if hours is None:
        raise Misconfigured(
            f"there is no [hours.{name}]: write it, or leave `hours` out of the policy for 24x7"
        )
    return read_calendar(hours, team.holidays)


def read_calendar(hours: Hours, holidays: Holidays) -> Calendar:
    """Read the words of an opening calendar. Raises: Misworded."""
    opening = tuple(part for words in hours.open for part in read_window(words))
    closing = tuple(part for words in hours.closed for part in read_window(words))
    return Calendar(hours.name, hours.tz, opening, closing, holidays)
