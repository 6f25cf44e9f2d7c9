"""Proves a delivery signed by the Standard Webhooks scheme.

Source: standardwebhooks.com, specification, "Verifying webhook authenticity": HMAC-SHA256 over
``id.timestamp.body``, standard base64, ``v1,`` in front; several signatures may stand side by side while a secret
rotates. A secret is ``whsec_`` and base64; one without that prefix is taken as it is.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import datetime, timedelta

from chalicelib.errors import Rejected
from chalicelib.platforms.base import Answer, AppSecrets, Delivery

HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
TOLERANCE = timedelta(minutes=5)
PREFIX = "whsec_"
_MAX_SIGNATURES = 16
_MAX_DIGITS = 12


def handshake(_delivery: Delivery, _secrets: AppSecrets) -> Answer:
    """Refuse: the scheme has no handshake. Raises: Rejected."""
    raise Rejected("a generic source has no handshake: it only posts")


def verify(delivery: Delivery, secrets: AppSecrets, now: datetime) -> None:
    """Accept a fresh body under any of the source's secrets.

    Raises: Rejected, 401 without the three headers, 403 if wrong or more than five minutes from now.
    """
    given = [delivery.header(name) for name in HEADERS]
    if not all(given):
        raise Rejected(f"{', '.join(HEADERS)} are required", status=401)
    message_id, stamp, signatures = (str(value) for value in given)
    if not _is_fresh(stamp, now):
        raise Rejected("webhook-timestamp is not within five minutes of now")
    offered = [_bytes(one) for one in signatures.split(" ")[:_MAX_SIGNATURES]]
    expected = [_bytes(sign(delivery.body, message_id, stamp, one)) for one in secrets.secrets if one]
    if not any(hmac.compare_digest(mine, theirs) for mine in expected for theirs in offered):
        raise Rejected("no webhook-signature matches under any secret of this source")


def sign(body: bytes, message_id: str, stamp: str, secret: str) -> str:
    """Return the ``v1`` signature of a body sent as ``message_id`` at ``stamp`` (Unix seconds, as text)."""
    signed = b".".join((_bytes(message_id), _bytes(stamp), body))
    digest = hmac.new(_key(secret), signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def _key(secret: str) -> bytes:
    if not secret.startswith(PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return secret.encode()


def _is_fresh(stamp: str, now: datetime) -> bool:
    """Only plain digits are a time: ``int`` would take signs, spaces and other scripts as well."""
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= _MAX_DIGITS):
        return False
    return abs(now.timestamp() - int(stamp)) <= TOLERANCE.total_seconds()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
