"""Windows: the stretches of wall clock that ``when``, ``open``, ``closed``, ``gap_ok`` and ``quiet`` speak of.

A window is made of parts; a part is a kind of day on which a stretch starts, and how long it lasts on the
wall. Starts are ``first_of``, ends ``last_of`` (DESIGN section 5). Wording belongs to ``oncall_words``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from chalicelib.domain.wallclock import first_of, last_of, local

DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)
EVERY_DAY = frozenset(range(7))
Holidays = Mapping[str, Sequence[date]]
Stretch = tuple[datetime, datetime]
"""An interval of instants, half-open."""


@dataclass(frozen=True, slots=True)
class Part:
    """Stretches that start on these days: week days (Monday is 0), or dates, or a country's holidays.

    ``start`` and ``end`` count from the starting day's midnight on the wall; an overnight range ends beyond
    24 hours and so belongs to the day it starts.
    """

    weekdays: frozenset[int] = frozenset()
    dates: frozenset[date] = frozenset()
    holidays: str | None = None
    start: timedelta = timedelta(0)
    end: timedelta = DAY

    @property
    def reach(self) -> timedelta:
        """Return how many days back a stretch may have started that still touches a day, margin included."""
        return DAY + (self.end - _INSTANT) // DAY * DAY

    def starts_on(self, day: date, holidays: Holidays) -> bool:
        """Tell whether a stretch starts on ``day``."""
        if day.weekday() in self.weekdays or day in self.dates:
            return True
        return self.holidays is not None and day in holidays.get(self.holidays, ())


Window = tuple[Part, ...]


def is_open(window: Window, tz: str, holidays: Holidays, at: datetime) -> bool:
    """Tell whether ``at`` lies in the window."""
    today = local(at, tz).date()
    return any(start <= at < end for start, end in _near(window, tz, holidays, today, today))


def stretches(
    window: Window, tz: str, holidays: Holidays, from_at: datetime, until_at: datetime
) -> Iterator[Stretch]:
    """Yield the window's stretches that touch [from_at, until_at), part by part; they may overlap."""
    near = _near(window, tz, holidays, local(from_at, tz).date(), local(until_at, tz).date())
    return ((start, end) for start, end in near if start < until_at and end > from_at)


def open_stretches(
    window: Window, tz: str, holidays: Holidays, from_at: datetime, until_at: datetime
) -> list[Stretch]:
    """Return the same in order, touching and overlapping stretches joined."""
    return joined(sorted(stretches(window, tz, holidays, from_at, until_at)))


def joined(ordered: Sequence[Stretch]) -> list[Stretch]:
    """Join touching and overlapping stretches given in order of their start."""
    whole: list[Stretch] = []
    for start, end in ordered:
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end))
        else:
            whole.append((start, end))
    return whole


def split(whole: Stretch, marked: Sequence[Stretch]) -> list[tuple[Stretch, bool]]:
    """Cut ``whole`` where ordered, separate stretches begin and end; each piece says whether it is marked."""
    pieces: list[tuple[Stretch, bool]] = []
    start, end = whole
    for first, last in marked:
        if last <= start or first >= end:
            continue
        if first > start:
            pieces.append(((start, first), False))
        pieces.append(((max(first, start), min(last, end)), True))
        start = last
    if start < end:
        pieces.append(((start, end), False))
    return pieces


def _near(window: Window, tz: str, holidays: Holidays, first: date, last: date) -> Iterator[Stretch]:
    """Yield every stretch that could touch these days: a day's margin on both sides covers any change of clocks."""
    for part in window:
        day = first - part.reach
        while day <= last + DAY:
            if part.starts_on(day, holidays):
                start, end = _stretch(day, part.start, part.end, tz)
                if start < end:
                    yield start, end
            day += DAY


@lru_cache(maxsize=1 << 16)
def _stretch(day: date, start: timedelta, end: timedelta, tz: str) -> Stretch:
    midnight = datetime.combine(day, time())
    return first_of(midnight + start, tz), last_of(midnight + end, tz)
