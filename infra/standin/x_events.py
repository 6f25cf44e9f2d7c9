"""What happens on X, and how its Activity API tells of it: signed deliveries, and the challenge to the webhook.

Payload shapes: https://docs.x.com/x-api/activity/introduction. Bodies leave as X's do: raw UTF-8, signed in base64.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import requests

from infra.standin.meta import Brand, Post
from infra.standin.world import Line, World

Json = dict[str, Any]
SECONDS = 10


class XEvents:
    """Lets people write on X, and tells Nightdesk."""

    def __init__(
        self, world: World, brand: Brand, post: Post, *, deployed: Callable[[], str], now: Callable[[], float]
    ) -> None:
        self._world = world
        self.brand = brand
        self._post = post
        self._deployed = deployed
        self._now = now
        self._parents: dict[str, Line] = {}
        self._ids = itertools.count(int(time.time()) * 1000)

    def mention(self, author: str, text: str) -> tuple[Line, int]:
        """Let a customer post something that names the brand; returns the line and the answer's status."""
        line = self.said("", author, f"@{self.brand.name} {text}", "customer")
        return line, self.tell("post.mention.create", line)

    def reply(self, author: str, text: str, to: Line) -> tuple[Line, int]:
        """Let a customer answer a post of the brand's without naming it."""
        line = self.said(to.thread, author, text, "customer", to=to)
        return line, self.tell("post.reply.create", line)

    def native_reply(self, text: str, to: Line) -> tuple[Line, int]:
        """Let the brand answer in X itself."""
        line = self.said(to.thread, self.brand.name, text, "brand", to=to)
        return line, self.tell("post.create", line)

    def stands(self, author: str, text: str, *, at: float, to: Line | None = None) -> Line:
        """Let a customer post at an instant; nobody tells."""
        words = text if to else f"@{self.brand.name} {text}"
        line = self.said(to.thread if to else "", author, words, "customer", to=to)
        line.at = at
        return line

    def said(self, thread: str, author: str, text: str, by: str, to: Line | None = None) -> Line:
        """Record a post; one that answers nobody begins a conversation of its own."""
        name = str(next(self._ids))
        line = Line("x", thread or name, name, author, text, by, self._now())
        if to is not None:
            self._parents[name] = to
        self._world.add("line", line)
        return line

    def has_summoned(self, line: Line) -> bool:
        """Tell whether a post names the brand."""
        return f"@{self.brand.name}".lower() in line.text.lower()

    def answers_us(self, line: Line) -> bool:
        """Tell whether a post answers one of the brand's."""
        parent = self._parents.get(line.id)
        return parent is not None and parent.by != "customer"

    def parent(self, line: Line) -> Line | None:
        """Return what a post answers."""
        return self._parents.get(line.id)

    def person(self, line: Line) -> str:
        """Return the id of who wrote a line: a customer's is always the same."""
        if line.by != "customer":
            return self.brand.id
        return str(int(hashlib.sha256(line.author.encode()).hexdigest()[:12], 16))

    def user(self, line: Line) -> Json:
        """Return who wrote a line, as X describes people."""
        handle = line.author.replace(" ", "_")
        return {"id": self.person(line), "name": line.author, "username": handle, "verified": False}

    def tell(self, event: str, line: Line) -> int:
        """Deliver one activity; returns the status of the answer."""
        data = {
            "event_uuid": str(-int(line.id)),
            "filter": {"user_id": self.brand.id},
            "event_type": event,
            "tag": "nightdesk",
            "payload": post_json(self, line),
            "includes": {"users": [{"data": self.user(line)}]},
        }
        return self.deliver({"data": data})

    def tell_message(self, line: Line, person: str) -> int:
        """Deliver a direct message the brand sent."""
        created = {
            "target": {"recipient_id": person},
            "sender_id": self.brand.id,
            "message_data": {"text": line.text},
        }
        message = {"type": "message_create", "id": line.id, "created_timestamp": str(int(line.at * 1000))}
        payload = {"direct_message_events": [{**message, "message_create": created}]}
        return self.deliver(
            {"data": {"event_type": "dm.sent", "filter": {"user_id": self.brand.id}, "payload": payload}}
        )

    def revoke(self) -> int:
        """Let the brand's owner take our access away."""
        at = datetime.fromtimestamp(self._now(), UTC).isoformat()
        payload = {"date_time": at, "user_id": self.brand.id}
        uuid = str(next(self._ids))
        return self.deliver({"data": {"event_uuid": uuid, "event_type": "oauth.revoke", "payload": payload}})

    def deliver(self, payload: Json) -> int:
        """Sign a payload and post it to the brand's hook; returns the status of the answer."""
        body = json.dumps(payload, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "x-twitter-webhooks-signature": self._signed(body)}
        return self._post(f"/hooks/x/{self.brand.app}", body, headers)

    def challenged(self) -> bool:
        """Ask the webhook X's question, and tell whether it was answered as it must be."""
        token = secrets.token_urlsafe(12)
        url = f"{self._deployed()}/hooks/x/{self.brand.app}"
        answer = requests.get(url, params={"crc_token": token}, timeout=SECONDS, allow_redirects=False)
        if answer.status_code != requests.codes.ok:
            return False
        told: bool = answer.json().get("response_token") == self._signed(token.encode())
        return told

    def _signed(self, message: bytes) -> str:
        digest = hmac.new(self.brand.secret.encode(), message, hashlib.sha256).digest()
        return f"sha256={base64.b64encode(digest).decode()}"


def post_json(events: XEvents, line: Line) -> Json:
    """Return a post as X shows it."""
    parent = events.parent(line)
    answers = (
        {
            "referenced_tweets": [{"type": "replied_to", "id": parent.id}],
            "in_reply_to_user_id": events.person(parent),
        }
        if parent
        else {}
    )
    return {
        "id": line.id,
        "text": line.text,
        "author_id": events.person(line),
        "conversation_id": line.thread,
        "created_at": stamped(line.at),
        "edit_history_tweet_ids": [line.id],
        **answers,
    }


def stamped(at: float) -> str:
    """Return an instant as X writes it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
