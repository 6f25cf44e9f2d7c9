"""Hands messages to Slack: the port ``ChatSender``.

One call posts at most once. It decides neither whether to send nor what to do after a failure: it only says
which family the failure belongs to (see ``failures``). Nothing here logs a message's words or an address.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from chalicelib.domain.alert import AlertView
from chalicelib.errors import NotFound, Permanent
from chalicelib.notifiers.slack import render
from chalicelib.notifiers.slack.api import Answer, SlackApi, TooRich, mute
from chalicelib.notifiers.slack.failures import failure, network_failures
from chalicelib.services.ports import Posted

TIMEOUT_SECONDS = 5
LOOK_BACK = 2
"""Pages of a channel's newest 200 messages in which a message that may have been posted is looked for."""


class SlackSender:
    """Posts and edits alerts as the app's bot user."""

    def __init__(
        self, *, token: Callable[[], str], api_url: str, timeout_seconds: int = TIMEOUT_SECONDS
    ) -> None:
        self._api = SlackApi(token=token, api_url=api_url, timeout_seconds=timeout_seconds)
        self._api_url = api_url
        self._timeout = timeout_seconds
        self._ids: dict[str, str] = {}

    def post(self, *, channel: str, view: AlertView, key: str) -> Posted:
        quietly = {"channel": channel, "unfurl_links": False, "unfurl_media": False}
        answer = self._say("chat.postMessage", view, key, quietly)
        return Posted(channel=str(answer["channel"]), ts=str(answer["ts"]))

    def edit(self, *, at: Posted, view: AlertView, key: str) -> None:
        self._say("chat.update", view, key, {"channel": at.channel, "ts": at.ts})

    def find(self, *, channel: str, key: str) -> Posted | None:
        place = self._id_of(channel)
        query = {"channel": place, "limit": 200, "include_all_metadata": True}
        for message in self._api.pages("conversations.history", "messages", query, at_most=LOOK_BACK):
            if _key_of(message) == key:
                return Posted(channel=place, ts=str(message["ts"]))
        return None

    def check(self) -> None:
        """Ask Slack whether our token works. Raises: Transient, Permanent saying what to do."""
        self._api.call("auth.test", "anybody")

    def whisper(self, *, response_url: str, text: str) -> None:
        self._demand_slack(response_url)
        from slack_sdk.webhook import WebhookClient

        client = WebhookClient(response_url, timeout=self._timeout, retry_handlers=[], logger=mute())
        with network_failures("a response address"):
            answer = client.send(text=text, response_type="ephemeral", replace_original=False)
        if answer.status_code in (404, 410):
            raise NotFound("the response address has expired: nothing more can be said there")
        if answer.status_code != 200:  # noqa: PLR2004
            raise failure(answer.status_code, "", answer.headers, where="a response address")

    def _say(self, method: str, view: AlertView, key: str, where: Answer) -> Answer:
        """Send an alert; what Slack refuses as too rich, which posts nothing, goes once more as plain text."""
        try:
            return self._api.call(method, str(where["channel"]), json={**where, **render.message(view, key)})
        except TooRich:
            return self._api.call(
                method, str(where["channel"]), json={**where, **render.plain_message(view, key)}
            )

    def _id_of(self, channel: str) -> str:
        """Return the id that ``conversations.history`` needs for a member (their direct messages) or a #name."""
        if channel not in self._ids:
            self._ids[channel] = self._look_up(channel)
        return self._ids[channel]

    def _look_up(self, channel: str) -> str:
        if channel.startswith(("U", "W")):
            opened = self._api.call("conversations.open", channel, params={"users": channel})
            return str(opened["channel"]["id"])
        if not channel.startswith("#"):
            return channel
        query = {"limit": 1000, "exclude_archived": True, "types": "public_channel,private_channel"}
        for found in self._api.pages("conversations.list", "channels", query, at_most=20):
            if found.get("name") == channel[1:]:
                return str(found["id"])
        raise Permanent(f"Slack has no channel {channel}: correct the team file", runbook="slack-channel")

    def _demand_slack(self, address: str) -> None:
        """Speak only to Slack's own host, although a response address comes from a signed request anyway."""
        host, own = urlsplit(address).hostname or "", urlsplit(self._api_url).hostname or ""
        if host != own and not host.endswith(f".{own}"):
            raise Permanent(f"a response address must be at {own}", runbook="slack-refused")


def _key_of(message: Answer) -> str | None:
    found = message.get("metadata") or {}
    payload = found.get("event_payload") or {}
    return payload.get("key") if found.get("event_type") == "nightdesk" else None
