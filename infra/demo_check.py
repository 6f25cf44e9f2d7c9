"""Checks that the demo's night went as it should: every expected alert, none other, and no secret told."""

from __future__ import annotations

from collections import Counter

from infra.demo_story import EXPECTED, SECRET_WORDS, Night
from infra.standin.blocks import texts
from infra.standin.world import World

REFUSED = (401, 403)


def faults(night: Night, world: World) -> list[str]:
    """Return in words all that went wrong; nothing if the night was right."""
    return [
        *_alerts(night),
        *_statuses(night),
        *_race(world),
        *_secrets(world),
        *_end(night, world),
        *_answer(world),
        *world.complaints,
    ]


def _alerts(night: Night) -> list[str]:
    wanted, seen = Counter(EXPECTED), Counter(night.alerts())
    missing = [f"{alert.where} was not told about {alert.about}" for alert in (wanted - seen).elements()]
    return missing + [
        f"{alert.where} was told about {alert.about}, too often or for nothing"
        for alert in (seen - wanted).elements()
    ]


def _statuses(night: Night) -> list[str]:
    forged = night.statuses.get("forged")
    wrong = [f"{name}: answered {s}" for name, s in night.statuses.items() if name != "forged" and s != 200]  # noqa: PLR2004
    return wrong + ([] if forged in REFUSED else [f"the forged delivery was answered {forged}"])


def _race(world: World) -> list[str]:
    told = [said.text for said in world.said if said.only_for in ("U01DEV", "U01BEN")]
    won, lost = sum("yours until" in text for text in told), sum(" has it" in text for text in told)
    return (
        []
        if (won, lost) == (1, 1)
        else [f"of two who pressed Claim, {won} heard they have it and {lost} who has"]
    )


def _secrets(world: World) -> list[str]:
    shown = [*(text.text for text in world.texts)]
    shown += [
        text for said in world.said for text in texts([{"text": said.text}, said.blocks, said.attachments])
    ]
    return [f"an alert tells {word!r}" for word in SECRET_WORDS if any(word in text for text in shown)]


def _end(night: Night, world: World) -> list[str]:
    """Every message in the channel must end answered."""
    cards = [said for said in world.said if said.only_for is None and night.where(said) == "#social"]
    return [
        f"a message ends without an answer: {said.text[:80]}" for said in cards if "nswered" not in said.text
    ]


def _answer(world: World) -> list[str]:
    """Look for what the lead typed in Slack in the thread of the customer: once."""
    given = [line for line in world.lines if line.by == "nightdesk"]
    asked = {line.thread for line in world.lines if line.author == "Jo Peters"}
    return (
        []
        if len(given) == 1 and given[0].thread in asked
        else [f"{len(given)} answers went out from Slack, not one to Jo"]
    )
