"""X as far as Nightdesk speaks to it: posts and replies, mentions and threads a page at a time, webhooks, tokens.

Source: https://docs.x.com/x-api/posts/create-post, https://docs.x.com/x-api/users/get-mentions,
https://docs.x.com/x-api/webhooks/introduction and https://docs.x.com/x-api/activity/introduction. Only who summoned the brand
(mentioned or quoted it) may be answered, as on self-serve plans. What happens is told by ``XEvents``.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from infra.standin.failing import Failure
from infra.standin.wire import Answer, Asked, answer_json
from infra.standin.world import Line, World
from infra.standin.x_events import XEvents, post_json, stamped

Json = dict[str, Any]
MOST = 280


class XApi:
    """The API, for who holds the brand's token or the app's bearer."""

    name = "x"

    def __init__(self, world: World, events: XEvents, *, page: int = 10) -> None:
        self._world = world
        self.events = events
        self._page = page
        self.token, self.refresh, self.bearer = "x-token", "x-refresh-1", "x-bearer"
        self.webhooks: list[Json] = []
        self.subscriptions: list[Json] = []
        self.replays: list[Json] = []
        self.echoes = True

    def answer(self, asked: Asked) -> Answer:
        """Answer one request below ``/x/``."""
        match asked.path[1:], asked.method:
            case ["2", "oauth2", "token"], "POST":
                return self._renewed(asked.arguments)
            case ["2", "webhooks" | "activity", *rest], _:
                return self._of_the_app(rest, asked)
        if asked.token != self.token:
            return _no(401, "Unauthorized", "Unauthorized")
        return self._of_the_brand(asked)

    def _of_the_brand(self, asked: Asked) -> Answer:
        if asked.method == "GET":
            return self._read(asked)
        match asked.path[1:]:
            case ["2", "tweets"]:
                return self._post(asked.arguments)
            case ["2", "dm_conversations", "with", person, "messages"]:
                return self._message(person, str(asked.arguments.get("text", "")))
        return _no(404, "Not Found", f"no such address: {'/'.join(asked.path[1:])}")

    def _read(self, asked: Asked) -> Answer:
        match asked.path[1:]:
            case ["2", "dm_conversations", "with", person, "dm_events"]:
                return self._listed([line for line in self._lines() if line.thread == f"dm:{person}"], asked)
            case ["2", "users", _, "mentions" | "tweets" as what]:
                return self._listed(self._shown(what), asked)
            case ["2", "tweets", "search", "recent"]:
                return self._listed(self._found(str(asked.arguments.get("query", ""))), asked)
        return _no(404, "Not Found", f"no such address: {'/'.join(asked.path[1:])}")

    @staticmethod
    def refusal(failure: Failure) -> Answer | None:
        """Refuse as X does; None where X has no word of its own for it."""
        if failure.how != "429":
            return None
        reset = {"x-rate-limit-limit": "100", "x-rate-limit-remaining": "0"}
        reset["x-rate-limit-reset"] = str(int(time.time() + failure.seconds))
        body = {"title": "Too Many Requests", "detail": "Too Many Requests", "status": 429}
        return Answer(429, answer_json(body).body, headers=reset)

    def _post(self, said: Json) -> Answer:
        text, to = str(said.get("text", "")), str((said.get("reply") or {}).get("in_reply_to_tweet_id"))
        parent = self._world.line(to)
        if parent is None or parent.deleted:
            return _no(404, "Not Found Error", f"Could not find tweet with id [{to}].")
        if not self.events.has_summoned(parent):
            return _no(403, "Forbidden", "Reply to this conversation is not allowed: you were not mentioned.")
        if not 0 < len(text) <= MOST:
            return _no(400, "Invalid Request", "Your Post text must have between 1 and 280 characters.")
        line = self.events.said(parent.thread, self.events.brand.name, text, "nightdesk", to=parent)
        if self.echoes:
            self.events.tell("post.create", line)
        return answer_json({"data": {"id": line.id, "text": text, "edit_history_tweet_ids": [line.id]}}, 201)

    def _message(self, person: str, text: str) -> Answer:
        line = self.events.said(f"dm:{person}", self.events.brand.name, text, "nightdesk")
        if self.echoes:
            self.events.tell_message(line, person)
        return answer_json({"data": {"dm_conversation_id": person, "dm_event_id": line.id}}, 201)

    def _lines(self) -> list[Line]:
        return [line for line in self._world.lines if line.platform == "x" and not line.deleted]

    def _shown(self, what: str) -> list[Line]:
        ours = what == "tweets"
        return [
            line
            for line in self._lines()
            if (line.by != "customer") == ours and not line.thread.startswith("dm:")
            if ours or self.events.has_summoned(line) or self.events.answers_us(line)
        ]

    def _found(self, query: str) -> list[Line]:
        threads = {term.removeprefix("conversation_id:") for term in query.split(" OR ")}
        return [line for line in self._lines() if line.thread in threads]

    def _listed(self, lines: list[Line], asked: Asked) -> Answer:
        """Show one page, newest first, no older than ``start_time``, and where the next begins."""
        since = str(asked.arguments.get("start_time", ""))
        start = int(asked.arguments.get("pagination_token") or asked.arguments.get("next_token") or 0)
        newest = sorted((line for line in lines if stamped(line.at) >= since), key=lambda line: -line.at)
        shown, left = newest[start : start + self._page], newest[start + self._page :]
        users = {line.author: self.events.user(line) for line in shown}
        body: Json = {
            "data": [self._json(line) for line in shown],
            "includes": {"users": list(users.values())},
        }
        body["meta"] = {"result_count": len(shown)} | (
            {"next_token": str(start + self._page)} if left else {}
        )
        return answer_json(body)

    def _json(self, line: Line) -> Json:
        if line.thread.startswith("dm:"):
            sender = self.events.person(line)
            return {"id": line.id, "text": line.text, "sender_id": sender, "created_at": stamped(line.at)}
        return post_json(self.events, line)

    def _of_the_app(self, rest: list[str], asked: Asked) -> Answer:
        private = str(asked.arguments.get("event_type", "")).startswith(("dm.", "chat."))
        if asked.token != (self.token if private else self.bearer):
            return _no(401, "Unauthorized", "Unauthorized")
        if asked.method == "GET":
            return answer_json({"data": self.subscriptions if rest else self.webhooks})
        return self._managed(rest, asked)

    def _managed(self, rest: list[str], asked: Asked) -> Answer:
        match rest, asked.method:
            case [], "POST":
                return self._registered(str(asked.arguments.get("url")))
            case ["replay"], "POST":
                self.replays.append(dict(asked.arguments))
                return answer_json({"data": {"job_id": str(len(self.replays)), "created_at": _now()}})
            case [name], "PUT":
                return self._validated(name)
            case ["subscriptions"], "POST":
                self.subscriptions.append(dict(asked.arguments))
                return answer_json({"data": {"subscription": self.subscriptions[-1]}}, 201)
        return _no(404, "Not Found", "no such address")

    def _registered(self, url: str) -> Answer:
        if not self.events.challenged():
            return _no(400, "CrcValidationFailed", "The webhook did not answer the challenge as it should.")
        hook = {"id": f"hook{len(self.webhooks) + 1}", "url": url, "valid": True, "created_at": _now()}
        self.webhooks.append(hook)
        return answer_json({"data": hook}, 200)

    def _validated(self, name: str) -> Answer:
        hook = next((hook for hook in self.webhooks if hook["id"] == name), None)
        if hook is None:
            return _no(404, "Not Found", "no such webhook")
        hook["valid"] = self.events.challenged()
        if not hook["valid"]:
            return _no(400, "CrcValidationFailed", "The webhook did not answer the challenge as it should.")
        return answer_json({"data": {"valid": True}})

    def _renewed(self, form: Json) -> Answer:
        """Take a refresh token once, and give a new pair."""
        if form.get("grant_type") != "refresh_token" or form.get("refresh_token") != self.refresh:
            return answer_json(
                {"error": "invalid_request", "error_description": "Value passed for the token was invalid."},
                400,
            )
        number = int(self.refresh.rpartition("-")[2]) + 1
        self.token, self.refresh = f"x-token-{number}", f"x-refresh-{number}"
        pair = {"access_token": self.token, "refresh_token": self.refresh}
        return answer_json({"token_type": "bearer", "expires_in": 7200, "scope": "tweet.write", **pair})


def _no(status: int, title: str, detail: str) -> Answer:
    body = {"title": title, "detail": detail, "type": "about:blank", "status": status}
    return answer_json(body, status)


def _now() -> str:
    return datetime.now(UTC).isoformat()
