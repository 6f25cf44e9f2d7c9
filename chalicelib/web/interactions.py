"""What people press in Slack: who pressed, what they want, and the words they get back.

The claim itself is one conditional write, made before Slack is answered; everything that is said afterwards
goes through the queue, since only three seconds are allowed and nothing runs once the answer is out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol
from urllib.parse import parse_qs

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.team import TeamFile
from chalicelib.errors import Conflict, NotFound
from chalicelib.services.platform_port import Delivery
from chalicelib.services.ports import Clock, Queue, TeamSource, Whisper

SAID = {
    "release": "Released: it is nobody's now, and escalation goes on.",
    "was_for_them": "Noted: the brand's reply was for them.",
    "was_not_for_them": "Noted: they still wait for an answer.",
}
"""What to tell somebody whose press worked, where it does not depend on the conversation."""


class Claims(Protocol):
    """Who owns what; every change is conditional. Each raises: Conflict naming the holder, NotFound, Transient."""

    def claim(self, conversation_id: str, *, by: str, at: datetime) -> Conversation:
        """Take a waiting conversation that nobody has."""

    def release(self, conversation_id: str, *, by: str, at: datetime) -> Conversation:
        """Give it back."""

    def take_over(self, conversation_id: str, *, by: str, at: datetime) -> Conversation:
        """Take it from whoever has it."""

    def renew(self, conversation_id: str, *, by: str, at: datetime) -> Conversation:
        """Keep it longer."""


class Doubts(Protocol):
    """What a person says about native replies of which nobody knows whom they answer."""

    def answer_maybes(self, conversation_id: str, *, by: str, at: datetime, yes: bool) -> Conversation:
        """Settle them all for this customer. Raises: NotFound, Transient."""


@dataclass(frozen=True, slots=True)
class Press:
    """One button pressed by one Slack user; ``value`` is the conversation's id."""

    action: str
    value: str
    user: str
    response_url: str


class Interactions:
    """Acts on presses."""

    def __init__(
        self, *, claims: Claims, doubts: Doubts, teams: TeamSource, clock: Clock, outbound: Queue
    ) -> None:
        self._teams = teams
        self._clock = clock
        self._outbound = outbound
        self._acts: Mapping[str, Callable[..., Conversation]] = {
            "claim": claims.claim,
            "release": claims.release,
            "take_over": claims.take_over,
            "renew": claims.renew,
            "was_for_them": partial(doubts.answer_maybes, yes=True),
            "was_not_for_them": partial(doubts.answer_maybes, yes=False),
        }

    def act(self, body: bytes) -> None:
        """Do what was pressed; anything unknown is nothing. Raises: Transient."""
        for press in presses(body):
            if press.action in self._acts:
                self._outbound.send(Whisper(press.response_url, self._answer(press)))

    def _answer(self, press: Press) -> str:
        team = self._teams.current()
        person = person_of(team, press.user)
        if person is None:
            return stranger(team, press.user)
        try:
            now = self._acts[press.action](press.value, by=person, at=self._clock.now())
        except Conflict as taken:
            return lost(taken)
        except NotFound:
            return "That conversation is closed or no longer there."
        return SAID.get(press.action) or won(now, person)


def presses(body: bytes) -> list[Press]:
    """Return the buttons pressed in a ``block_actions`` form; nothing for any other or unreadable payload.

    Source: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload.
    """
    payload = _payload(body)
    if payload.get("type") != "block_actions":
        return []
    user, url = payload["user"]["id"], payload.get("response_url", "")
    return [Press(a["action_id"], a.get("value", ""), user, url) for a in payload.get("actions", ())]


def challenge(delivery: Delivery) -> str:
    """Return what Slack wants repeated when an events address is entered; empty for any other event."""
    try:
        event = json.loads(delivery.body)
    except ValueError:
        return ""
    asked = isinstance(event, dict) and event.get("type") == "url_verification"
    return str(event.get("challenge", "")) if asked else ""


def person_of(team: TeamFile, slack: str) -> str | None:
    """Return the name of the person whose Slack member id this is."""
    return next((person.name for person in team.people.values() if person.slack == slack), None)


def stranger(team: TeamFile, slack: str) -> str:
    """Return what to tell somebody whom the team file does not know, and whom they should ask."""
    responsible = sorted({schedule.fallback for schedule in team.schedules.values()})
    return (
        f"Nightdesk does not know you yet. Ask {' or '.join(responsible) or 'whoever keeps the team file'} "
        f'to add slack = "{slack}" to you in the team file; until then your clicks change nothing.'
    )


def lost(taken: Conflict) -> str:
    """Return what to tell somebody who was not first."""
    if taken.holder is None:
        return f"That did not work: {taken}."
    return f"{taken.holder} has it. Press *Take over* if you must have it instead."


def won(conversation: Conversation, person: str) -> str:
    """Return what to tell somebody who has it now."""
    claim = conversation.claim
    if claim is None or claim.owner != person:
        return "Done, but somebody else has it by now."
    until = f"<!date^{int(claim.until.timestamp())}^{{time}}|{claim.until:%H:%M} UTC>"
    return f"It is yours until {until}. Answer on the platform; claiming is not answering."


def _payload(body: bytes) -> Mapping[str, Any]:
    try:
        form = parse_qs(body.decode(), keep_blank_values=True)
        payload = json.loads(form["payload"][0])
    except (ValueError, KeyError):
        return {}
    return payload if isinstance(payload, dict) and isinstance(payload.get("user"), dict) else {}
