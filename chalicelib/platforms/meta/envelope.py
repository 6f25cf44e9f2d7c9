"""Meta's envelope, ``{object, entry: [{id, time, messaging | standby | changes}]}``: taking it apart.

Source: developers.facebook.com/docs/graph-api/webhooks/getting-started, "Event Notifications" (up to 1,000
updates in one POST). Instagram Login puts ``field`` and ``value`` directly on the entry. What an event means is
not known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.platforms import packing
from chalicelib.platforms.base import UnreadableBody, Update
from chalicelib.platforms.payload import as_id, as_items, as_map, parse

TEST_ACCOUNT = "0"
"""The entry id of the App Dashboard's "Test" button: about nobody's customers."""

LISTS = ("messaging", "standby", "changes")


def updates(body: bytes) -> list[Update]:
    """List the events of a payload in order. Raises: UnreadableBody."""
    payload = as_map(parse(body))
    entries = as_items(payload.get("entry"))
    if not entries:
        raise UnreadableBody("the body has no list of entries")
    head = {"object": payload.get("object")}
    return [
        Update(f"entry[{n}]{path}", account_id, head | {"entry": [alone]}, account_id == TEST_ACCOUNT)
        for n, entry in enumerate(entries)
        for path, account_id, alone in _events(entry)
    ]


def _events(entry: object) -> Iterator[tuple[str, str | None, object]]:
    """Give each event of an entry an entry of its own."""
    if not isinstance(entry, dict):
        yield "", None, entry
        return
    account_id = as_id(entry.get("id"))
    own = {key: entry[key] for key in ("id", "time") if key in entry}
    parts = [(key, i, event) for key in LISTS for i, event in enumerate(as_items(entry.get(key)))]
    if account_id == TEST_ACCOUNT or not parts:
        yield "", account_id, entry
        return
    for key, i, event in parts:
        yield f".{key}[{i}]", account_id, own | {key: [event]}


def split(body: bytes, *, at_most: int, max_bytes: int) -> list[bytes]:
    """Cut a body into payloads of at most so many events; see ``Platform.split``."""
    return packing.split(body, updates, merge, at_most=at_most, max_bytes=max_bytes)


def merge(payloads: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Put single-event payloads into one envelope."""
    return {**payloads[0], "entry": [entry for payload in payloads for entry in payload["entry"]]}
