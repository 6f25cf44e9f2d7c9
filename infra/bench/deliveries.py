"""Signed deliveries of the kinds that fill a brand's day, one post each."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from infra.bench.scene import BRAND
from infra.standin.meta import PAGE_INBOX, signature

QUESTION = (
    "My flight to Lisbon was cancelled yesterday evening and nobody at the desk could tell me anything. "
    "Where is my refund, please?"
)
ANSWER = "So sorry about that. Your refund is on its way and will be with you in three days."
THREAD = f"{BRAND.id}_100"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Signed:
    """One delivery as Meta sends it."""

    body: bytes

    @property
    def headers(self) -> dict[str, str]:
        """The headers that matter."""
        return {"Content-Type": "application/json", "X-Hub-Signature-256": signature(self.body, BRAND.secret)}

    @property
    def path(self) -> str:
        """Where it is delivered."""
        return f"/hooks/{BRAND.platform}/{BRAND.app}"


_IDS = itertools.count(time.time_ns() // 1000)
"""Shared by all writers: two that began within one microsecond once named their first deliveries alike."""


@dataclass
class Writer:
    """Writes deliveries at the time that ``now`` tells, in seconds since 1970; no id comes twice."""

    now: Callable[[], float] = time.time

    def name(self) -> str:
        """Return an id that nothing has yet."""
        return f"100_{next(_IDS)}"

    def comment(self, name: str, author: str, text: str, *, parent: str = THREAD) -> Signed:
        """Return a customer's comment."""
        return self._feed(name, {"id": author, "name": "Jo Peters"}, text, parent)

    def native_reply(self, parent: str, text: str) -> Signed:
        """Return an answer that the brand typed in Facebook."""
        return self._feed(self.name(), {"id": BRAND.id, "name": BRAND.name}, text, parent)

    def message(self, author: str, text: str) -> Signed:
        """Return a customer's direct message."""
        return self._dm(author, BRAND.id, {"mid": f"m_{self.name()}", "text": text})

    def echo(self, customer: str, text: str) -> Signed:
        """Return a direct message that the brand typed in Meta's inbox."""
        message = {"mid": f"m_{self.name()}", "text": text, "is_echo": True, "app_id": int(PAGE_INBOX)}
        return self._dm(BRAND.id, customer, message)

    def _feed(self, name: str, author: Json, text: str, parent: str) -> Signed:
        value = {
            "item": "comment",
            "verb": "add",
            "from": author,
            "post_id": THREAD,
            "comment_id": name,
            "parent_id": parent,
            "created_time": int(self.now()),
            "message": text,
        }
        return self._signed({"changes": [{"field": "feed", "value": value}]})

    def _dm(self, sender: str, to: str, message: Json) -> Signed:
        now = int(self.now() * 1000)
        event = {"sender": {"id": sender}, "recipient": {"id": to}, "timestamp": now, "message": message}
        return self._signed({"messaging": [event]})

    def _signed(self, entry: Json) -> Signed:
        envelope = {"object": "page", "entry": [{"id": BRAND.id, "time": int(self.now()), **entry}]}
        return Signed(json.dumps(envelope, separators=(",", ":")).encode())
