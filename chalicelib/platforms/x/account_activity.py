"""Readers of the older Account Activity API: lists of events beside ``for_user_id``.

Ids are read from their text twins (``id_str``), since the numbers are rounded; long posts have their words in
``extended_tweet.full_text``. There is no conversation id: what a post answers is the thread until it is fetched.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from chalicelib.domain.posts import Direction, Disconnection, Kind, Op, Post
from chalicelib.platforms.payload import as_count, as_id, as_items, as_map, as_name, as_text, dig, need
from chalicelib.platforms.reading import Event, settled
from chalicelib.platforms.x.activity import permalink
from chalicelib.platforms.x.direct import read_direct

_MAX_TAGS = 50


def read_tweet(event: Event) -> Post:
    """Read a post by the account, or one that answers, mentions, quotes or shares it."""
    tweet = as_map(dig(event.body, "tweet_create_events", 0))
    external = need(_id(tweet, "id"), "id_str")
    author = _id(tweet.get("user"), "id")
    ours = event.is_ours(author)
    kind, parent = _kind(tweet, ours=ours)
    at, source = event.when(tweet.get("timestamp_ms"), _written(tweet.get("created_at")))
    answers = kind is Kind.COMMENT
    return settled(
        Post(
            platform="x",
            account=event.account,
            kind=kind,
            op=Op.CREATE,
            external_id=external,
            thread_id=parent if answers and parent else external,
            parent_id=parent,
            author_id=author,
            author_name=as_name(dig(tweet, "user", "name")),
            author_handle=as_name(dig(tweet, "user", "screen_name")),
            text=as_text(dig(tweet, "extended_tweet", "full_text")) or as_text(tweet.get("text")),
            permalink=permalink(external),
            created_at=at,
            created_at_source=source,
            direction=Direction.SELF if ours else Direction.INBOUND,
            dedupe_key=f"x:post:{external}",
            needs_fetch=("conversation_id",) if answers else (),
            contact_id=None if ours else author,
            tags=_tags(tweet),
            followers=as_count(dig(tweet, "user", "followers_count")),
            verified=dig(tweet, "user", "verified") is True,
        )
    )


def read_delete(event: Event) -> Post:
    """Read a deletion, which names neither thread nor words."""
    deleted = as_map(dig(event.body, "tweet_delete_events", 0))
    external = need(as_id(dig(deleted, "status", "id")), "status.id")
    author = as_id(dig(deleted, "status", "user_id"))
    at, source = event.when(deleted.get("timestamp_ms"))
    return settled(
        Post(
            platform="x",
            account=event.account,
            kind=Kind.POST,
            op=Op.DELETE,
            external_id=external,
            thread_id=external,
            thread_known=False,
            author_id=author,
            created_at=at,
            created_at_source=source,
            direction=Direction.SELF if event.is_ours(author) else Direction.INBOUND,
            is_deleted=True,
            dedupe_key=f"x:post:{external}:delete",
        )
    )


def read_dm(event: Event) -> Post:
    """Read a direct message."""
    return read_direct(event, dig(event.body, "direct_message_events", 0), event.body.get("users"))


def read_revoke(event: Event) -> Disconnection:
    """Read that the account's owner revoked our access."""
    revoke = need(as_map(dig(event.body, "user_event", "revoke")) or None, "user_event.revoke")
    at, _source = event.when(revoke.get("date_time"))
    said = as_id(revoke.get("date_time")) or ""
    return Disconnection("x", event.account, at, f"x:revoke:{event.account}:{said}", "page the owner")


def _kind(tweet: Mapping[str, object], *, ours: bool) -> tuple[Kind, str | None]:
    """Say what a post is by what it refers to; ``parent`` is what it answers, shares or quotes."""
    if shared := _id(tweet.get("retweeted_status"), "id"):
        return Kind.SHARE, shared
    if answered := _id(tweet, "in_reply_to_status_id"):
        return Kind.COMMENT, answered
    quoted = _id(tweet, "quoted_status_id") or _id(tweet.get("quoted_status"), "id")
    return (Kind.POST if ours else Kind.MENTION), quoted


def _id(thing: object, name: str) -> str | None:
    return as_id(dig(thing, f"{name}_str")) or as_id(dig(thing, name))


def _written(words: object) -> str | None:
    """Turn ``Mon May 19 14:01:46 +0000 2025`` into ISO 8601."""
    try:
        at = datetime.strptime(str(words)[:40], "%a %b %d %H:%M:%S %z %Y").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at.isoformat()


def _tags(tweet: Mapping[str, object]) -> tuple[str, ...]:
    entities = dig(tweet, "extended_tweet", "entities") or tweet.get("entities")
    mentions = as_items(dig(entities, "user_mentions"))[:_MAX_TAGS]
    found = (_id(mention, "id") for mention in mentions)
    return tuple(tag for tag in found if tag)
