"""X's three envelopes: X Activity API ``{data: {event_type, payload}}``, Account Activity lists, filtered stream.

Source: docs.x.com/x-api/activity/introduction, account-activity/introduction, webhooks/stream/quickstart. Account
Activity's ``user_event`` has no ``for_user_id``; a stream match names its account by the tag of the rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.platforms import packing
from chalicelib.platforms.base import UnreadableBody, Update
from chalicelib.platforms.payload import as_id, as_items, as_map, dig, parse

ONE_BY_ONE = ("tweet_create_events", "tweet_delete_events", "direct_message_events")
ABOUT_NOBODY = frozenset({"news.new", "replay_event", "replay_job_status"})
"""Events of the app as a whole: topics in the news, and how far a replay of its own events has got."""

_SHARED = ("for_user_id", "users", "apps", "user_has_blocked")


def updates(body: bytes) -> list[Update]:
    """List the events of a payload in order. Raises: UnreadableBody."""
    payload = as_map(parse(body))
    if "data" in payload:
        return [_activity(payload)]
    found = list(_lists(payload))
    if not found:
        raise UnreadableBody("the body has neither data nor a list of events")
    return found


def split(body: bytes, *, at_most: int, max_bytes: int) -> list[bytes]:
    """Cut a body into payloads of at most so many events; see ``Platform.split``."""
    return packing.split(body, updates, _merge, at_most=at_most, max_bytes=max_bytes)


def _activity(payload: Mapping[str, Any]) -> Update:
    data = payload["data"]
    if "event_type" in as_map(data):
        account = as_id(dig(data, "filter", "user_id")) or as_id(dig(data, "payload", "user_id"))
        return Update("data", account, payload, as_id(data["event_type"]) in ABOUT_NOBODY)
    tag = as_id(dig(payload, "matching_rules", 0, "tag"))
    return Update("data", tag if tag and tag.isdigit() else None, payload)


def _lists(payload: Mapping[str, Any]) -> Iterator[Update]:
    """Give each event we read a payload of its own; lists we only ignore stay whole."""
    shared = {key: payload[key] for key in ("for_user_id",) if key in payload}
    account = as_id(payload.get("for_user_id"))
    for key, events in payload.items():
        if key in ONE_BY_ONE:
            for i, event in enumerate(as_items(events)):
                alone = {**shared, **_users(payload, event), key: [event]}
                yield Update(f"{key}[{i}]", account, alone)
        elif key == "user_event":
            source = as_id(dig(events, "revoke", "source", "user_id"))
            yield Update(key, account or source, {**shared, key: events})
        elif key not in _SHARED:
            yield Update(key, account, {**shared, key: events}, key in ABOUT_NOBODY)


def _users(payload: Mapping[str, Any], event: object) -> dict[str, Any]:
    """Return the people a direct message names; the whole list beside each event would grow with its square."""
    created = dig(event, "message_create")
    named = (as_id(dig(created, "sender_id")), as_id(dig(created, "target", "recipient_id")))
    users = as_map(payload.get("users"))
    found = {user: users[user] for user in named if user and user in users}
    return {"users": found} if found else {}


def _merge(payloads: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Join single-event payloads of one delivery; the order within each list stays."""
    merged: dict[str, Any] = {}
    for payload in payloads:
        for key, value in payload.items():
            if key in ONE_BY_ONE:
                merged.setdefault(key, []).extend(value)
            elif key == "users":
                merged.setdefault(key, {}).update(value)
            else:
                merged[key] = value
    return merged
