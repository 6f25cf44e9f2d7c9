"""The generic body: one event, or ``{events: [...]}``. Its format is ours: docs/platforms/generic.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.platforms import packing
from chalicelib.platforms.base import UnreadableBody, Update
from chalicelib.platforms.payload import as_id, as_items, as_map, dig, parse


def updates(body: bytes) -> list[Update]:
    """List the events of a body in order. Raises: UnreadableBody."""
    payload = as_map(parse(body))
    if "type" in payload:
        return [_update("", payload)]
    events = as_items(payload.get("events"))
    if not events:
        raise UnreadableBody(
            "the body has neither a type nor a list of events: see docs/platforms/generic.md"
        )
    return [_update(f"events[{i}]", event) for i, event in enumerate(events)]


def split(body: bytes, *, at_most: int, max_bytes: int) -> list[bytes]:
    """Cut a body into payloads of at most so many events; see ``Platform.split``."""
    return packing.split(body, updates, _merge, at_most=at_most, max_bytes=max_bytes)


def _update(path: str, event: object) -> Update:
    about_nobody = dig(event, "type") == "ping"
    return Update(path or "body", as_id(dig(event, "data", "account")), {"events": [event]}, about_nobody)


def _merge(payloads: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    return {"events": [event for payload in payloads for event in payload["events"]]}
