"""How Meta signs and asks, for the twins of its platforms."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from chalicelib.platforms.base import Delivery
from tests.platforms.twins import Handshake


class MetaTwin:
    """Written from the documentation, apart from the code it checks."""

    header = "X-Hub-Signature-256"
    signs_time = False

    def sign(self, body: bytes, secret: str, at: datetime) -> Delivery:
        del at
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return Delivery("POST", {self.header: f"sha256={digest}"}, body=body)

    def handshakes(self) -> Sequence[Handshake]:
        asked = {"hub.mode": "subscribe", "hub.challenge": "<b>1158</b>", "hub.verify_token": "open-sesame"}
        return [
            Handshake(asked, "open-sesame", "<b>1158</b>"),
            Handshake(asked, "another-token", 403),
            Handshake(asked, "", 403),
            Handshake(asked | {"hub.mode": "unsubscribe"}, "open-sesame", 403),
            Handshake(asked | {"hub.verify_token": "öpen-sesame"}, "open-sesame", 403),
            Handshake({key: asked[key] for key in ("hub.mode", "hub.challenge")}, "open-sesame", 403),
            Handshake({key.replace(".", "_"): asked[key] for key in asked}, "open-sesame", 403),
        ]
