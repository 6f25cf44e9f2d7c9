"""The demo's own check finds everything that could go wrong with the night."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from infra.demo_check import faults
from infra.demo_story import EXPECTED, MARKS, PEOPLE, Alert, Night
from infra.standin.server import Standin
from infra.standin.world import Line, Said, Text


class Told:
    """A night of which somebody claims that it happened: right, until it is spoilt."""

    def __init__(self) -> None:
        self.standin = Standin(signing_secret="shh", people=PEOPLE)
        self.night = Night(self.standin, lambda _: None)
        self.night.statuses = {"Jo Peters": 200, "forged": 403}
        for alert in EXPECTED:
            self.alert(alert)
        self.line("Jo Peters", "customer")
        self.line("Acme Air", "nightdesk")
        self.whisper("U01DEV", "It is yours until 21:30.")
        self.whisper("U01BEN", "dev has it. Press *Take over* if you must.")

    def line(self, author: str, by: str) -> None:
        name = f"c{len(self.standin.world.lines)}"
        self.standin.world.add("line", Line("facebook", "t1", name, author, "words", by, time.time()))

    def alert(self, alert: Alert, words: str = "") -> None:
        text = f"Answered: {MARKS[alert.about][0]} {words}"
        kind, _, name = alert.where.partition(":")
        if kind == "sms":
            phone = next(person.phone for person in PEOPLE if person.name.lower() == name)
            self.standin.world.add("sms", Text(phone, text, time.time()))
        else:
            self.say(next((p.slack for p in PEOPLE if p.name.lower() == name), "#social"), text)

    def whisper(self, user: str, text: str) -> None:
        self.say("#social", text, only_for=user)

    def say(self, where: str, text: str, **changes: Any) -> None:
        channel = self.standin.slack.channel_id(where) or ""
        said = Said(channel, self.standin.world.next_ts(), text, time.time(), **changes)
        self.standin.world.add("slack", said)

    def faults(self) -> list[str]:
        return faults(self.night, self.standin.world)


def test_a_night_as_told_has_no_fault() -> None:
    assert Told().faults() == []


SPOILERS: dict[str, tuple[Callable[[Told], object], str]] = {
    "a page missing": (lambda told: told.standin.world.texts.pop(), "was not told"),
    "a page twice": (lambda told: told.alert(EXPECTED[0]), "too often"),
    "praise paged": (lambda told: told.alert(Alert("sms:ana", "Sam Lee")), "Sam Lee"),
    "a page about the deleted": (lambda told: told.alert(Alert("sms:ana", "Tom Hill")), "Tom Hill"),
    "a page of nobody knows what": (lambda told: told.say("#social", "Something else"), "? Something else"),
    "a secret told": (
        lambda told: told.standin.world.said[0].blocks.append({"text": "+44 7700 900123"}),
        "tells",
    ),
    "the forger believed": (lambda told: told.night.statuses.update(forged=200), "forged"),
    "a delivery refused": (lambda told: told.night.statuses.update({"Sam Lee": 500}), "Sam Lee"),
    "two winners": (lambda told: told.whisper("U01BEN", "It is yours until 21:30."), "Claim"),
    "an answer twice": (lambda told: told.line("Acme Air", "nightdesk"), "2 answers went out"),
    "no answer from Slack": (lambda told: told.standin.world.lines.pop(), "0 answers went out"),
    "refused by Slack": (lambda told: told.standin.world.complain("invalid_blocks"), "invalid_blocks"),
    "a card left open": (
        lambda told: told.say(
            "#social",
            "Waiting: Jo Peters",
        ),
        "ends without an answer",
    ),
}


@pytest.mark.parametrize("name", SPOILERS)
def test_a_spoilt_night_is_found_out(name: str) -> None:
    spoil, words = SPOILERS[name]
    told = Told()
    spoil(told)
    assert any(words in fault for fault in told.faults())
