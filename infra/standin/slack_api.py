"""Slack's Web API as far as Nightdesk uses it: answers like https://docs.slack.dev/reference/methods describe.

It takes parsed arguments and returns the body of an answer; transport and failures on purpose are the server's.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import Any

from infra.standin.blocks import faults, summons
from infra.standin.views import Views
from infra.standin.world import Said, World

Json = dict[str, Any]

USES, EXPIRY_SECONDS = 5, 1800
"""A response address may be used five times within thirty minutes."""


class SlackApi:
    """One workspace: any ``#name`` is a channel our app is in, any member id can be messaged."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._names: dict[str, str] = {}
        self._addresses: dict[str, tuple[str, str, float, int]] = {}
        self.views = Views(world)
        self.methods: dict[str, Callable[[Json], Json]] = {
            "auth.test": lambda _: {
                "ok": True,
                "team": "Acme",
                "user": "nightdesk",
                "user_id": "U0NIGHTDESK",
            },
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "chat.postEphemeral": self._ephemeral,
            "conversations.history": self._history,
            "conversations.open": self._open,
            "conversations.list": self._list,
            "views.open": self.views.open,
            "views.update": self.views.update,
        }

    def call(self, method: str, arguments: Json, token: str | None) -> Json:
        """Answer one call; what the real service would refuse is refused and remembered as a complaint."""
        if not token:
            return _no("not_authed")
        if not token.startswith("xoxb-"):
            return _no("invalid_auth")
        known = self.methods.get(method)
        return known(arguments) if known else _no("unknown_method")

    def address(self, user: str, channel: str) -> str:
        """Make a response address for one click of one user; returns its last part."""
        name = hashlib.sha256(f"{user}{channel}{time.time_ns()}".encode()).hexdigest()[:24]
        self._addresses[name] = (user, channel, time.time() + EXPIRY_SECONDS, USES)
        return name

    def respond(self, name: str, body: Json) -> tuple[int, str]:
        """Take what was posted to a response address: status and body of the answer."""
        user, channel, until, left = self._addresses.get(name, ("", "", 0.0, 0))
        if not user:
            return 404, "no_such_response_url"
        if left == 0 or time.time() > until:
            return 404, "expired_url"
        self._addresses[name] = (user, channel, until, left - 1)
        said = self._said(body, channel)
        said.only_for = None if body.get("response_type") == "in_channel" else user
        self._world.add("whisper", said)
        return 200, "ok"

    def channel_id(self, name: str) -> str | None:
        """Return the id of a ``#name``, member or id; None if there is no such place."""
        if name.startswith("#") and len(name) > 1:
            made = "C" + hashlib.sha256(name.encode()).hexdigest()[:9].upper()
            self._names[made] = name
            return made
        if name[:1] in "UW" and name[1:].isalnum():
            self._names[f"D{name}"] = f"@{name}"
            return f"D{name}"
        return name if name in self._names else None

    def name_of(self, channel: str) -> str:
        """Return what people call a channel id."""
        return self._names.get(channel, channel)

    def _post(self, arguments: Json) -> Json:
        channel = self.channel_id(str(arguments.get("channel", "")))
        if channel is None:
            return _no("channel_not_found")
        if fault := self._refusal(arguments):
            return fault
        said = self._said(arguments, channel)
        self._world.add("slack", said)
        return {"ok": True, "channel": channel, "ts": said.ts, "message": {"text": said.text, "ts": said.ts}}

    def _update(self, arguments: Json) -> Json:
        channel, ts = str(arguments.get("channel", "")), str(arguments.get("ts", ""))
        said = self._world.message(channel, ts)
        if said is None:
            return _no("message_not_found" if channel in self._names else "channel_not_found")
        if fault := self._refusal(arguments):
            return fault
        said.text, said.blocks = arguments["text"], arguments.get("blocks") or []
        said.attachments = arguments.get("attachments") or []
        said.versions, said.edited_at = said.versions + 1, time.time()
        self._world.tell("edit", said)
        return {"ok": True, "channel": channel, "ts": ts, "text": said.text}

    def _ephemeral(self, arguments: Json) -> Json:
        channel = self.channel_id(str(arguments.get("channel", "")))
        if channel is None:
            return _no("channel_not_found")
        if fault := self._refusal(arguments):
            return fault
        said = self._said(arguments, channel)
        said.only_for = str(arguments.get("user", ""))
        self._world.add("whisper", said)
        return {"ok": True, "message_ts": said.ts}

    def _history(self, arguments: Json) -> Json:
        channel = str(arguments.get("channel", ""))
        if channel not in self._names:
            return _no("channel_not_found")
        whole = str(arguments.get("include_all_metadata", "")).lower() in ("1", "true")
        said = [one for one in self._world.said if one.channel == channel and one.only_for is None]
        newest = said[::-1][: int(arguments.get("limit") or 100)]
        messages = [_message(one, whole=whole) for one in newest]
        return {"ok": True, "messages": messages, "has_more": len(said) > len(newest)}

    def _open(self, arguments: Json) -> Json:
        channel = self.channel_id(str(arguments.get("users", "")))
        return {"ok": True, "channel": {"id": channel}} if channel else _no("user_not_found")

    def _list(self, _: Json) -> Json:
        channels = [{"id": i, "name": n[1:]} for i, n in self._names.items() if n.startswith("#")]
        return {"ok": True, "channels": channels, "response_metadata": {"next_cursor": ""}}

    def _said(self, arguments: Json, channel: str) -> Said:
        return Said(
            channel=channel,
            ts=self._world.next_ts(),
            text=str(arguments.get("text", "")),
            at=time.time(),
            blocks=arguments.get("blocks") or [],
            attachments=arguments.get("attachments") or [],
            metadata=arguments.get("metadata") or {},
        )

    def _refusal(self, arguments: Json) -> Json | None:
        for word in summons(arguments):
            self._world.complain(f"a message would have alerted everybody: {word}>")
        wrong = faults(arguments)
        return self._complain("a message", wrong[0].split(":")[0], wrong) if wrong else None

    def _complain(self, what: str, error: str, wrong: list[str]) -> Json:
        self._world.complain(f"{what} was refused: {'; '.join(wrong)}")
        return _no(error) | {"response_metadata": {"messages": wrong}}


def _no(error: str) -> Json:
    return {"ok": False, "error": error}


def _message(said: Said, *, whole: bool) -> Json:
    shown: Json = {"type": "message", "ts": said.ts, "text": said.text}
    return shown | ({"metadata": said.metadata} if whole else {})
