"""Meta's side of the story: customers who write, brands that answer natively, and the signed deliveries of both.

Payload shapes: https://developers.facebook.com/docs/graph-api/webhooks/reference/page and
https://developers.facebook.com/docs/messenger-platform/reference/webhook-events/message-echoes. Bodies leave
as Meta's do: JSON with every non-ASCII character escaped, signed over exactly those bytes.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from infra.standin.world import Line, World

Json = dict[str, Any]
Post = Callable[[str, bytes, dict[str, str]], int]
"""Sends a body with headers to a path of the deployed API and returns the status of the answer."""

PAGE_INBOX = "263902037430900"
"""The app id under which Meta's own inbox sends (conversation routing reference)."""


@dataclass(frozen=True)
class Brand:
    """One page (or Instagram account), the app it is bound to, and what signs that app's deliveries."""

    platform: str
    id: str
    name: str
    app: str
    secret: str


def signature(body: bytes, secret: str) -> str:
    """Return the value of ``X-Hub-Signature-256``."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Meta:
    """Lets people write to a brand, and tells Nightdesk in the platform's own words."""

    def __init__(
        self, world: World, brands: list[Brand], post: Post, now: Callable[[], float] = time.time
    ) -> None:
        self._world = world
        self.brands = {brand.id: brand for brand in brands}
        self._post = post
        self._now = now
        self._ids = itertools.count(int(time.time()) % 1_000_000 * 1000)

    def comment(self, brand: Brand, thread: str, author: str, text: str) -> tuple[Line, int]:
        """Let a customer comment under a post of the page; returns the line and the answer's status."""
        line = self._line(brand, thread, author, text, "customer")
        return line, self.deliver(brand, self._feed(brand, line, _customer(author), verb="add"))

    def native_reply(self, brand: Brand, to: Line, text: str) -> tuple[Line, int]:
        """Let the brand answer a comment or a message in the platform's own app."""
        line = self._line(brand, to.thread, brand.name, text, "brand")
        if to.thread.startswith("dm:"):
            return line, self.echo_message(brand, line, to.thread.removeprefix("dm:"), None, PAGE_INBOX)
        return line, self.deliver(brand, self._feed(brand, line, _page(brand), verb="add", parent=to.id))

    def remove(self, brand: Brand, line: Line) -> int:
        """Let an author delete their comment."""
        line.deleted = True
        self._world.tell("deleted", line)
        return self.deliver(brand, self._feed(brand, line, _customer(line.author), verb="remove"))

    def message(self, brand: Brand, author: str, text: str) -> tuple[Line, int]:
        """Let a customer send the page a direct message."""
        person = _customer(author)["id"]
        line = self._line(brand, f"dm:{person}", author, text, "customer")
        message = {"mid": line.id, "text": text}
        return line, self.deliver(brand, _messaging(brand, person, brand.id, message))

    def again(self, brand: Brand, line: Line) -> int:
        """Deliver a comment a second time, as Meta does when it is not sure of the first."""
        return self.deliver(brand, self._feed(brand, line, _customer(line.author), verb="add"))

    def forged(self, brand: Brand, text: str) -> int:
        """Deliver a comment signed by somebody who does not know the secret."""
        line = Line(
            brand.platform, f"{brand.id}_666", f"{brand.id}_forged", "Mallory", text, "customer", time.time()
        )
        payload = self._feed(brand, line, _customer("Mallory"), verb="add")
        return self.deliver(brand, payload, secret="not-the-secret")  # noqa: S106  (a forger's guess)

    def echo_comment(self, brand: Brand, line: Line, parent: str) -> int:
        """Tell Nightdesk of a reply made through the API, as Meta does of every comment."""
        return self.deliver(brand, self._feed(brand, line, _page(brand), verb="add", parent=parent))

    def echo_message(self, brand: Brand, line: Line, person: str, metadata: str | None, app_id: str) -> int:
        """Tell Nightdesk of a direct message the brand sent."""
        message = {"mid": line.id, "text": line.text, "is_echo": True, "app_id": int(app_id)}
        message |= {"metadata": metadata} if metadata else {}
        return self.deliver(brand, _messaging(brand, brand.id, person, message))

    def deliver(self, brand: Brand, payload: Json, *, secret: str | None = None) -> int:
        """Sign a payload and post it to the brand's hook; returns the status of the answer."""
        body = json.dumps(payload, separators=(",", ":")).encode()
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": signature(body, secret or brand.secret),
            "User-Agent": "facebookexternalua",
        }
        return self._post(f"/hooks/{brand.platform}/{brand.app}", body, headers)

    def new_line(self, brand: Brand, thread: str, text: str) -> Line:
        """Record what Nightdesk said through the API."""
        return self._line(brand, thread, brand.name, text, "nightdesk")

    def _line(self, brand: Brand, thread: str, author: str, text: str, by: str) -> Line:
        number = next(self._ids)
        name = f"m_{number}" if thread.startswith("dm:") else f"{thread.rpartition('_')[2]}_{number}"
        line = Line(brand.platform, thread, name, author, text, by, self._now())
        self._world.add("line", line)
        return line

    def _feed(self, brand: Brand, line: Line, author: Json, *, verb: str, parent: str | None = None) -> Json:
        if brand.platform == "instagram":
            return _envelope("instagram", brand, self._instagram(line, author, parent))
        value = {
            "item": "comment",
            "verb": verb,
            "from": author,
            "post_id": line.thread,
            "comment_id": line.id,
            "parent_id": parent or line.thread,
            "created_time": int(line.at),
        }
        value |= {"message": line.text} if verb == "add" else {}
        return _envelope("page", brand, {"field": "feed", "value": value})

    def _instagram(self, line: Line, author: Json, parent: str | None) -> Json:
        value = {
            "id": line.id,
            "from": {"id": author["id"], "username": author["name"].lower().replace(" ", ".")},
            "media": {"id": line.thread, "media_product_type": "FEED"},
            "text": line.text,
        }
        return {"field": "comments", "value": value | ({"parent_id": parent} if parent else {})}


def _envelope(kind: str, brand: Brand, change: Json) -> Json:
    return {"object": kind, "entry": [{"id": brand.id, "time": int(time.time()), "changes": [change]}]}


def _messaging(brand: Brand, sender: str, recipient: str, message: Json) -> Json:
    now = int(time.time() * 1000)
    event = {"sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": now, "message": message}
    return {"object": "page", "entry": [{"id": brand.id, "time": now, "messaging": [event]}]}


def _customer(name: str) -> Json:
    """Give a customer the same id each time."""
    return {"id": str(int(hashlib.sha256(name.encode()).hexdigest()[:12], 16)), "name": name}


def _page(brand: Brand) -> Json:
    return {"id": brand.id, "name": brand.name}
