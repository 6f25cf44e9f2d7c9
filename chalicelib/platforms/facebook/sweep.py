"""Looking at a Page for ourselves: its newest posts with their newest comments, and Messenger's conversations.

Source: developers.facebook.com/docs/graph-api/reference/page/feed, reference/object/comments. ``filter(stream)`` lists
answers to comments beside them. Posts older than two weeks are not looked at.
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
from chalicelib.platforms.payload import as_id, as_items, as_map, dig
from chalicelib.services.sweep_port import Found, Target

API = "facebook"
BACK = timedelta(days=14)
COMMENT = "id,message,from,created_time,permalink_url,parent{id},message_tags"
COMMENTS = f"comments.filter(stream).order(reverse_chronological).limit(50){{{COMMENT}}}"
POST = f"id,message,from,created_time,permalink_url,{COMMENTS}"
FURTHER = {"filter": "stream", "order": "reverse_chronological", "limit": "50", "fields": COMMENT}


class FacebookSweep:
    """Facebook's reading side; see ``Reading``."""

    def plan(self, target: Target, _since: datetime) -> list[Call]:
        if target.stream == "conversations":
            return plan_conversations(target, API, "messenger")
        asked = {"fields": POST, "limit": PAGE}
        return [Call("GET", API, f"{target.account}/feed", asked, publishes=False)]

    def fault(self, answered: Answered, call: Call) -> NightdeskError | None:
        return faults.fault(answered, call, "Facebook")

    def read(
        self, answered: Answered, call: Call, target: Target, since: datetime
    ) -> tuple[list[Found], list[Call]]:
        if target.stream == "conversations":
            return read_conversations(answered.body, call, "page", target, since)
        if call.path.endswith("/comments"):
            post = call.path.removesuffix("/comments")
            return list(_comments(answered.body, post, target, since)), _further(answered.body, call, since)
        return _feed(answered.body, call, target, since)


def _feed(body: object, call: Call, target: Target, since: datetime) -> tuple[list[Found], list[Call]]:
    found: list[Found] = []
    more: list[Call] = []
    for post in as_items(dig(body, "data")):
        name = as_id(dig(post, "id"))
        if name is None:
            continue
        inner = Call("GET", API, f"{name}/comments", FURTHER, publishes=False)
        found += [*_posts(as_map(post), name, target, since)]
        found += _comments(dig(post, "comments"), name, target, since)
        more += _further(dig(post, "comments"), inner, since)
    last = oldest(dig(body, "data"), "created_time")
    return found, more + next_page(body, call, newest_left=last, since=since - BACK)


def _further(edge: object, call: Call, since: datetime) -> list[Call]:
    return next_page(edge, call, newest_left=oldest(dig(edge, "data"), "created_time"), since=since)


def _posts(post: Mapping[str, Any], name: str, target: Target, since: datetime) -> Iterator[Found]:
    """Give a visitor's post; the Page's own need no answer."""
    at = stamped(post, "created_time")
    if at is None or at < since or as_id(dig(post, "from", "id")) in {target.account, None}:
        return
    value = {"item": "post", "verb": "add", "post_id": name, **_said(post, at)}
    yield Found(name, at, delivery("page", target, at, {"field": "feed", "value": value}))


def _comments(edge: object, post: str, target: Target, since: datetime) -> Iterator[Found]:
    for comment in map(as_map, as_items(dig(edge, "data"))):
        name, at = as_id(comment.get("id")), stamped(comment, "created_time")
        if name is None or at is None or at < since:
            continue
        parent = as_id(dig(comment, "parent", "id")) or post
        ids = {"post_id": post, "comment_id": name, "parent_id": parent}
        value = {"item": "comment", "verb": "add", **ids, **_said(comment, at)}
        yield Found(name, at, delivery("page", target, at, {"field": "feed", "value": value}))


def _said(item: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    kept = ("from", "message", "permalink_url", "message_tags")
    return {"created_time": int(at.timestamp()), **{key: item[key] for key in kept if key in item}}


SWEEP = FacebookSweep()
