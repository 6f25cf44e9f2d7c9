"""The seam between Nightdesk and any platform: what a delivery is, and what a platform can do with one.

Services are coded against these words. Nothing here knows a platform by name, stores, queues or calls out.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import parse_qsl

from chalicelib.domain.posts import Reading

MAX_UPDATES = 50
MAX_CHUNK_BYTES = 512 * 1024


class UnreadableBody(ValueError):
    """A genuine (signed) body that is not a payload at all: answered 200 and quarantined whole."""


class NotJson(UnreadableBody):
    """A body that is not even JSON."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One HTTP request as the platform sent it; ``body`` is the exact bytes its signature covers.

    ``url`` is the public address the sender used, needed only by schemes that sign it.
    """

    method: str
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    url: str | None = None

    def header(self, name: str) -> str | None:
        """Return a header whatever the case of its name: REST APIs keep the sender's, HTTP APIs lower it."""
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), None)

    @classmethod
    def from_event(cls, event: Mapping[str, Any], *, url: str | None = None) -> Delivery:
        """Read an API Gateway event, REST or HTTP API, without interpreting a byte of the body."""
        http = (event.get("requestContext") or {}).get("http") or {}
        return cls(
            method=str(event.get("httpMethod") or http.get("method") or "POST").upper(),
            headers=_last(event.get("headers"), event.get("multiValueHeaders")),
            query=_query(event),
            body=_raw_body(event),
            url=url,
        )


def _last(single: Mapping[str, str] | None, multi: Mapping[str, list[str]] | None) -> dict[str, str]:
    """Merge API Gateway's two views of headers or query; the last value of a repeated name wins."""
    merged = {str(name): str(values[-1]) for name, values in (multi or {}).items() if values}
    return merged | {str(name): str(value) for name, value in (single or {}).items() if value is not None}


def _query(event: Mapping[str, Any]) -> dict[str, str]:
    raw = event.get("rawQueryString")
    if raw is not None:
        return dict(parse_qsl(str(raw), keep_blank_values=True))
    return _last(event.get("queryStringParameters"), event.get("multiValueQueryStringParameters"))


def _raw_body(event: Mapping[str, Any]) -> bytes:
    """Undo only what API Gateway did; a body it could not have made stays as it is and fails verification."""
    body = event.get("body") or ""
    raw = body if isinstance(body, bytes) else str(body).encode("utf-8", "surrogatepass")
    if not event.get("isBase64Encoded"):
        return raw
    try:
        return base64.b64decode(raw)
    except binascii.Error:
        return raw


@dataclass(frozen=True, slots=True)
class AppSecrets:
    """What proves a platform's deliveries to one app: the current secret first, then any still rotating out."""

    secrets: tuple[str, ...] = field(repr=False)
    verify_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Own:
    """Which ids are ours, so that readers tell the brand's own words from a customer's.

    ``ids`` and ``handles`` belong to the accounts bound to the verifying app; ``app_ids`` are the senders
    Nightdesk itself replies through. All are compared as strings.
    """

    platform: str
    app: str
    ids: frozenset[str] = frozenset()
    handles: frozenset[str] = frozenset()
    app_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say back to a handshake, byte for byte."""

    status: int
    body: str
    content_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class Update:
    """One provider event of a payload, which succeeds or fails without its neighbours.

    ``payload`` is itself a payload of the platform's own shape holding just this event, so that a quarantined
    update can be replayed as a body. ``path`` says where it was found; ``account_id`` is None when the event
    does not say whose it is, and anything not bound to the verifying app belongs in quarantine, unless it is
    ``about_nobody``: a dashboard's test event, a template's review, whatever concerns no account's customers.
    """

    path: str
    account_id: str | None
    payload: Mapping[str, Any]
    about_nobody: bool = False

    def is_foreign(self, own: Own) -> bool:
        """Say whether it is about an account not bound to the verifying app, which has no say about it."""
        return not self.about_nobody and self.account_id not in own.ids


class Platform(Protocol):
    """One platform's inbound side. Implementations hold no state and touch no network."""

    name: str

    def handshake(self, delivery: Delivery, secrets: AppSecrets) -> Answer:
        """Answer the platform's GET that asks whether this address is ours. Raises: Rejected."""
        ...

    def verify(self, delivery: Delivery, secrets: AppSecrets, now: datetime) -> None:
        """Prove the raw body genuine. Raises: Rejected, 401 when no proof was given and 403 when it is wrong."""
        ...

    def split(
        self, body: bytes, *, at_most: int = MAX_UPDATES, max_bytes: int = MAX_CHUNK_BYTES
    ) -> list[bytes]:
        """Cut a verified body into payloads of the same shape; what cannot be cut comes back whole."""
        ...

    def updates(self, body: bytes) -> list[Update]:
        """List a verified body's events in order. Raises: UnreadableBody."""
        ...

    def read(self, update: Update, own: Own, received_at: datetime) -> Reading:
        """Say what one event means, in our words. Never raises: what it cannot read it names ``unreadable``."""
        ...
