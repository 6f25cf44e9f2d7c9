"""The words of the team file's values: windows, lengths, walls, durations, offsets, contacts.

Each reader takes one string and returns one value, or raises ``Misworded`` saying what to write instead.
It must not know which key a value belongs to.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from chalicelib.domain.rotation import Every, Unit
from chalicelib.domain.team import Channel, Contact, Offset
from chalicelib.domain.windows import DAY, EVERY_DAY, Part, Window
from chalicelib.errors import Misconfigured

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SETS = {
    "daily": EVERY_DAY,
    "weekdays": frozenset(range(5)),
    "weekends": frozenset({5, 6}),
    **{name: frozenset({n}) for n, name in enumerate(_DAYS)},
}
_CLOCK = r"(\d{1,2}:\d{2})"
_TIME = re.compile(r"([0-9]{1,2}):([0-5][0-9])")
_SPAN = re.compile(rf"([a-z]+) {_CLOCK} ?- ?([a-z]+) {_CLOCK}")
_RANGE = re.compile(rf"^(.*?) ?{_CLOCK} ?- ?{_CLOCK}$")
_HOLIDAYS = re.compile(r"holidays ([a-z]{2,3}(?:-[a-z0-9]{1,4})?)")
_EVERY = re.compile(r"(\d+) ?(hour|day|week|month)s?")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_AMOUNT = re.compile(r"(\d+) ?([smhdw])")
_PERCENT = re.compile(r"([+-]?)(\d+(?:\.\d+)?) ?%")
_CONTACT = re.compile(r"(slack|sms)(?: ?\+ ?(.+))?")
_CHANNEL = re.compile(r"#\S+|[CG][A-Z0-9]{8,}")
WINDOW_EXAMPLES = (
    'write days with an optional clock range ("weekdays 09:00-17:00", "sat sun", "daily 18:00-09:00"), a span '
    '("fri 18:00 - mon 09:00"), "holidays GB" or dates ("2027-12-24")'
)


class Misworded(Misconfigured):
    """A value nobody can read: ``wrong`` says why, ``write`` what to write instead."""

    def __init__(self, wrong: str, write: str) -> None:
        super().__init__(f"{wrong}; {write}")
        self.wrong = wrong
        self.write = write


@lru_cache(maxsize=4096)
def read_window(words: str) -> Window:
    """Read a window; ``;`` joins several. Raises: Misworded."""
    return tuple(_read_part(" ".join(part.lower().split())) for part in words.split(";"))


def _read_part(words: str) -> Part:
    if span := _SPAN.fullmatch(words):
        return _read_span(*span.groups())
    ranged = _RANGE.match(words)
    days, start, end = ranged.groups() if ranged else (words, "00:00", "24:00")
    return _read_days(days, *_stretch_of(start, end))


def _stretch_of(start_words: str, end_words: str) -> tuple[timedelta, timedelta]:
    """Return the range as offsets from midnight; one that does not move forward ends the next day."""
    start, end = read_clock(start_words), read_clock(end_words)
    if start >= DAY:
        raise Misworded(f"a range cannot start at {start_words}", "write 00:00 on the next day")
    return start, end if end > start else end + DAY


def _read_span(from_day: str, from_clock: str, to_day: str, to_clock: str) -> Part:
    first, last = _one_day(from_day), _one_day(to_day)
    start, end = read_clock(from_clock), read_clock(to_clock) + ((last - first) % 7) * DAY
    return Part(weekdays=frozenset({first}), start=start, end=end if end > start else end + 7 * DAY)


def _read_days(words: str, start: timedelta, end: timedelta) -> Part:
    if country := _HOLIDAYS.fullmatch(words):
        return Part(holidays=country[1].upper(), start=start, end=end)
    names = words.replace(",", " ").split()
    if not names:
        raise Misworded("it names no days", WINDOW_EXAMPLES)
    if all(name[:1].isdigit() for name in names):
        return Part(dates=frozenset(read_date(name) for name in names), start=start, end=end)
    return Part(weekdays=frozenset().union(*map(_day_set, names)), start=start, end=end)


def _day_set(name: str) -> frozenset[int]:
    if name in _SETS:
        return _SETS[name]
    first, dash, last = name.partition("-")
    if dash:
        start = _one_day(first)
        return frozenset((start + n) % 7 for n in range((_one_day(last) - start) % 7 + 1))
    return frozenset({_one_day(name)})


def _one_day(name: str) -> int:
    if name not in _DAYS:
        raise Misworded(f"{name!r} is not a day", WINDOW_EXAMPLES)
    return _DAYS.index(name)


def read_clock(words: str) -> timedelta:
    """Read ``HH:MM``, 24:00 included, as time since midnight. Raises: Misworded."""
    match = _TIME.fullmatch(words)
    if match is None:
        raise Misworded(f"{words!r} is not a clock time", "write HH:MM, such as 09:00")
    clock = timedelta(hours=int(match[1]), minutes=int(match[2]))
    if clock > DAY:
        raise Misworded(f"there is no {words} on a clock", "write 00:00 to 24:00")
    return clock


def read_date(words: str) -> date:
    """Read a calendar date. Raises: Misworded."""
    try:
        return date.fromisoformat(words)
    except ValueError as fault:
        raise Misworded(f"{words!r} is not a date", "write YYYY-MM-DD, such as 2027-12-24") from fault


@lru_cache(maxsize=4096)
def read_wall(words: str) -> datetime:
    """Read wall clock, ``YYYY-MM-DD HH:MM`` or a date alone for its midnight. Raises: Misworded."""
    write = "write local time as YYYY-MM-DD HH:MM, such as 2027-01-04 09:00"
    try:
        wall = datetime.fromisoformat(words.strip())
    except ValueError as fault:
        raise Misworded(f"{words!r} is not a local time", write) from fault
    if wall.tzinfo is not None:
        raise Misworded(f"{words!r} has an offset; it is read in the schedule's zone", write)
    return wall


@lru_cache(maxsize=1024)
def read_every(words: str) -> Every:
    """Read the length of a turn. Raises: Misworded when hours do not divide the day."""
    match = _EVERY.fullmatch(" ".join(words.lower().split()))
    write = 'write N days, weeks or months, or N hours where N divides 24 ("1 week", "12 hours")'
    if match is None or int(match[1]) == 0:
        raise Misworded(f"{words!r} is not the length of a turn", write)
    every = Every(int(match[1]), Unit(match[2]))
    if every.unit is Unit.HOUR and 24 % every.count:
        raise Misworded(f"turns of {every.count} hours drift round the clock: 24 is not a multiple", write)
    return every


def read_duration(words: str) -> timedelta:
    """Read ``90s``, ``15m``, ``8h``, ``2d`` or a sum such as ``1h30m``. Raises: Misworded."""
    squeezed = words.strip().lower()
    if not re.fullmatch(rf"(?:{_AMOUNT.pattern} ?)+", squeezed):
        raise Misworded(
            f"{words!r} is not a duration", 'write a number and a unit, such as "15m", "8h" or "90s"'
        )
    return timedelta(seconds=sum(int(n) * _UNITS[unit] for n, unit in _AMOUNT.findall(squeezed)))


def read_offset(words: str) -> Offset:
    """Read when a step is due: ``-60%``, ``0``, ``-10m``, ``+5m``. Raises: Misworded."""
    squeezed = words.strip()
    if squeezed in {"0", "+0", "-0"}:
        return Offset(delta=timedelta(0))
    if percent := _PERCENT.fullmatch(squeezed):
        if not percent[1] and float(percent[2]):
            raise Misworded(
                f"{words!r} does not say before or after the deadline",
                f'write "-{squeezed}" for a share of the time still to go',
            )
        share = float(percent[2]) / 100
        return Offset(remaining=share if percent[1] == "-" else -share)
    if squeezed[:1] in {"+", "-"}:
        delta = read_duration(squeezed[1:])
        return Offset(delta=delta if squeezed[0] == "+" else -delta)
    raise Misworded(
        f"{words!r} is not a step's time",
        'write "-60%" of the time to go, "-10m", "0" (the deadline) or "+5m"',
    )


def read_channel(words: str) -> str:
    """Read a Slack channel, ``#social`` or its id. Raises: Misworded for a name without its sign."""
    if not _CHANNEL.fullmatch(words):
        name = "-".join(words.strip().lower().split()) or "social"
        raise Misworded(f"{words!r} is not a Slack channel", f'write it with its sign: "#{name}"')
    return words


def read_contact(words: str) -> Contact:
    """Read one entry of ``reach``: ``slack``, ``sms``, ``sms +3m``. Raises: Misworded."""
    match = _CONTACT.fullmatch(words.strip().lower())
    if match is None:
        raise Misworded(f"{words!r} is not a contact", 'write "slack" or "sms", with a delay as "sms +3m"')
    return Contact(Channel(match[1]), read_duration(match[2]) if match[2] else timedelta(0))
