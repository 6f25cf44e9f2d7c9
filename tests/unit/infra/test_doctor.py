"""The doctor: one line for each thing looked at, and trouble told from health."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.domain.polling_rows import Cursor, Incident
from chalicelib.services.polling import HOURLY
from chalicelib.services.ports import Put
from infra.doctor import Finding, account_findings, incident_findings, lines
from tests.builders import NIGHT, PAGE_ID, minutes
from tests.unit.polling.town import PollTown

SOUND = Cursor("facebook", PAGE_ID, "comments", NIGHT, swept_at=NIGHT - minutes(5), found=2)


def looked_at(*rows: object) -> dict[str, Finding]:
    """Look at the page when the table holds these rows."""
    town = PollTown()
    for row in rows:
        town.store.commit(Put(row))
    box: Any = SimpleNamespace(store=town.store, hearing=town.hearing)
    account = town.team.current().accounts["acme-fb"]
    return {one.what.removeprefix("acme-fb "): one for one in account_findings(box, account, NIGHT)}


def test_a_sound_sweep_is_told_with_what_it_found() -> None:
    """When, and how much."""
    found = looked_at(SOUND)["last sweep of comments"]
    assert (found.state, found.well) == ("5 minutes ago, 2 found in all", True)


@pytest.mark.parametrize(
    "cursor",
    [replace(SOUND, swept_at=NIGHT - minutes(21)), replace(SOUND, fault="code 10", fault_at=NIGHT)],
)
def test_a_sweep_that_stopped_or_fails_is_trouble(cursor: Cursor) -> None:
    """Late by four rounds, or with the platform's own words."""
    assert not looked_at(cursor)["last sweep of comments"].well


@pytest.mark.parametrize(("days", "well"), [(30, True), (6, False)])
def test_a_token_that_dies_within_a_week_is_trouble(days: int, well: bool) -> None:  # noqa: FBT001 - a table
    """The days left are told either way."""
    ends = NIGHT + timedelta(days=days)
    found = looked_at(replace(SOUND, stream="health", expires_token_at=ends))["token"]
    assert (found.state, found.well) == (f"{days} days left", well)


def broken(*rows: object) -> list[Finding]:
    """Look for incidents when the table holds these rows."""
    town = PollTown()
    for row in rows:
        town.store.commit(Put(row))
    box: Any = SimpleNamespace(incidents=town.incidents, teams=town.team)
    return list(incident_findings(box, NIGHT))


@pytest.mark.parametrize("kind", ["silent", "token", "access", "sweep"])
def test_an_incident_of_any_kind_is_told_until_it_is_closed(kind: str) -> None:
    """Since when, in the words that paged, and who is at it."""
    key = f"{kind}:facebook:{PAGE_ID}" + (":comments" if kind == "sweep" else "")
    incident = Incident(key, NIGHT, "it is broken", held_by="ana", held_until=NIGHT + minutes(1))
    (found,) = broken(incident)
    assert (found.what, found.well) == (f"incident {key}", False)
    assert "(ana is at it): it is broken" in found.state
    assert broken(replace(incident, closed_at=NIGHT)) == []


def test_a_sweep_whose_budget_is_spent_is_trouble() -> None:
    """It goes on in the next hour."""
    found = looked_at(replace(SOUND, pending=("1",), spent=HOURLY))["last sweep of comments"]
    assert (found.well, "the rest follows" in found.state) == (False, True)


def test_what_a_check_noted_is_shown_and_is_no_trouble() -> None:
    """A number's quality, its templates."""
    found = looked_at(replace(SOUND, stream="health", notes=("quality GREEN",)))["access"]
    assert (found.state, found.well) == ("quality GREEN", True)


def test_the_table_ends_with_what_it_comes_to() -> None:
    """Bad lines stand out, and are counted."""
    said = list(lines([Finding("a", "fine"), Finding("b", "broken", well=False)]))
    assert said == ["ok   a  fine", "BAD  b  broken", "", "1 of 2 need somebody."]
    assert list(lines([Finding("a", "fine")]))[-1] == "All is well."
