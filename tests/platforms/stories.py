"""What each platform would tell of one customer and one brand: the same few happenings, in its own words.

``at`` is seconds after NOW. A happening a platform never tells of is None.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.platforms.twins import NOW, twin

Json = dict[str, Any]
Happening = Callable[[str, int], Json]
"""Takes words and seconds, and returns the payload."""


@dataclass(frozen=True)
class Story:
    """A customer's post and what may become of it; ``answers`` is the brand's reply to it, typed anywhere."""

    post_id: str
    asks: Happening
    answers: Happening
    edits: Happening | None = None
    deletes: Callable[[int], Json] | None = None
    echoes: bool = True
    """Whether our own reply comes back with its words, so that it can be told from a native one."""


def when(seconds: int) -> datetime:
    """Return an instant of the story."""
    return NOW + timedelta(seconds=seconds)


def unix(seconds: int) -> int:
    return int(when(seconds).timestamp())


def iso(seconds: int) -> str:
    return when(seconds).strftime("%Y-%m-%dT%H:%M:%S+0000")


def body(payload: Json) -> bytes:
    """Return a payload as it travels."""
    return json.dumps(payload).encode()


def _page() -> Story:
    page = twin("facebook").account

    def feed(author: str, comment: str, seconds: int, **more: Any) -> Json:
        value: Json = {
            "item": "comment",
            "verb": "add",
            "from": {"id": author, "name": "N"},
            "comment_id": comment,
        }
        value |= {"post_id": f"{page}_1", "parent_id": f"{page}_1", "created_time": unix(seconds), **more}
        change = {"field": "feed", "value": value}
        return {"object": "page", "entry": [{"id": page, "time": unix(seconds), "changes": [change]}]}

    return Story(
        "1_10",
        asks=lambda words, at: feed("55", "1_10", at, message=words),
        answers=lambda words, at: feed(page, "1_11", at, message=words, parent_id="1_10"),
        edits=lambda words, at: feed("55", "1_10", at, message=words, verb="edited"),
        deletes=lambda at: feed("55", "1_10", at, verb="remove"),
    )


def _instagram() -> Story:
    own = twin("instagram").account

    def talk(sender: str, to: str, seconds: int, **said: Any) -> Json:
        event = {"sender": {"id": sender}, "recipient": {"id": to}, "timestamp": unix(seconds) * 1000, **said}
        return {
            "object": "instagram",
            "entry": [{"id": own, "time": unix(seconds) * 1000, "messaging": [event]}],
        }

    return Story(
        "m1",
        asks=lambda words, at: talk("55", own, at, message={"mid": "m1", "text": words}),
        answers=lambda words, at: talk(own, "55", at, message={"mid": "m2", "text": words, "is_echo": True}),
        edits=lambda words, at: talk("55", own, at, message_edit={"mid": "m1", "text": words, "num_edit": 1}),
        deletes=lambda at: talk("55", own, at, message={"mid": "m1", "is_deleted": True}),
    )


def _whatsapp() -> Story:
    number = twin("whatsapp").account

    def change(field: str, key: str, seconds: int, **said: Any) -> Json:
        value: Json = {"metadata": {"display_phone_number": "1555", "phone_number_id": number}}
        value[key] = [{"timestamp": str(unix(seconds)), **said}]
        entry = {"id": "5005", "changes": [{"field": field, "value": value}]}
        return {"object": "whatsapp_business_account", "entry": [entry]}

    def says(seconds: int, **said: Any) -> Json:
        return change("messages", "messages", seconds, **{"from": "4477", **said})

    def edited(words: str) -> Json:
        return {"original_message_id": "w1", "message": {"type": "text", "text": {"body": words}}}

    return Story(
        "w1",
        asks=lambda words, at: says(at, id="w1", type="text", text={"body": words}),
        answers=lambda words, at: change(
            "smb_message_echoes", "message_echoes", at, to="4477", id="w2", type="text", text={"body": words}
        ),
        edits=lambda words, at: says(at, id="w3", type="edit", edit=edited(words)),
        deletes=lambda at: says(at, id="w4", type="revoke", revoke={"original_message_id": "w1"}),
    )


def _x() -> Story:
    own = twin("x").account

    def activity(event: str, post: Json, seconds: int) -> Json:
        at = when(seconds).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        payload = {"conversation_id": "900", "created_at": at, **post}
        data = {"event_type": event, "filter": {"user_id": own}, "payload": payload, "includes": {}}
        return {"data": data}

    def mention(words: str, seconds: int, **more: Any) -> Json:
        return activity(
            "post.mention.create", {"id": "900", "author_id": "55", "text": words, **more}, seconds
        )

    answered = {"referenced_tweets": [{"type": "replied_to", "id": "900"}], "in_reply_to_user_id": "55"}
    return Story(
        "900",
        asks=mention,
        answers=lambda words, at: activity(
            "post.create", {"id": "901", "author_id": own, "text": words, **answered}, at
        ),
        edits=lambda words, at: mention(words, at, id="902", edit_history_tweet_ids=["900", "902"]),
    )


def _threads() -> Story:
    own = twin("threads").account

    def event(field: str, value: Json, seconds: int) -> Json:
        told = {"timestamp": iso(seconds), **value}
        return {"target_id": own, "time": unix(seconds), "values": [{"field": field, "value": told}]}

    root = {"root_post": {"id": "7000", "owner_id": own}}
    return Story(
        "71",
        asks=lambda words, at: event("replies", {"id": "71", "username": "maya", "text": words, **root}, at),
        answers=lambda words, at: event(
            "publish", {"id": "72", "username": "us", "text": words, "replied_to": {"id": "71"}, **root}, at
        ),
    )


def _generic() -> Story:
    forum = twin("generic").account

    def event(word: str, seconds: int, **data: Any) -> Json:
        return {
            "type": f"post.{word}",
            "timestamp": iso(seconds),
            "data": {"account": forum, "id": "g1", **data},
        }

    author = {"author": {"id": "55", "name": "Maya"}}
    return Story(
        "g1",
        asks=lambda words, at: event("created", at, text=words, **author),
        answers=lambda words, at: event(
            "created", at, id="g2", kind="comment", parent_id="g1", from_brand=True, text=words
        ),
        edits=lambda words, at: event("updated", at, text=words, **author),
        deletes=lambda at: event("deleted", at, **author),
    )


STORIES: Mapping[str, Callable[[], Story]] = {
    "facebook": _page,
    "generic": _generic,
    "instagram": _instagram,
    "threads": _threads,
    "whatsapp": _whatsapp,
    "x": _x,
}
