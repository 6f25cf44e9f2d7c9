"""How many read an author on X is told beside the event: nothing has to be asked, and the judge hears it at once."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.posts import Post
from chalicelib.platforms.payload import dump
from chalicelib.platforms.registry import platform
from chalicelib.services.platform_port import Own
from tests.builders import NIGHT

ACCOUNT = "700"


def read(body: Any) -> Post:
    spoken = platform("x")
    (update,) = spoken.updates(dump(body))
    (post,) = spoken.read(update, Own("x", "acme", ids=frozenset({ACCOUNT})), NIGHT).posts
    return post


def mention(**user: Any) -> Post:
    """Return a mention by somebody of whom the event tells this."""
    who = {"id": "9", "name": "Jo", "username": "jo", **user}
    payload = {
        "id": "55",
        "text": "@acme?",
        "author_id": "9",
        "conversation_id": "55",
        "created_at": "2027-01-10T01:30:00Z",
    }
    known = {"filter": {"user_id": ACCOUNT}, "event_type": "post.mention.create", "payload": payload}
    return read({"data": {**known, "includes": {"users": [who]}}})


def test_an_event_tells_followers_and_mark() -> None:
    """And so lacks nothing."""
    post = mention(public_metrics={"followers_count": 120_000}, verified=True, verified_type="business")
    assert (post.followers, post.verified, post.needs_fetch) == (120_000, True, ())


@pytest.mark.parametrize("count", [None, "many", -1, 1.5, True, 10**40])
def test_a_count_that_is_none_is_not_told(count: Any) -> None:
    """Nobody is raised by nonsense."""
    assert mention(public_metrics={"followers_count": count}).followers is None


def test_a_bought_mark_is_not_told() -> None:
    """Anybody may buy one."""
    assert mention(verified=True, verified_type="blue").verified is False


def test_an_older_event_tells_followers_too() -> None:
    """Of the Account Activity API; its mark was never for sale."""
    user = {"id_str": "9", "name": "Jo", "screen_name": "jo", "followers_count": 12, "verified": True}
    tweet = {"id_str": "55", "text": "@acme?", "user": user, "timestamp_ms": "1799000000000"}
    post = read({"for_user_id": ACCOUNT, "tweet_create_events": [tweet]})
    assert (post.followers, post.verified) == (12, True)
