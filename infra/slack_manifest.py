"""The Slack app as Slack wants it described: a manifest with our addresses, and why it asks for each scope. Pure.

Source: https://docs.slack.dev/reference/app-manifest; scopes by method as each method's reference lists them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

TEMPLATE = Path(__file__).parent / "slack" / "manifest.json"
ADDRESS = "ADDRESS"

NEEDS: dict[str, frozenset[str]] = {
    "auth.test": frozenset(),
    "chat.postMessage": frozenset({"chat:write"}),
    "chat.update": frozenset({"chat:write"}),
    "conversations.history": frozenset({"channels:history", "groups:history", "im:history"}),
    "conversations.list": frozenset({"channels:read", "groups:read"}),
    "conversations.open": frozenset({"im:write"}),
    "views.open": frozenset(),
    "views.update": frozenset(),
}
"""The scopes of each method we call, for the kinds of channel we use it on."""

WHY = {
    "chat:write": "to post one message per conversation and keep it true",
    "commands": "for /nightdesk and /oncall",
    "channels:history": "to find our own message after a time-out, before posting it again",
    "groups:history": "the same in private channels",
    "im:history": "the same in direct messages",
    "channels:read": "to find a channel by the name in the team file",
    "groups:read": "the same for private channels",
    "im:write": "to open a direct message with whoever is paged",
}
"""What each scope is for, in words for whoever installs the app."""


def manifest(address: str) -> dict[str, Any]:
    """Return the app's manifest for an installation whose public address is ``address``."""
    text = TEMPLATE.read_text(encoding="utf-8").replace(ADDRESS, address.rstrip("/"))
    read: dict[str, Any] = json.loads(text)
    return read


def scopes() -> frozenset[str]:
    """Return the scopes the manifest asks for."""
    return frozenset(manifest("https://example.com")["oauth_config"]["scopes"]["bot"])
