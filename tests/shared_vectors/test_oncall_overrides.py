"""The shared override vectors. Upstream models put several people on call at once: each becomes a schedule of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.schedule import Shift, shifts, who
from chalicelib.domain.team import NOBODY, TeamFile
from chalicelib.domain.teamfile import read_team
from tests.shared import needs_shared
from tests.shared_vectors.oncall_rows import OFF, Row, cases, instant, of_kind, rows, window_words

pytestmark = needs_shared

HISTORY = "our answers follow from configuration alone; what was recorded is the timeline's business"
OVERRULED = {"overrides-007": HISTORY, "overrides-008": HISTORY, "overrides-009": HISTORY}
NO_SUCH_EDIT = {
    "merge_temporary": "there are no temporary schedules to merge: an override is a row of its own",
    "delete_span": "there are no temporary schedules to cut",
}


def layer_of(rule: Mapping[str, Any]) -> dict[str, object]:
    """Return the layer of a rule: one user, or a rotation whose anchor puts the recorded user on now."""
    layer: dict[str, object] = {"when": window_words(dict(rule))}
    if "rotation" not in rule:
        return {**layer, "rotate": [rule["user"]]}
    rotation = rule["rotation"]
    names, start = rotation["participants"], instant(rotation["start"])
    days = (instant(rotation["current_since"]) - start).days
    turned = names.index(rotation["current"]) - days  # upstream keeps the position as state, we count it
    ordered = [names[(n + turned) % len(names)] for n in range(len(names))]
    local = datetime.fromisoformat(rotation["start"][:16]).replace(hour=int(rule["start"][:2]), minute=0)
    return {**layer, "rotate": ordered, "every": "1 day", "start": local.strftime("%Y-%m-%d %H:%M")}


def file_of(config: Mapping[str, Any]) -> TeamFile:
    """Return a file with one schedule for each rule, and one for people who are only ever added."""
    tz = config.get("tz", "UTC")
    rules = config.get("rules") or [
        {"user": name, "days": [1] * 7, "start": "00:00", "end": "24:00"} for name in config["base_on_call"]
    ]
    schedules = {f"s{n}": {"tz": tz, "fallback": OFF, "layers": [layer_of(r)]} for n, r in enumerate(rules)}
    overrides = [o for name, r in zip(schedules, rules, strict=True) for o in overrides_of(name, r, config)]
    added = [o for o in config.get("overrides", ()) if "remove" not in o]
    schedules["added"] = {"tz": tz, "fallback": OFF, "layers": []}
    overrides += [override("added", o, who=o["add"]) for o in added]
    return read_team({"schedules": schedules, "overrides": overrides}, version="vectors")


def overrides_of(
    schedule: str, rule: Mapping[str, Any], config: Mapping[str, Any]
) -> Iterator[dict[str, object]]:
    """Yield what changes a rule's schedule: whoever stands in, or nobody; and whole temporary schedules."""
    for change in config.get("overrides", ()):
        if change.get("remove") == rule.get("user"):
            yield override(schedule, change, who=change.get("add", NOBODY), away=rule.get("user"))
    for temporary in config.get("temporary_schedules", ()):
        yield from filled(schedule, temporary)


def filled(schedule: str, temporary: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    """Yield a temporary schedule as full overrides, its holes included."""
    at = temporary["start"]
    for shift in temporary["shifts"]:
        yield override(schedule, {"start": at, "end": shift["start"]}, who=NOBODY)
        yield override(schedule, shift, who=shift["user"])
        at = shift["end"]
    yield override(schedule, {"start": at, "end": temporary["end"]}, who=NOBODY)


def override(schedule: str, span: Mapping[str, Any], **people: object) -> dict[str, object]:
    """Return one override of our file."""
    return {"schedule": schedule, "from": span["start"], "to": span["end"], **people}


@cases(of_kind("override_map", "overrides"))
def test_overrides_leave_on_call_whom_the_vectors_say(row: Row) -> None:
    team = file_of(row["config"])
    people = {who(team, name, instant(row["at"])).person for name in team.schedules}
    assert sorted(people - {OFF}) == row["expect"]["on_call"]


@cases(of_kind("shifts_in_window", "overrides"), OVERRULED)
def test_overrides_cut_shifts_where_the_vectors_say(row: Row) -> None:
    team = file_of(row["config"])
    start, end = map(instant, row["window"])
    found = [s for name in team.schedules for s in shifts(team, name, start, end) if s.person != OFF]
    expected = [(s["user"], instant(s["start"]), instant(s["end"])) for s in row["expect"]["shifts"]]
    assert sorted(map(_bounds, found)) == sorted(expected)


def _bounds(shift: Shift) -> tuple[str, datetime | None, datetime | None]:
    return shift.person, shift.since_at, shift.until_at


@cases(of_kind("split_events", "overrides"))
def test_a_stand_in_splits_events_where_the_vectors_say(row: Row) -> None:
    config, epoch = row["config"], datetime(1970, 1, 1, tzinfo=instant("1970-01-01T00:00Z").tzinfo)

    def at(seconds: int) -> str:
        return (epoch + timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S")

    layers = [
        {"rotate": [e["user"]], "from": at(e["start"]), "until": at(e["end"]), "name": "events"}
        for e in config["events"]
    ]
    change = config["override"]
    stand_in = {
        "schedule": "s",
        "from": at(change["start"]),
        "to": at(change["end"]),
        "who": change["user"],
        "away": "owner",
    }
    schedule = {"tz": "UTC", "fallback": OFF, "layers": layers}
    team = read_team({"schedules": {"s": schedule}, "overrides": [stand_in]}, version="vectors")
    on_duty = [s for s in shifts(team, "s", epoch, epoch + timedelta(seconds=50000)) if s.person != OFF]
    for user in ("owner", "sub"):
        spans = [
            [seconds(s.since_at, epoch), seconds(s.until_at, epoch)] for s in on_duty if s.person == user
        ]
        assert spans == row["expect"][user]
    assert len(on_duty) == row["expect"]["events_returned"]


def seconds(at: datetime | None, epoch: datetime) -> int:
    """Return seconds since the epoch."""
    assert at is not None
    return int((at - epoch).total_seconds())


def test_every_override_row_is_run_or_named() -> None:
    run = {"override_map", "shifts_in_window", "split_events"}
    assert {row["kind"] for row in rows("overrides")} == run | set(NO_SUCH_EDIT)
