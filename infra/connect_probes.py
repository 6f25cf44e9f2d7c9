"""What `connect` tells and sends: the steps in each console, and a signed delivery that is about nobody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from chalicelib.platforms.facebook import health as facebook
from chalicelib.platforms.generic.signature import sign as sign_generic
from chalicelib.platforms.instagram import health as instagram
from chalicelib.platforms.meta.signature import sign as sign_meta
from chalicelib.platforms.threads import health as threads
from chalicelib.platforms.whatsapp import health as whatsapp
from chalicelib.platforms.x import health as x
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
        f"Give the app the Page and the permissions {', '.join(facebook.SCOPES)}.",
        "Create a Page token of a system user, which does not expire.",
        f"The Page is subscribed below, to {', '.join(facebook.FIELDS)}.",
    ),
    "instagram": (
        *_META,
        f"Enter the fields {', '.join(instagram.FIELDS)} there.",
        "Give the app the Instagram account, and create its access token.",
    ),
    "threads": (
        *_META,
        "Add the use case Threads: it has an app secret of its own. Enter the fields replies, delete, mentions, publish.",
        f"Create a long-lived token with {', '.join(threads.SCOPES)}; it is renewed from then on.",
    ),
    "whatsapp": (
        *_META,
        "Enter the fields messages and smb_message_echoes there.",
        f"Add WhatsApp, register the number, and create a token of a system user with {', '.join(whatsapp.SCOPES)}.",
    ),
    "x": (
        "In X's developer console create an app on pay-per-use; note its consumer secret, bearer token and client id.",
        f"Let the brand's account allow the app by OAuth 2.0 with {', '.join(x.SCOPES)}.",
        "Note the access token and the refresh token that this gives.",
        "Store all of them below: the webhook is then registered and subscribed for you.",
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
    "threads": {
        "topic": "moderate",
        "target_id": "0",
        "time": 0,
        "values": {"field": "replies", "value": {}},
    },
}


def probe(platform: str, *, account: str | None, secret: str, now: datetime) -> tuple[bytes, dict[str, str]]:
    """Return a body about nobody and the headers that prove it under a secret.

    X has no such thing: there it is a like of the account's, which we leave alone.
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
