"""Incidents: paged by the ladder, ever slower, held by who is at it, and over when it works again."""

from __future__ import annotations

import argparse
import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.domain.items import Page
from chalicelib.domain.pager_rows import Notice
from chalicelib.errors import Conflict, NotFound
from infra.__main__ import parser
from infra.failures import CommandError
from infra.incident_commands import held, keys
from tests.builders import NIGHT, PAGE_ID, minutes
from tests.unit.polling.town import PollTown

KEY = f"token:facebook:{PAGE_ID}"


class Broken(PollTown):
    """A town whose token is dead; ``found`` at an instant tells who is paged then."""

    def found(self, at: float) -> list[str]:
        """Find it broken ``at`` minutes after NIGHT; return who is told, once for each notice."""
        before = {notice.id for notice in self.store.everything(Notice)}
        self.clock.set(NIGHT + minutes(at))
        account = self.team.current().accounts["acme-fb"]
        self.incidents.raised(KEY, "the token is dead", account, self.team.current())
        fresh = {notice.id for notice in self.store.everything(Notice)} - before
        pages = {(page.conversation_id, page.person) for page in self.store.everything(Page)}
        return sorted(person for notice, person in pages if notice in fresh)

    def holds(self, by: str, *, at: float, hours: float = 4) -> None:
        """Let somebody hold it."""
        self.clock.set(NIGHT + minutes(at))
        self.incidents.held(KEY, by, self.clock.now(), length=timedelta(hours=hours))


def test_the_ladder_is_climbed_and_its_last_step_repeats_ever_slower() -> None:
    """After one hour, two more, and then every four: a night's outage is no storm of texts."""
    town = Broken()
    told = [at for at in range(0, 24 * 60, 10) if town.found(at)]
    climbed = [at for at in told if at < 60]
    last = climbed[-1]
    assert climbed == list(range(0, last + 1, 10))
    hours = [(at - last) / 60 for at in told if at > last]
    assert hours == [1, 3, 7, 11, 15, 19, 23]


def test_whoever_holds_it_keeps_it_quiet_and_then_the_ladder_begins_anew() -> None:
    """Those who hold it may have fallen asleep over it."""
    town = Broken()
    first = town.found(0)
    town.holds("ana", at=5)
    assert [town.found(at) for at in (10, 60, 244)] == [[], [], []]
    assert town.found(245) == first
    assert town.found(255)


def test_what_is_found_again_after_hours_tells_each_person_once() -> None:
    """A carrier is tried only when there is a text to send: the rungs since then are one page, not five."""
    town = Broken()
    first = town.found(0)
    late = town.found(10 * 60)
    assert first
    assert set(first) <= set(late)
    assert len(late) == len(set(late))


def test_it_can_be_held_again_before_the_time_is_up() -> None:
    town = Broken()
    town.found(0)
    town.holds("ana", at=5, hours=1)
    town.holds("ana", at=60, hours=1)
    assert town.found(119) == []
    assert town.found(120)


def test_only_one_person_holds_it_at_a_time() -> None:
    """The second hears who has it; when the time is up, anybody may."""
    town = Broken()
    town.found(0)
    town.holds("ana", at=5, hours=1)
    with pytest.raises(Conflict, match="ana has it until"):
        town.holds("ben", at=6)
    town.holds("ben", at=65)


def test_an_incident_that_is_mended_and_breaks_again_is_a_new_one() -> None:
    """The hold was for the old one."""
    town = Broken()
    first = town.found(0)
    town.holds("ana", at=5)
    town.incidents.closed(KEY)
    assert town.found(20) == first


def test_what_flickers_pages_no_oftener_than_what_stays_broken() -> None:
    """Else a text that one phone is refused and the next one's that is taken would page for ever, once a minute."""
    town = Broken()
    told = []
    for at in range(30):
        if town.found(at):
            told.append(at)
        town.incidents.closed(KEY)
    assert told == [0, 10, 20]


@pytest.mark.parametrize("hours", [0, -1, 24.1])
def test_a_hold_has_an_end_within_a_day(hours: float) -> None:
    town = Broken()
    town.found(0)
    with pytest.raises(Conflict, match="24 hours"):
        town.holds("ana", at=5, hours=hours)


def test_what_is_not_broken_cannot_be_held() -> None:
    town = Broken()
    with pytest.raises(NotFound):
        town.holds("ana", at=0)
    town.found(0)
    town.incidents.closed(KEY)
    with pytest.raises(NotFound):
        town.holds("ana", at=5)


def test_every_page_tells_how_to_hold_it() -> None:
    town = Broken()
    town.found(0)
    (notice,) = town.store.everything(Notice)
    assert notice.lines[-1].endswith(f"incidents hold {KEY}")


def asked(**more: Any) -> argparse.Namespace:
    """Return what was typed."""
    return argparse.Namespace(**({"key": KEY, "by": "ana", "length": "2h", "json": True} | more))


def test_the_command_holds_in_a_persons_name(capsys: pytest.CaptureFixture[str]) -> None:
    """And says until when."""
    town = Broken()
    town.found(0)
    box: Any = SimpleNamespace(incidents=town.incidents, teams=town.team, clock=town.clock)
    assert held(asked(), box) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["held_by"], told["held_until"]) == ("ana", (NIGHT + timedelta(hours=2)).isoformat())
    for typed in (asked(by="nobody-here"), asked(length="soon")):
        with pytest.raises(CommandError):
            held(typed, box)


def test_every_kind_of_incident_can_be_listed() -> None:
    """Whatever is raised is found by its name."""
    listed = set(keys(PollTown().team.current()))
    about = f"facebook:{PAGE_ID}"
    assert {
        f"token:{about}",
        f"silent:{about}",
        f"access:{about}",
        f"sweep:{about}:comments",
        "sms",
    } <= listed


@pytest.mark.parametrize(
    "words",
    [
        ["incidents", "--stage", "staging", "--json", "hold", KEY],
        ["incidents", "hold", KEY, "--stage", "staging", "--json"],
    ],
    ids=["before", "after"],
)
def test_the_installation_may_be_named_before_the_act_or_after_it(words: list[str]) -> None:
    """Named before, it was forgotten: somebody held an incident of prod."""
    args = parser().parse_args(words)
    assert (args.stage, args.json) == ("staging", True)


def test_an_act_on_no_installation_in_particular_is_on_prod() -> None:
    args = parser().parse_args(["incidents", "hold", KEY])
    assert (args.stage, args.json) == ("prod", False)
