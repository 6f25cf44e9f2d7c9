"""Presses buttons: sends Slack's signed ``block_actions`` to the deployed endpoint, as Slack would.

Source: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from infra.standin.slack_api import SlackApi
from infra.standin.world import Said, World

INTERACTIONS = "/slack/interactions"
Post = Callable[[str, bytes, dict[str, str]], int]


class Clicks:
    """Fingers on Slack's buttons."""

    def __init__(
        self,
        world: World,
        slack: SlackApi,
        post: Post,
        *,
        secret: str,
        home: Callable[[], str],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._world = world
        self._slack = slack
        self._post = post
        self._secret = secret
        self._home = home
        self._now = now

    def press(self, user: str, said: Said, action: str) -> int:
        """Press a message's button as a user; returns the status of the answer. Raises: LookupError."""
        button = next((b for b in buttons(said) if b["action_id"] == action), None)
        if button is None:
            raise LookupError(f"that message has no button {action!r}")
        status = self._send(self._payload(user, said, button))
        self._world.tell("click", (user, action, status))
        return status

    def _send(self, payload: dict[str, Any]) -> int:
        body = urlencode({"payload": json.dumps(payload)}).encode()
        stamp = str(int(self._now()))
        base = b"v0:" + stamp.encode() + b":" + body
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": "v0=" + hmac.new(self._secret.encode(), base, hashlib.sha256).hexdigest(),
        }
        return self._post(INTERACTIONS, body, headers)

    def _payload(self, user: str, said: Said, button: dict[str, Any]) -> dict[str, Any]:
        place = {"id": said.channel, "name": self._slack.name_of(said.channel)}
        address = self._slack.address(user, said.channel)
        return {
            "type": "block_actions",
            "user": {"id": user, "username": user.lower(), "team_id": "T0001"},
            "team": {"id": "T0001", "domain": "acme"},
            "api_app_id": "A0001",
            "container": {"type": "message", "message_ts": said.ts, "channel_id": said.channel},
            "channel": place,
            "message": {"ts": said.ts, "text": said.text},
            "trigger_id": f"{time.time_ns()}.1.standin",
            "response_url": f"{self._home()}/response/{address}",
            "actions": [{**button, "action_ts": f"{time.time():.6f}"}],
        }


def buttons(said: Said) -> list[dict[str, Any]]:
    """Return every button of a message, wherever it stands."""
    blocks = [*said.blocks, *(block for part in said.attachments for block in part.get("blocks") or ())]
    elements = [element for block in blocks if block["type"] == "actions" for element in block["elements"]]
    return [element for element in elements if element["type"] == "button" and "url" not in element]
