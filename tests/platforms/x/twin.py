"""X as the contract suite sees it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime

from chalicelib.platforms.base import Delivery
from tests.platforms.twins import Handshake

USER = "1500"


class XTwin:
    """An account whose events come from the newer API one at a time, and from the older in lists."""

    name = "x"
    header = "x-twitter-webhooks-signature"
    signs_time = False
    account = USER

    def sign(self, body: bytes, secret: str, at: datetime) -> Delivery:
        del at
        return Delivery("POST", {self.header: token(body, secret)}, body=body)

    def handshakes(self) -> Sequence[Handshake]:
        good = json.dumps({"response_token": token(b"c h+/\xc3\xa9", "consumer")})
        return [
            Handshake({"crc_token": "c h+/é"}, "consumer", good, "application/json"),
            Handshake({}, "consumer", 400),
            Handshake({"crc_token": ""}, "consumer", 400),
            Handshake({"crc_token": "c"}, "", 403),
        ]

    def unknown(self) -> bytes:
        data = {"event_type": "post.levitate", "filter": {"user_id": USER}, "payload": {"id": "1"}}
        return json.dumps({"data": data}).encode()

    def many(self, count: int) -> bytes:
        posts = [
            {
                "id_str": str(9000 + i),
                "created_at": "Mon Dec 14 16:00:00 +0000 2026",
                "text": "hello @AcmeAir",
                "user": {"id_str": "2600", "screen_name": "maya_o"},
            }
            for i in range(count)
        ]
        return json.dumps({"for_user_id": USER, "tweet_create_events": posts}).encode()


def token(message: bytes, secret: str) -> str:
    """Sign as X does: the base64 of HMAC-SHA256."""
    digest = hmac.new(secret.encode(), message, hashlib.sha256).digest()
    return f"sha256={base64.b64encode(digest).decode()}"


TWIN = XTwin()
