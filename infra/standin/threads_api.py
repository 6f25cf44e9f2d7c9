"""Threads as far as Nightdesk speaks to it: replies heard, answers in two steps, and tokens renewed.

Source: https://developers.facebook.com/docs/threads/webhooks, docs/threads/retrieve-and-manage-replies/create-replies and
docs/threads/get-started/long-lived-tokens. A container is made first and published second; ``slow`` ones are not ready yet.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from infra.standin.failing import Failure
from infra.standin.meta import Brand, Post, signature
from infra.standin.wire import Answer, Asked, answer_json
from infra.standin.world import Line, World

Json = dict[str, Any]
MOST = 500
SIXTY_DAYS = 60 * 86_400


class ThreadsApi:
    """A profile, its people and its API."""

    name = "threads"

    def __init__(self, world: World, brand: Brand, post: Post, now: Callable[[], float]) -> None:
        self._world = world
        self.brand = brand
        self._post = post
        self._now = now
        self._ids = itertools.count(int(time.time()) * 1000)
        self._containers: dict[str, tuple[str, str]] = {}
        self._answered: dict[str, str] = {}
        self.token, self.ends = "TH-token", 0.0
        self.slow = 0
        self.echoes = True

    def reply(self, author: str, text: str) -> tuple[Line, int]:
        """Let a customer answer the brand's latest post; returns the line and the status of the answer."""
        line = self._said(f"{self.brand.id}9", author, text, "customer")
        root = {"id": line.thread, "owner_id": self.brand.id, "username": self.brand.name}
        value = {
            **self._value(line),
            "text": text,
            "media_type": "TEXT_POST",
            "root_post": root,
            "replied_to": {"id": line.thread},
        }
        return line, self.deliver("replies", value)

    def native(self, to: Line, text: str) -> tuple[Line, int]:
        """Let the brand answer in Threads' own app: the webhook tells that it published, and not to whom."""
        line = self._said(to.thread, self.brand.name, text, "brand")
        self._answered[line.id] = to.id
        return line, self.deliver("publish", self._value(line))

    def deliver(self, field: str, value: Json) -> int:
        """Sign one event and post it to the profile's hook; its values come in a list, as in the field."""
        payload = {
            "app_id": "8000001",
            "topic": "interaction" if field in {"mentions", "publish"} else "moderate",
            "target_id": self.brand.id if field in {"mentions", "publish"} else value["id"],
            "time": int(self._now()),
            "subscription_id": "1",
            "values": [{"field": field, "value": value}],
        }
        body = json.dumps(payload).encode()
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": signature(body, self.brand.secret),
        }
        return self._post(f"/hooks/threads/{self.brand.app}", body, headers)

    def answer(self, asked: Asked) -> Answer:
        """Answer one request below ``/threads/v1.0/``, or that for a new token."""
        if (asked.token or asked.arguments.get("access_token")) != self.token:
            return _no(401, 190, "Session has expired", 463)
        if asked.path == ["refresh_access_token"]:
            return self._renewed(str(asked.arguments.get("grant_type")))
        return self._of_the_profile(asked)

    def _of_the_profile(self, asked: Asked) -> Answer:
        match asked.path, asked.method:
            case [_, _, user, "threads"], "POST" if user == self.brand.id:
                return self._container(asked.arguments)
            case [_, _, user, "threads_publish"], "POST" if user == self.brand.id:
                return self._published(str(asked.arguments.get("creation_id")))
            case [_, _, user, "replies"], "GET" if user == self.brand.id:
                return answer_json({"data": self._ours()})
            case [_, _, media], "GET" if (line := self._world.line(media)) is not None:
                return answer_json(self._media(line))
            case [_, _, "debug_token"], "GET":
                ends = int(self.ends or self._now() + SIXTY_DAYS)
                return answer_json({"data": {"is_valid": True, "expires_at": ends, "scopes": []}})
        return _no(400, 100, f"Unsupported request: {'/'.join(asked.path)}")

    @staticmethod
    def refusal(failure: Failure) -> Answer | None:
        """Refuse as Threads does; None where it has no word of its own for it."""
        return _no(400, 4, "Application request limit reached") if failure.how == "429" else None

    def _container(self, asked: Json) -> Answer:
        text, to = str(asked.get("text", "")), str(asked.get("reply_to_id"))
        parent = self._world.line(to)
        if parent is None or parent.deleted:
            return _no(400, 100, "Object does not exist", 33)
        if not 0 < len(text) <= MOST:
            return _no(400, 100, "Param text must be at most 500 characters long.")
        name = f"c{next(self._ids)}"
        self._containers[name] = (text, to)
        return answer_json({"id": name})

    def _published(self, name: str) -> Answer:
        if self.slow:
            self.slow -= 1
            return _no(400, 9007, "The media is not ready for publishing, please wait for a moment", 2207027)
        if name not in self._containers:
            return _no(400, 24, "The requested resource does not exist")
        text, to = self._containers.pop(name)
        parent = self._world.line(to)
        line = self._said(parent.thread if parent else to, self.brand.name, text, "nightdesk")
        self._answered[line.id] = to
        if self.echoes:
            self.deliver("publish", self._value(line))
        return answer_json({"id": line.id})

    def _ours(self) -> list[Json]:
        lines = [line for line in self._world.lines if line.id in self._answered]
        return [
            {
                "id": line.id,
                "text": line.text,
                "replied_to": {"id": self._answered[line.id]},
                "timestamp": _stamped(line.at),
            }
            for line in reversed(lines)
        ]

    def _media(self, line: Line) -> Json:
        """Show one post, and what it answers."""
        under = {"replied_to": {"id": self._answered[line.id]}} if line.id in self._answered else {}
        root = {"id": line.thread, "owner_id": self.brand.id, "username": self.brand.name}
        return {**self._value(line), "text": line.text, "root_post": root, **under}

    def _renewed(self, grant: str) -> Answer:
        if grant != "th_refresh_token":
            return _no(400, 100, "grant_type must be th_refresh_token")
        self.token, self.ends = f"{self.token}+", self._now() + SIXTY_DAYS
        return answer_json({"access_token": self.token, "token_type": "bearer", "expires_in": SIXTY_DAYS})

    def _said(self, thread: str, author: str, text: str, by: str) -> Line:
        line = Line("threads", thread, str(next(self._ids)), author, text, by, self._now())
        self._world.add("line", line)
        return line

    def _value(self, line: Line) -> Json:
        handle = line.author.lower().replace(" ", ".")
        return {"id": line.id, "username": handle, "timestamp": _stamped(line.at), "shortcode": "s"}


def _stamped(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def _no(status: int, code: int, message: str, sub: int | None = None) -> Answer:
    error = {"message": message, "type": "OAuthException", "code": code, "error_subcode": sub}
    return answer_json({"error": error}, status)
