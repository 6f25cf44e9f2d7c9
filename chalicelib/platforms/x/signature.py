"""Proves an X delivery genuine, and answers its challenge (CRC).

Source: docs.x.com/x-api/webhooks/quickstart. Both use the app's consumer secret and standard base64; the body is
raw UTF-8 and hashed as received.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime

from chalicelib.errors import Rejected
from chalicelib.platforms.base import Answer, AppSecrets, Delivery

HEADER = "x-twitter-webhooks-signature"
PREFIX = "sha256="


def handshake(delivery: Delivery, secrets: AppSecrets) -> Answer:
    """Answer the challenge under the current secret. Raises: Rejected (400) without a token to sign."""
    token = delivery.query.get("crc_token")
    if not token:
        raise Rejected("there is no crc_token to sign", status=400)
    if not secrets.secrets or not secrets.secrets[0]:
        raise Rejected("this app has no consumer secret to sign with")
    answer = {"response_token": sign(token.encode("utf-8", "surrogatepass"), secrets.secrets[0])}
    return Answer(200, json.dumps(answer), "application/json")


def verify(delivery: Delivery, secrets: AppSecrets, _now: datetime) -> None:
    """Accept the body under any of the app's consumer secrets. X signs no timestamp: see deduplication.

    Raises: Rejected, 401 without the header, 403 if wrong.
    """
    offered = delivery.header(HEADER)
    if offered is None:
        raise Rejected(f"there is no {HEADER} header", status=401)
    given = offered.encode("utf-8", "surrogatepass")
    expected = (sign(delivery.body, secret) for secret in secrets.secrets if secret)
    if not any(hmac.compare_digest(given, one.encode()) for one in expected):
        raise Rejected(f"{HEADER} does not match the body under any secret of this app")


def sign(message: bytes, secret: str) -> str:
    """Return ``sha256=`` and the base64 of HMAC-SHA256 under the consumer secret."""
    digest = hmac.new(secret.encode(), message, hashlib.sha256).digest()
    return PREFIX + base64.b64encode(digest).decode()
