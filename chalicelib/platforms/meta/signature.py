"""Proves a Meta delivery genuine, and answers its handshake. Knows nothing of what the body says.

Source: developers.facebook.com/docs/graph-api/webhooks/getting-started, "Verification Requests" and
"Validating Payloads". The digest covers the bytes as received: Meta escapes non-ASCII on the wire, so any JSON
round trip breaks the signature of every text with an accent.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from chalicelib.errors import Rejected
from chalicelib.platforms.base import Answer, AppSecrets, Delivery

HEADER = "X-Hub-Signature-256"
PREFIX = "sha256="


def handshake(delivery: Delivery, secrets: AppSecrets) -> Answer:
    """Echo the challenge to whoever knows the verify token. Raises: Rejected (403)."""
    query = delivery.query
    if query.get("hub.mode") != "subscribe":
        raise Rejected("hub.mode is not subscribe")
    offered = query.get("hub.verify_token")
    if not offered or not secrets.verify_token or not _same(offered, secrets.verify_token):
        raise Rejected("hub.verify_token is not the verify token of this app")
    return Answer(200, query.get("hub.challenge", ""))


def verify(delivery: Delivery, secrets: AppSecrets, _now: datetime) -> None:
    """Accept the body under any of the app's secrets. Raises: Rejected, 401 without the header, 403 if wrong.

    The legacy SHA-1 header is never looked at, so that nobody can downgrade to it. Meta signs no timestamp:
    replays are caught by deduplication.
    """
    offered = delivery.header(HEADER)
    if offered is None:
        raise Rejected(f"there is no {HEADER} header", status=401)
    if not any(_same(offered, sign(delivery.body, secret)) for secret in secrets.secrets if secret):
        raise Rejected(f"{HEADER} does not match the body under any secret of this app")


def sign(body: bytes, secret: str) -> str:
    """Return the header Meta would send: lower-case hex of HMAC-SHA256 under the app secret."""
    return PREFIX + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def appsecret_proof(secret: str, access_token: str) -> str:
    """Return the proof every server-side Graph call carries.

    Source: developers.facebook.com/docs/graph-api/securing-requests.
    """
    return hmac.new(secret.encode(), access_token.encode(), hashlib.sha256).hexdigest()


def _same(offered: str, expected: str) -> bool:
    """Compare as bytes: on text ``compare_digest`` raises for a non-ASCII header, an attacker-made 500."""
    return hmac.compare_digest(offered.encode("utf-8", "surrogatepass"), expected.encode())
