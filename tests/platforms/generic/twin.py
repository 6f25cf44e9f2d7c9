"""A forum that signs by the Standard Webhooks scheme, as the contract suite sees it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime

from chalicelib.platforms.base import Delivery
from tests.platforms.twins import Handshake

FORUM = "forum"


class GenericTwin:
    """Written from the specification, apart from the code it checks."""

    name = "generic"
    header = "webhook-signature"
    signs_time = True
    account = FORUM

    def sign(self, body: bytes, secret: str, at: datetime) -> Delivery:
        stamp = str(int(at.timestamp()))
        key = base64.b64decode(secret[6:]) if secret.startswith("whsec_") else secret.encode()
        digest = hmac.new(key, b"msg_1." + stamp.encode() + b"." + body, hashlib.sha256).digest()
        signature = f"v1a,bm90LW91cnM= v1,{base64.b64encode(digest).decode()}"
        headers = {"webhook-id": "msg_1", "webhook-timestamp": stamp, self.header: signature}
        return Delivery("POST", headers, body=body)

    def handshakes(self) -> Sequence[Handshake]:
        return [Handshake({"challenge": "1"}, "token", 403)]

    def unknown(self) -> bytes:
        return json.dumps({"type": "post.levitated", "data": {"account": FORUM, "id": "1"}}).encode()

    def many(self, count: int) -> bytes:
        events = [
            {
                "type": "post.created",
                "timestamp": "2026-12-14T16:00:00Z",
                "data": {"account": FORUM, "id": f"t-{i}", "text": "hello", "author": {"id": f"u-{i}"}},
            }
            for i in range(count)
        ]
        return json.dumps({"events": events}).encode()


TWIN = GenericTwin()
