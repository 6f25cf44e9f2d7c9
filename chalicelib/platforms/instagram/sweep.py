"""Looking at an Instagram account for ourselves: its newest media with their newest comments, and conversations.

Source: developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-media/comments (newest first;
answers nest one level under ``replies``). Media older than two weeks are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from chalicelib.errors import NightdeskError
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.meta import faults
from chalicelib.platforms.meta.reading import (
    PAGE,
    delivery,
    next_page,
    oldest,
    plan_conversations,
    read_conversations,
    stamped,
)
from chalicelib.platforms.payload import as_id, as_items, as_map, as_name, dig
from chalicelib.services.sweep_port import Found, Target

API = "instagram"
BACK = timedelta(days=14)
_PLAIN = "id,text,timestamp,username,from"
COMMENT = f"{_PLAIN},replies.limit(50){{{_PLAIN}}}"
MEDIA = f"id,timestamp,comments.limit(50){{{COMMENT}}}"
FURTHER = {"limit": "50", "fields": COMMENT}


class InstagramSweep:
    """Instagram's reading side; see ``Reading``."""

    def plan(self, target: Target, _since: datetime) -> list[Call]:
        if target.stream == "conversations":
            return plan_conversations(target, API, "instagram")
        asked = {"fields": MEDIA, "limit": PAGE}
        return [Call("GET", API, f"{target.account}/media", asked, publishes=False)]

    def fault(self, answered: Answered, call: Call) -> NightdeskError | None:
        return faults.fault(answered, call, "Instagram")

    def read(
        self, answered: Answered, call: Call, target: Target, since: datetime
    ) -> tuple[list[Found], list[Call]]:
        if target.stream == "conversations":
            return read_conversations(answered.body, call, "instagram", target, since)
        if call.path.endswith("/comments"):
            media = call.path.removesuffix("/comments")
            return list(_comments(answered.body, media, target, since)), _further(answered.body, call, since)
        return _media(answered.body, call, target, since)


def _media(body: object, call: Call, target: Target, since: datetime) -> tuple[list[Found], list[Call]]:
    found: list[Found] = []
    more: list[Call] = []
    for media in as_items(dig(body, "data")):
        name = as_id(dig(media, "id"))
        if name is None:
            continue
        inner = Call("GET", API, f"{name}/comments", FURTHER, publishes=False)
        found += _comments(dig(media, "comments"), name, target, since)
        more += _further(dig(media, "comments"), inner, since)
    last = oldest(dig(body, "data"), "timestamp")
    return found, more + next_page(body, call, newest_left=last, since=since - BACK)


def _further(edge: object, call: Call, since: datetime) -> list[Call]:
    return next_page(edge, call, newest_left=oldest(dig(edge, "data"), "timestamp"), since=since)


def _comments(edge: object, media: str, target: Target, since: datetime) -> Iterator[Found]:
    """Give comments and the answers under them: an old comment may have a new answer."""
    for comment in map(as_map, as_items(dig(edge, "data"))):
        yield from _one(comment, media, None, target, since)
        for answer in map(as_map, as_items(dig(comment, "replies", "data"))):
            yield from _one(answer, media, as_id(comment.get("id")), target, since)


def _one(
    said: Mapping[str, Any], media: str, parent: str | None, target: Target, since: datetime
) -> Iterator[Found]:
    name, at = as_id(said.get("id")), stamped(said, "timestamp")
    if name is None or at is None or at < since:
        return
    handle = as_name(said.get("username"))
    author = as_map(said.get("from")) or ({"username": handle} if handle else {})
    under = {"parent_id": parent} if parent else {}
    value = {"id": name, "text": said.get("text"), "from": dict(author), "media": {"id": media}, **under}
    value["timestamp"] = said.get("timestamp")
    yield Found(name, at, delivery("instagram", target, at, {"field": "comments", "value": value}))


SWEEP = InstagramSweep()
