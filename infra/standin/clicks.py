"""Presses buttons and chooses from menus: sends Slack's signed ``block_actions`` to the deployed endpoint, as Slack would.

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
COMMANDS = "/slack/commands"
Post = Callable[[str, bytes, dict[str, str]], tuple[int, str]]
"""Sends one request to the deployed API: its path, body and headers; returns status and body of the answer."""

Again = Callable[[str], bool]
"""Tells whether the next request of a sort is to be sent twice, as Slack does after three silent seconds."""


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
        again: Again = lambda _: False,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._world = world
        self._slack = slack
        self._post = post
        self._secret = secret
        self._home = home
        self._again = again
        self._now = now

    def press(self, user: str, said: Said, action: str) -> int:
        """Press a message's button, or choose from its menu; returns the answer's status. Raises: LookupError."""
        button = next((b for b in buttons(said) if named(b) == action), None)
        if button is None:
            raise LookupError(f"that message has no button {action!r}")
        status, _ = self.send(self._payload(user, said, button), repeat="press")
        self._world.tell("click", (user, action, status))
        return status

    def send(self, payload: dict[str, Any], *, repeat: str) -> tuple[int, str]:
        """Sign and send one payload; returns status and body of the answer. ``repeat``: its sort, see ``Again``."""
        body = urlencode({"payload": json.dumps(payload)}).encode()
        if self._again(repeat):
            self._post(INTERACTIONS, body, self._headers(body))
            retried = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
            return self._post(INTERACTIONS, body, self._headers(body) | retried)
        return self._post(INTERACTIONS, body, self._headers(body))

    def command(self, user: str, command: str, text: str, path: str = COMMANDS) -> tuple[int, str]:
        """Type a slash command; returns status and body of the answer, which only that user sees."""
        form = {"command": command, "text": text, "user_id": user, "team_id": "T0001", "channel_id": "C1"}
        body = urlencode({**form, "trigger_id": self._slack.views.trigger(user)}).encode()
        return self._post(path, body, self._headers(body))

    def _headers(self, body: bytes) -> dict[str, str]:
        stamp = str(int(self._now()))
        base = b"v0:" + stamp.encode() + b":" + body
        return {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": "v0=" + hmac.new(self._secret.encode(), base, hashlib.sha256).hexdigest(),
        }

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
            "trigger_id": self._slack.views.trigger(user),
            "response_url": f"{self._home()}/response/{address}",
            "actions": [{**button, "action_ts": f"{time.time():.6f}"}],
        }


def buttons(said: Said) -> list[dict[str, Any]]:
    """Return every button of a message, wherever it stands, and every choice of its menus."""
    blocks = [*said.blocks, *(block for part in said.attachments for block in part.get("blocks") or ())]
    elements = [element for block in blocks if block["type"] == "actions" for element in block["elements"]]
    return [button for element in elements for button in _choices(element) if "url" not in button]


def named(button: dict[str, Any]) -> str:
    """Return what a button does: its action, or of a menu the chosen one's first word."""
    chosen = button.get("selected_option")
    return str(chosen["value"].partition(":")[0] if chosen else button["action_id"])


def _choices(element: dict[str, Any]) -> list[dict[str, Any]]:
    if element["type"] != "overflow":
        return [element]
    kept = {"type": "overflow", "action_id": element["action_id"]}
    return [{**kept, "selected_option": option} for option in element["options"] if "url" not in option]
