"""Hypothesis strategies: schedules in awkward zones, with everything a schedule can hold."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise

from hypothesis import strategies as st

from chalicelib.domain.team import Channel, Contact, Layer, Override, Person, Schedule, TeamFile
from tests.unit.oncall.oracle import wall_at

ZONES = (
    "America/Santiago",
    "America/Havana",
    "Atlantic/Azores",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Beirut",
    "Antarctica/Troll",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Chicago",
    "Europe/London",
    "Asia/Kolkata",
    "America/St_Johns",
    "Africa/El_Aaiun",
    "Europe/Dublin",
    "Asia/Gaza",
    "Pacific/Chatham",
)
NAMES = ("ana", "ben", "chi", "dev")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CHANGES = {  # nights on which each zone's clocks did something
    "America/Santiago": ("2024-04-07", "2024-09-08", "2022-09-11"),
    "America/Havana": ("2024-03-10", "2024-11-03"),
    "Atlantic/Azores": ("2024-03-31", "2024-10-27"),
    "Africa/Cairo": ("2024-04-26", "2024-11-01", "2014-07-31"),
    "Africa/Casablanca": ("2024-03-10", "2024-04-14"),
    "Asia/Beirut": ("2024-03-31", "2024-10-27", "2023-03-26"),
    "Antarctica/Troll": ("2024-03-31", "2024-10-27"),
    "Australia/Lord_Howe": ("2024-04-07", "2024-10-06"),
    "Pacific/Apia": ("2011-12-30", "2021-04-04", "2010-09-26"),
    "America/Chicago": ("2024-03-10", "2024-11-03"),
    "Europe/London": ("2024-03-31", "2024-10-27"),
    "Asia/Kolkata": ("2024-06-01",),
    "America/St_Johns": ("2010-11-07", "2010-03-14"),
    "Africa/El_Aaiun": ("2024-03-10", "2024-04-14"),
    "Europe/Dublin": ("2024-03-31", "2024-10-27"),
    "Asia/Gaza": ("2024-04-20", "2024-10-26"),
    "Pacific/Chatham": ("2024-04-07", "2024-09-29"),
}

zones = st.sampled_from(ZONES)
_MINUTE = timedelta(minutes=1)


@cache
def changes(tz: str) -> tuple[datetime, ...]:
    """Return the instants at which the zone's clocks did something, found by walking those nights."""
    found = []
    for night in CHANGES[tz]:
        start = datetime.fromisoformat(f"{night}T00:00+00:00") - timedelta(hours=36)
        offsets = [
            (at, wall_at(at, tz) - at.replace(tzinfo=None))
            for at in (start + n * _MINUTE for n in range(72 * 60))
        ]
        found += [at for (_, before), (at, after) in pairwise(offsets) if before != after]
    return tuple(found) or (datetime.fromisoformat(f"{CHANGES[tz][0]}T00:00+00:00"),)


@st.composite
def clocks(draw: st.DrawFn, tz: str) -> str:
    """Return a clock time, more often than not one that a change of clocks touches."""
    if draw(st.sampled_from((True, True, False))):
        at = draw(st.sampled_from(changes(tz)))
        wall = wall_at(at - _MINUTE * draw(st.sampled_from((0, 1, 30))), tz)
        return f"{wall + _MINUTE * draw(st.sampled_from((-60, -30, -15, 0, 15, 30, 60))):%H:%M}"
    return f"{draw(st.integers(0, 23)):02}:{draw(st.sampled_from((0, 30))):02}"


@st.composite
def instants_near(draw: st.DrawFn, tz: str, hours: int = 60) -> datetime:
    """Return a minute, as a rule within three hours of one of the zone's changes."""
    change = draw(st.sampled_from(changes(tz)))
    reach = 60 * draw(st.sampled_from((3, 3, 3, 26, hours)))
    years = draw(st.sampled_from((0, 0, 0, 0, 0, 3, 16)))
    return change + timedelta(minutes=draw(st.integers(-reach, reach)), days=365 * years)


@st.composite
def windows(draw: st.DrawFn, tz: str) -> str:
    """Return the words of a window."""
    kind = draw(st.sampled_from(("days", "clock", "clock", "span", "holidays", "dates")))
    start, end = draw(clocks(tz)), draw(clocks(tz))
    if kind == "span":
        return f"{draw(st.sampled_from(DAYS))} {start} - {draw(st.sampled_from(DAYS))} {end}"
    days = {
        "days": " ".join(draw(st.sets(st.sampled_from(DAYS), min_size=1))),
        "clock": draw(st.sampled_from(("daily", "weekdays", "weekends", "mon-thu", "sat sun"))),
        "holidays": "holidays XX",
        "dates": " ".join(CHANGES[tz]),
    }[kind]
    return days if kind == "days" and draw(st.booleans()) else f"{days} {start}-{end}"


@st.composite
def layers(draw: st.DrawFn, tz: str) -> Layer:
    """Return one layer, with or without turns, window and bounds."""
    people = draw(st.lists(st.sampled_from((*NAMES, "nobody")), min_size=1, max_size=4))
    turns = len(people) > 1 or draw(st.booleans())
    unit = draw(st.sampled_from(("hour", "day", "week", "month")))
    count = draw(st.sampled_from((1, 2, 3, 4, 6, 8, 12, 24) if unit == "hour" else (1, 2, 3)))
    night = date.fromisoformat(draw(st.sampled_from(CHANGES[tz])))
    anchor = night + timedelta(days=draw(st.integers(-800, 800) | st.sampled_from((-28, -1, 0, 31, 364))))
    bounded = draw(st.sampled_from((False, False, True)))
    return Layer(
        name=draw(st.sampled_from(("days", "nights", "weekends"))),
        rotate=tuple(people),
        every=f"{count} {unit}s" if turns else None,
        start=f"{anchor} {draw(clocks(tz))}" if turns else None,
        when=draw(st.none() | windows(tz)),
        from_=f"{night - timedelta(days=1)} {draw(clocks(tz))}" if bounded else None,
        until=f"{night + timedelta(days=1)} {draw(clocks(tz))}" if bounded else None,
    )


@st.composite
def overrides(draw: st.DrawFn, tz: str) -> Override:
    """Return a full or partial override near a change of clocks."""
    start = draw(instants_near(tz))
    end = start + timedelta(minutes=draw(st.integers(1, 3000)))
    away = draw(st.none() | st.sampled_from(NAMES))
    return Override(
        "s", start, end, draw(st.sampled_from((*NAMES, "nobody"))), away, by=draw(st.none() | st.just("lead"))
    )


@st.composite
def teams(draw: st.DrawFn, tz: str, *, with_overrides: bool = True) -> TeamFile:
    """Return a file with one schedule ``s``; some people may have no contact."""
    found = draw(st.lists(layers(tz), min_size=0, max_size=4))
    mute = draw(st.sets(st.sampled_from(NAMES), max_size=1))
    made = draw(st.lists(overrides(tz), max_size=3)) if with_overrides else []
    return TeamFile(
        "v",
        "Acme",
        people={name: person(name, reachable=name not in mute) for name in (*NAMES, "lead")},
        schedules={"s": Schedule("s", tz, "lead", tuple(found))},
        overrides=tuple(made),
        holidays={"XX": tuple(date.fromisoformat(day) for day in CHANGES[tz])},
    )


def person(name: str, *, reachable: bool = True) -> Person:
    """Return a person with a phone, or with nothing."""
    return Person(name, "+447700900001", reach=(Contact(Channel.SMS),)) if reachable else Person(name)
