"""Instagram events in our words: comments and mentions here, direct messages in ``meta.messaging``.

Source: developers.facebook.com/docs/instagram-platform/webhooks/examples and docs/instagram-platform/self-messaging.
Facebook Login puts events in ``changes`` and calls a comment's id ``comment_id``; Instagram Login puts field and
value on the entry and calls it ``id``. All four mixtures are read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from chalicelib.domain.posts import Direction, Kind, Op, Post
from chalicelib.platforms.meta import messaging
from chalicelib.platforms.meta.entries import Tables
from chalicelib.platforms.payload import as_id, as_name, as_text, dig, need
from chalicelib.platforms.reading import Event, Handled, settled

_DOCS = "https://developers.facebook.com/docs/instagram-platform/webhooks/examples"
_HANDLE = re.compile(r"@([A-Za-z0-9_](?:[A-Za-z0-9_.]{0,28}[A-Za-z0-9_])?)")
_MAX_TAGS = 30


def read_comment(event: Event) -> Post:
    """Read a comment. It has no time and no link of its own: the entry's time starts the clock."""
    value = event.body
    comment = need(as_id(value.get("comment_id")) or as_id(value.get("id")), "comment_id or id")
    parent = as_id(value.get("parent_id"))
    at, source = event.when(value.get("timestamp"), value.get("created_time"))
    author = as_id(dig(value, "from", "id"))
    handle = as_name(dig(value, "from", "username"))
    ours = _is_ours(event, author, handle)
    text = as_text(value.get("text"))
    return settled(
        Post(
            platform=event.platform,
            account=event.account,
            kind=Kind.COMMENT,
            op=Op.CREATE,
            external_id=comment,
            thread_id=parent or comment,
            parent_id=parent,
            post_id=as_id(dig(value, "media", "id")) or as_id(value.get("media_id")),
            author_id=author,
            author_handle=handle,
            text=text,
            created_at=at,
            created_at_source=source,
            direction=Direction.SELF if ours else Direction.INBOUND,
            dedupe_key=event.key("comment", comment, "add"),
            needs_fetch=() if ours else _wanted(author, source),
            contact_id=None if ours else author,
            tags=_mentioned(text),
        )
    )


def read_mention(event: Event) -> Post:
    """Read a mention in a caption or a comment: ids only, everything else must be fetched."""
    media = as_id(event.body.get("media_id"))
    comment = as_id(event.body.get("comment_id"))
    external = need(comment or media, "comment_id or media_id")
    at, source = event.when()
    return settled(
        Post(
            platform=event.platform,
            account=event.account,
            kind=Kind.MENTION,
            op=Op.CREATE,
            external_id=external,
            thread_id=external,
            post_id=media,
            created_at=at,
            created_at_source=source,
            direction=Direction.INBOUND,
            dedupe_key=event.key("mention", "comment" if comment else "media", external),
            needs_fetch=("text", "author", "permalink"),
        )
    )


EVENTS: Mapping[str, Handled] = {
    "comments": Handled(read_comment, _DOCS + "#comments"),
    "live_comments": Handled(read_comment, _DOCS + "#live-comments"),
    "mentions": Handled(read_mention, _DOCS + "#mentions"),
}

IGNORED: Mapping[str, str] = {
    "story_insights": "numbers of a story that has ended",
    "share_to_story": "somebody shared a post to their story",
    "creator_marketplace_projects": "the creator marketplace",
    "creator_marketplace_invited_creator_onboarding": "the creator marketplace",
    "messaging_handover": "another app hands the thread over or takes it",
    "messaging_optins": "a person opted in to notifications",
}


def word(field: str, _value: Mapping[str, Any]) -> str:
    """Name an event by its field."""
    return field


def _is_ours(event: Event, author: str | None, handle: str | None) -> bool:
    """Tell our own comment: by id, by username since ids can be app-scoped, or by Meta's own mark."""
    marked = dig(event.body, "from", "self_ig_scoped_id") is not None
    return marked or event.is_ours(author) or event.is_our_handle(handle)


def _wanted(author: str | None, source: str) -> tuple[str, ...]:
    missing = () if author else ("author",)
    return (*missing, "permalink") if source == "payload" else (*missing, "permalink", "timestamp")


def _mentioned(text: str | None) -> tuple[str, ...]:
    return tuple(_HANDLE.findall(text or "")[:_MAX_TAGS])


TABLES = Tables(word, EVENTS, IGNORED)
WORDS = frozenset({*EVENTS, *IGNORED, *messaging.EVENTS, *messaging.IGNORED})
"""Every event read or knowingly left alone; the docs page lists them."""
