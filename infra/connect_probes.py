"""What `connect` tells and sends: the steps in each console, and a signed delivery that is about nobody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from chalicelib.platforms.generic.signature import sign as sign_generic
from chalicelib.platforms.meta.signature import sign as sign_meta
from chalicelib.platforms.x.signature import sign as sign_x

HANDSHAKES = frozenset({"facebook", "instagram", "threads", "whatsapp"})
"""Whose consoles ask the address for a verify token."""

_META = (
    "At developers.facebook.com create an app of type Business, and note its app secret.",
    "Choose a verify token: any long random text. Enter it there with the webhook address, and below.",
)
STEPS: Mapping[str, tuple[str, ...]] = {
    "facebook": (
        *_META,
        "Give the app the Page, and create a Page token of a system user, which does not expire.",
    ),
    "instagram": (*_META, "Give the app the Instagram account, and create its access token."),
    "threads": (
        *_META,
        "Add the use case Threads: it has an app secret of its own. Create a long-lived token.",
    ),
    "whatsapp": (*_META, "Add WhatsApp, register the number, and create a token of a system user."),
    "x": (
        "In X's developer console create an app on pay-per-use, and note its consumer secret.",
        "Store the secret below first: X asks the address to prove it at once when it is registered.",
        "Register the address (POST /2/webhooks), and subscribe each event type to it.",
    ),
    "generic": (
        "Agree on a secret with whoever posts (whsec_ and base64), and give them the webhook address.",
    ),
}

_BODIES: Mapping[str, object] = {
    "facebook": {"object": "page", "entry": [{"id": "0", "time": 0, "changes": []}]},
    "instagram": {"object": "instagram", "entry": [{"id": "0", "time": 0, "changes": []}]},
    "whatsapp": {
        "object": "whatsapp_business_account",
        "entry": [{"id": "0", "changes": [{"field": "test"}]}],
    },
    "generic": {"type": "ping"},
    "threads": {"topic": "test"},
}


def probe(platform: str, *, account: str | None, secret: str, now: datetime) -> tuple[bytes, dict[str, str]]:
    """Return a body about nobody and the headers that prove it under a secret.

    X has no such thing: there it is a like of the account's, which we leave alone. Threads' one ends in quarantine.
    """
    like = {"data": {"event_type": "like.create", "filter": {"user_id": account or "0"}, "payload": {}}}
    body = json.dumps(_BODIES.get(platform, like)).encode()
    if platform == "generic":
        stamp, name = str(int(now.timestamp())), "nightdesk-connect"
        signature = sign_generic(body, name, stamp, secret)
        return body, {"webhook-id": name, "webhook-timestamp": stamp, "webhook-signature": signature}
    if platform == "x":
        return body, {"x-twitter-webhooks-signature": sign_x(body, secret)}
    return body, {"X-Hub-Signature-256": sign_meta(body, secret)}


def challenge(verify_token: str) -> dict[str, str]:
    """Return the question that Meta's console asks the address."""
    return {"hub.mode": "subscribe", "hub.verify_token": verify_token, "hub.challenge": "1"}
