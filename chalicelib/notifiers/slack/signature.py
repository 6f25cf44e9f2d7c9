"""Proves that a request comes from Slack, from its raw bytes; parses nothing and knows no route.

Source: https://docs.slack.dev/authentication/verifying-requests-from-slack. Unlike the vendor's verifier this
one never raises on a strange timestamp or body: whatever a stranger sends ends as ``Rejected``.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from chalicelib.errors import Rejected
from chalicelib.services.platform_port import Delivery
from chalicelib.services.ports import Clock, Secrets
from chalicelib.services.rotation import accepted

SECRET_NAME = "slack/signing_secret"  # noqa: S105  (its name)

TOLERANCE = timedelta(minutes=5)
LONGEST_STAMP = 12
"""Digits: Unix seconds have ten until the year 2286, and ``int`` refuses thousands of them by raising."""


def verify(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: datetime) -> None:
    """Demand a fresh signature by any of the app's signing secrets (two while one is being rotated).

    Raises: Rejected, 401 when no proof was given and 403 when it is wrong or old.
    """
    given = {name.lower(): value for name, value in headers.items()}
    stamp, signature = given.get("x-slack-request-timestamp"), given.get("x-slack-signature")
    if not stamp or not signature:
        raise Rejected("X-Slack-Request-Timestamp and X-Slack-Signature are required", status=401)
    if not _fresh(stamp, now):
        raise Rejected("the request's timestamp is not within five minutes of now")
    if not any(hmac.compare_digest(sign(body, stamp, s), _bytes(signature)) for s in secrets):
        raise Rejected("the signature does not match: check that the signing secret is this app's")


def sign(body: bytes, stamp: str, secret: str) -> bytes:
    """Return the value of ``X-Slack-Signature`` for a body sent at ``stamp`` (Unix seconds, as text)."""
    digest = hmac.new(secret.encode(), b"v0:" + _bytes(stamp) + b":" + body, hashlib.sha256)
    return b"v0=" + digest.hexdigest().encode()


def _fresh(stamp: str, now: datetime) -> bool:
    """Only plain digits count as a time: ``int`` would also take signs, spaces, underscores and other scripts."""
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= LONGEST_STAMP):
        return False
    return abs(now.timestamp() - int(stamp)) <= TOLERANCE.total_seconds()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


class SlackDoor:
    """Lets in what our Slack app signed; while a signing secret is rotated, by either (``services.rotation``)."""

    def __init__(self, secrets: Secrets, clock: Clock) -> None:
        self._secrets = secrets
        self._clock = clock

    def admit(self, delivery: Delivery) -> None:
        """Demand proof. Raises: Rejected, Misconfigured when there is no secret to check it with."""
        known = accepted(self._secrets, SECRET_NAME)
        verify(delivery.headers, delivery.body, known, self._clock.now())
