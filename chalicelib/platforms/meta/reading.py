"""What Facebook's and Instagram's read APIs share: edges with their next pages, and conversations as deliveries.

Source: developers.facebook.com/docs/graph-api/results and docs/messenger-platform/conversations. What is found is
written as the webhook would have told it, so that one reader knows both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from chalicelib.platforms.http import Call
from chalicelib.platforms.payload import as_id, as_instant, as_items, as_map, as_text, dig, dump
from chalicelib.services.sweep_port import Found, Target

Json = Mapping[str, Any]

PAGE = "25"
MESSAGES = "messages.limit(25){id,message,from,to,created_time}"


def next_page(edge: object, call: Call, *, newest_left: datetime | None, since: datetime) -> list[Call]:
    """Return the call for an edge's next page, if there is one and it may hold something newer than ``since``.

    ``newest_left`` is the age of the oldest item shown, newest first: the next page holds nothing newer.
    """
    after = as_id(dig(edge, "paging", "cursors", "after"))
    more = after is not None and dig(edge, "paging", "next") is not None
    if not more or (newest_left is not None and newest_left < since):
        return []
    return [Call("GET", call.api, call.path, {**call.params, "after": after or ""}, publishes=False)]


def oldest(items: object, *names: str) -> datetime | None:
    """Return the earliest instant the items carry under any of these names."""
    return min((at for item in as_items(items) if (at := stamped(item, *names))), default=None)


def stamped(item: object, *names: str) -> datetime | None:
    """Return an item's instant: the first of these fields that holds one."""
    return next((at for name in names if (at := as_instant(dig(item, name)))), None)


def delivery(kind: str, target: Target, at: datetime, event: Json) -> bytes:
    """Return a payload of Meta's envelope with one change of an account."""
    entry = {"id": target.account, "time": int(at.timestamp()), "changes": [event]}
    return dump({"object": kind, "entry": [entry]})


def plan_conversations(target: Target, api: str, platform: str) -> list[Call]:
    """Return the call that lists conversations, the latest first, with their latest messages."""
    asked = {"platform": platform, "fields": f"id,updated_time,{MESSAGES}", "limit": PAGE}
    return [Call("GET", api, f"{target.account}/conversations", asked, publishes=False)]


def read_conversations(
    body: object, call: Call, kind: str, target: Target, since: datetime
) -> tuple[list[Found], list[Call]]:
    """Read a page of conversations, or a further page of one conversation's messages."""
    if call.path.endswith("/messages"):
        return list(_messages(body, kind, target, since)), _more_messages(body, call, since)
    found: list[Found] = []
    more: list[Call] = []
    for talk in as_items(dig(body, "data")):
        inner = Call("GET", call.api, f"{as_id(dig(talk, 'id'))}/messages", _FIELDS, publishes=False)
        found += _messages(dig(talk, "messages"), kind, target, since)
        more += _more_messages(dig(talk, "messages"), inner, since)
    last = oldest(dig(body, "data"), "updated_time")
    return found, more + next_page(body, call, newest_left=last, since=since)


_FIELDS = {"fields": "id,message,from,to,created_time", "limit": "25"}


def _more_messages(edge: object, call: Call, since: datetime) -> list[Call]:
    return next_page(edge, call, newest_left=oldest(dig(edge, "data"), "created_time"), since=since)


def _messages(edge: object, kind: str, target: Target, since: datetime) -> Iterator[Found]:
    for message in as_items(dig(edge, "data")):
        mid, at = as_id(dig(message, "id")), stamped(message, "created_time")
        known = as_id(dig(message, "from", "id")) is not None
        if mid and known and at is not None and at >= since:
            yield Found(mid, at, _message(kind, target, as_map(message), mid, at))


def _message(kind: str, target: Target, said: Json, mid: str, at: datetime) -> bytes:
    stamp = round(at.timestamp() * 1000)
    sender = as_id(dig(said, "from", "id"))
    echo = {"is_echo": True} if sender == target.account else {}
    to = as_id(dig(said, "to", "data", 0, "id")) or target.account
    message = {"mid": mid, "text": as_text(said.get("message")), **echo}
    event = {"sender": {"id": sender}, "recipient": {"id": to}, "timestamp": stamp, "message": message}
    return dump({"object": kind, "entry": [{"id": target.account, "time": stamp, "messaging": [event]}]})
