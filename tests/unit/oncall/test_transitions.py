"""Every kind of wall-clock rule on the nights the clocks change: each quarter of an hour, against brute force.

Deterministic, so that nothing about these nights is left to chance; ``deep`` does the same for every zone there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.schedule import who
from chalicelib.domain.team import Layer, Schedule, TeamFile
from chalicelib.domain.wallclock import first_of, is_ambiguous, is_missing, last_of, local, zone
from tests.unit.oncall import oracle
from tests.unit.oncall.strategies import CHANGES, ZONES, changes

QUARTER = timedelta(minutes=15)
HOURS = range(-12, 13)
SOME = [(tz, change) for tz in ZONES for change in changes(tz)]
ids = [f"{tz}-{change:%Y-%m-%d}" for tz, change in SOME]
nights = pytest.mark.parametrize(("tz", "change"), SOME, ids=ids)


def all_zones() -> list[str]:
    """Return every name in the pinned database."""
    return (files("tzdata") / "zones").read_text().split()


def changes_of(tz: str, since: int, until: int) -> Iterator[datetime]:
    """Yield the changes of a zone's clocks between two years, found four days at a time and then by halving."""
    at, last = datetime(since, 1, 1, tzinfo=UTC), datetime(until, 1, 1, tzinfo=UTC)
    while at < last:
        end = at + timedelta(days=4)
        if offset(at, tz) != offset(end, tz):
            yield halved(at, end, tz)
        at = end


def halved(start: datetime, end: datetime, tz: str) -> datetime:
    """Return the first second on the new offset."""
    while end - start > timedelta(seconds=1):
        middle = start + timedelta(seconds=(end - start) // timedelta(seconds=2))
        start, end = (middle, end) if offset(middle, tz) == offset(start, tz) else (start, middle)
    return end


def offset(at: datetime, tz: str) -> timedelta | None:
    """Return the offset in force."""
    return at.astimezone(ZoneInfo(tz)).utcoffset()


def unlike(tz: str, found: Iterable[datetime]) -> list[datetime]:
    """Return one change of each kind: the same clocks, moved by as much."""
    kinds = {
        (offset(at, tz), offset(at - QUARTER, tz), f"{oracle.wall_at(at, tz):%H:%M}"): at for at in found
    }
    return list(kinds.values())


def walls_around(tz: str, change: datetime) -> list[datetime]:
    """Return the quarter hours of the wall within three hours of a change, on both of its sides."""
    sides = (
        oracle.wall_at(change - timedelta(seconds=1), tz) + timedelta(seconds=1),
        oracle.wall_at(change, tz),
    )
    return sorted({side + n * QUARTER for side in sides for n in HOURS})


def instants_around(change: datetime) -> list[datetime]:
    """Return the quarter hours within three hours of a change, and the seconds beside it."""
    return [change + n * QUARTER for n in HOURS] + [
        change - timedelta(seconds=1),
        change + timedelta(seconds=1),
    ]


def walls_are_resolved(tz: str, change: datetime) -> None:
    """Compare first and last matches with a search through all offsets in force around."""
    for wall in walls_around(tz, change):
        found = oracle.matches(wall, tz)
        assert (first_of(wall, tz), last_of(wall, tz)) == (found[0], found[-1]), wall
        assert is_ambiguous(wall, tz) is (len(found) > 1)
        assert is_missing(wall, tz) is (local(found[0], tz) != wall)


@nights
def test_a_wall_clock_time_is_its_first_or_last_match_or_the_end_of_the_gap(
    tz: str, change: datetime
) -> None:
    walls_are_resolved(tz, change)


@pytest.mark.deep
@pytest.mark.parametrize("tz", all_zones())
def test_it_is_so_in_every_zone_around_every_change(tz: str) -> None:
    for change in unlike(tz, changes_of(tz, 1995, 2040)):
        walls_are_resolved(tz, change)


def layer_is_brute_force(layer: Layer, tz: str, instants: list[datetime]) -> None:
    """Compare a layer's answers with brute force."""
    team = TeamFile("v", "Acme", schedules={"s": Schedule("s", tz, "lead", (layer,))})
    for at in instants:
        assert who(team, "s", at) == oracle.who(team, "s", at), (layer, at)


@nights
def test_a_window_that_starts_or_ends_that_night_is_what_brute_force_says(tz: str, change: datetime) -> None:
    for wall in walls_around(tz, change)[::2]:
        clock, day = f"{wall:%H:%M}", f"{wall:%a}".lower()
        noon = f"{wall + timedelta(hours=10):%H:%M}"
        for words in (
            f"daily {clock}-{noon}",
            f"daily {noon}-{clock}",
            f"{day} {clock} - {day} {noon}",
            f"daily {clock}-{clock}",
            day,
        ):
            layer_is_brute_force(Layer("window", ("on",), when=words), tz, instants_around(change))


@nights
@pytest.mark.parametrize("every", ["1 hour", "8 hours", "24 hours", "1 day", "3 days", "1 week", "1 month"])
def test_a_turn_that_changes_that_night_is_what_brute_force_says(
    tz: str, change: datetime, every: str
) -> None:
    for wall in walls_around(tz, change)[::4]:
        for anchor in (
            wall,
            wall - timedelta(days=63),
            wall + timedelta(days=63),
            wall.replace(year=wall.year - 4),
        ):
            layer = Layer("turns", ("a", "b", "c"), every, f"{anchor:%Y-%m-%d %H:%M}")
            layer_is_brute_force(layer, tz, instants_around(change)[::2])


@nights
def test_a_layer_that_begins_or_ends_that_night_is_what_brute_force_says(tz: str, change: datetime) -> None:
    for wall in walls_around(tz, change):
        words = f"{wall:%Y-%m-%d %H:%M}"
        layer_is_brute_force(Layer("from", ("on",), from_=words), tz, instants_around(change))
        layer_is_brute_force(Layer("until", ("on",), until=words), tz, instants_around(change))


@pytest.mark.deep
@pytest.mark.parametrize("tz", all_zones())
def test_windows_and_turns_are_right_in_every_zone_around_every_change(tz: str) -> None:
    for change in unlike(tz, changes_of(tz, 2005, 2030)):
        for wall in walls_around(tz, change)[::4]:
            clock, noon = f"{wall:%H:%M}", f"{wall + timedelta(hours=10):%H:%M}"
            for words in (f"daily {clock}-{noon}", f"daily {noon}-{clock}"):
                layer_is_brute_force(Layer("window", ("on",), when=words), tz, instants_around(change)[::2])
            for every in ("1 hour", "1 day", "1 month"):
                layer = Layer("turns", ("a", "b", "c"), every, f"{wall - timedelta(days=31):%Y-%m-%d %H:%M}")
                layer_is_brute_force(layer, tz, instants_around(change)[::2])


def test_the_nights_are_nights_on_which_clocks_changed() -> None:
    quiet = [
        tz
        for tz in ZONES
        if all(
            oracle.wall_at(c, tz) - c.replace(tzinfo=None)
            == oracle.wall_at(c - QUARTER, tz) - (c - QUARTER).replace(tzinfo=None)
            for c in changes(tz)
        )
    ]
    assert quiet == ["Asia/Kolkata"]
    assert all(len(changes(tz)) >= len(CHANGES[tz]) for tz in ZONES)


def test_only_the_pinned_database_decides() -> None:
    """The operating system's zone files may be older or newer; nothing reads them."""
    import zoneinfo

    assert zoneinfo.TZPATH == ()
    assert zone("Europe/London") is zone("Europe/London")
