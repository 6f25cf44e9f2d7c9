"""Reads ``[schedules.*]`` and ``[[overrides]]``: who may be woken, and who stands in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from chalicelib.domain.oncall_words import Misworded, read_every, read_wall, read_window
from chalicelib.domain.team import NOBODY, Layer, Override, Schedule
from chalicelib.domain.teamfile.tables import Table
from chalicelib.domain.wallclock import UnknownZone, first_of, is_ambiguous, is_missing, zone


def read_zone(words: str) -> str:
    """Return the zone's name if the pinned database has it. Raises: Misworded."""
    try:
        zone(words)
    except UnknownZone as fault:
        raise Misworded(f"{words!r} is not a time zone", "write a name such as Europe/London") from fault
    return words


def read_schedules(root: Table) -> dict[str, Schedule]:
    """Read every schedule."""
    return {name: _read_schedule(name, table) for name, table in root.named("schedules")}


def _read_schedule(name: str, table: Table) -> Schedule:
    schedule = Schedule(
        name=name,
        tz=table.word("tz", read_zone, 'write the zone its clocks are in: tz = "Europe/London"') or "UTC",
        fallback=table.text("fallback") or NOBODY,
        layers=tuple(_read_layer(n, layer) for n, layer in enumerate(table.tables("layers"), start=1)),
        gap_ok=table.words("gap_ok", _window_words),
    )
    table.close()
    return schedule


def _read_layer(number: int, table: Table) -> Layer:
    layer = Layer(
        name=table.text("name") or f"layer {number}",
        rotate=table.texts("rotate", 'name whose turns these are: rotate = ["ana", "ben"]'),
        every=_checked(table, "every", read_every),
        start=_checked(table, "start", read_wall),
        when=_when(table),
        from_=_checked(table, "from", read_wall),
        until=_checked(table, "until", read_wall),
    )
    table.close()
    _demand_turns(layer, table)
    _demand_order(layer, table)
    return layer


def _checked(table: Table, key: str, read: object) -> str | None:
    """Return the words themselves if they have a meaning: the engine reads them again, once, when it needs to."""
    words = table.text(key)
    known = words is None or not callable(read) or table.meaning(key, words, read) is not None
    return words if known else None


def _when(table: Table) -> str | None:
    """Read ``when``; a list is the union of its windows."""
    windows = table.words("when", _window_words)
    return "; ".join(windows) or None


def _window_words(words: str) -> str:
    read_window(words)
    return words


def _demand_turns(layer: Layer, table: Table) -> None:
    names = table.names()
    if not layer.rotate and "rotate" in names:
        table.fault("rotate", "nobody takes turns", 'name at least one person, or "nobody"')
    if len(layer.rotate) > 1 and "every" not in names:
        table.fault(
            "every",
            "it is missing, and there are turns to take",
            'write how long a turn is: every = "1 week"',
        )
    if "every" in names and "start" not in names:
        table.fault("start", "it is missing", 'write when turn 1 began: start = "2027-01-04 09:00"')
    if "start" in names and "every" not in names and len(layer.rotate) <= 1:
        table.fault("start", "it has no effect without `every`", 'write every = "1 week", or remove start')


def _demand_order(layer: Layer, table: Table) -> None:
    if layer.from_ and layer.until and read_wall(layer.from_) >= read_wall(layer.until):
        table.fault("until", f"it is not after from ({layer.from_})", "write a later time")


def read_overrides(root: Table, schedules: Mapping[str, Schedule]) -> tuple[Override, ...]:
    """Read the overrides, their times as wall clock of their schedule."""
    found = [_read_override(table, schedules) for table in root.tables("overrides")]
    return tuple(override for override in found if override is not None)


def _read_override(table: Table, schedules: Mapping[str, Schedule]) -> Override | None:
    name = table.text("schedule", 'name the schedule: schedule = "primary"')
    schedule = schedules.get(name or "")
    if name is not None and schedule is None:
        table.fault(
            "schedule",
            f"there is no schedule {name!r}",
            f"write one of: {', '.join(schedules) or 'none yet'}",
        )
    tz = "UTC" if schedule is None else schedule.tz
    from_at, until_at = _instant(table, "from", tz), _instant(table, "to", tz)
    who, away = table.text("who", 'name who takes over: who = "ben"'), table.text("away")
    table.close()
    if from_at and until_at and from_at >= until_at:
        table.fault("to", "it is not after from", "write a later time")
    if name and from_at and until_at and who:
        return Override(name, from_at, until_at, who, away)
    return None


def _instant(table: Table, key: str, tz: str) -> datetime | None:
    words = table.text(key, f'write local time of the schedule: {key} = "2027-02-10 09:00"')
    return None if words is None else table.meaning(key, words, lambda text: read_instant(text, tz))


def read_instant(words: str, tz: str) -> datetime:
    """Read an override's time: local time that happens exactly once, or any time with an offset.

    Raises: Misworded for a local time that happens twice or never.
    """
    with_offset = _with_offset(words)
    if with_offset is not None:
        return with_offset
    wall = read_wall(words)
    if is_missing(wall, tz):
        raise Misworded(
            f"{words} does not exist in {tz}: the clocks jump over it", "write a time before or after"
        )
    if is_ambiguous(wall, tz):
        example = first_of(wall, tz).strftime("%Y-%m-%d %H:%M+00:00")
        raise Misworded(
            f"{words} happens twice in {tz}", f'write another time, or one with its offset: "{example}"'
        )
    return first_of(wall, tz)


def _with_offset(words: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(words.strip())
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo is not None else None
