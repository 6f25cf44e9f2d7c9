"""Threads events in our words.

Source: developers.facebook.com/docs/threads/webhooks. Payloads carry a username and no author id. ``publish`` fires
for the brand's own posts and replies alike, without their text: the native-reply signal, which must be fetched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.posts import Direction, Ignored, Kind, Media, Op, Post, Reading
from chalicelib.platforms.base import Own, Update
from chalicelib.platforms.payload import as_id, as_instant, as_map, as_name, as_text, as_url, dig, need
from chalicelib.platforms.reading import Event, Handled, read_event, settled, unreadable

_DOCS = "https://developers.facebook.com/docs/threads/webhooks"


def read_reply(event: Event) -> Post:
    """Read a reply; the thread is the root post's, whoever is answered within it."""
    post = _post(event, "replies", Kind.COMMENT)
    root = as_id(dig(event.body, "root_post", "id"))
    parent = as_id(dig(event.body, "replied_to", "id"))
    return settled(
        replace(post, thread_id=root or parent or post.external_id, parent_id=parent, post_id=root)
    )


def read_mention(event: Event) -> Post:
    """Read a mention of us."""
    return settled(_post(event, "mentions", Kind.MENTION))


def read_publish(event: Event) -> Post:
    """Read something the brand published by any means; if it says what it answers, it stops that clock."""
    root = as_id(dig(event.body, "root_post", "id"))
    parent = as_id(dig(event.body, "replied_to", "id"))
    post = replace(_post(event, "publish", Kind.COMMENT if parent else Kind.POST), direction=Direction.SELF)
    unknown = (("text", post.text), ("replied_to", parent))
    return settled(
        replace(
            post,
            thread_id=root or parent or post.external_id,
            parent_id=parent,
            post_id=root,
            contact_id=None,
            needs_fetch=tuple(name for name, value in unknown if value is None),
        )
    )


def read_delete(event: Event) -> Post:
    """Read a deletion; only the account's own are pushed."""
    post = _post(event, "delete", Kind.POST)
    at, source = event.when(event.body.get("deleted_at"), event.body.get("timestamp"))
    return settled(
        replace(
            post,
            op=Op.DELETE,
            is_deleted=True,
            direction=Direction.SELF,
            author_id=as_id(dig(event.body, "owner", "owner_id")),
            contact_id=None,
            created_at=at,
            created_at_source=source,
            permalink=None,
            text=None,
            media=(),
            needs_fetch=(),
        )
    )


EVENTS: Mapping[str, Handled] = {
    "replies": Handled(read_reply, _DOCS),
    "mentions": Handled(read_mention, _DOCS),
    "publish": Handled(read_publish, _DOCS),
    "delete": Handled(read_delete, _DOCS),
}
IGNORED: Mapping[str, str] = {}
WORDS = frozenset({*EVENTS, *IGNORED})
"""Every event read or knowingly left alone; the docs page lists them."""


def read(update: Update, own: Own, received_at: datetime) -> Reading:
    """Read the one event of an update."""
    item = dig(update.payload, "values")
    if update.about_nobody:
        return Reading(ignored=(Ignored(update.path, "a test delivery: it is about nobody"),))
    if update.account_id is None:
        return unreadable(update.path, f"whose account is it? field {str(dig(item, 'field'))[:80]!r}")
    event = Event(
        platform="threads",
        account=update.account_id,
        path=update.path,
        body=as_map(dig(item, "value")),
        own=own,
        received_at=received_at,
        sent_at=as_instant(update.payload.get("time")),
    )
    return read_event(event, as_id(dig(item, "field")), EVENTS, IGNORED)


def _post(event: Event, field: str, kind: Kind) -> Post:
    value = event.body
    external = need(as_id(value.get("id")), "value.id")
    at, source = event.when(value.get("timestamp"))
    author = as_id(dig(value, "from", "id")) or as_id(dig(value, "owner", "id"))
    handle = as_name(value.get("username"))
    ours = value.get("is_reply_owned_by_me") is True or event.is_ours(author) or event.is_our_handle(handle)
    url = as_url(value.get("media_url"))
    return Post(
        platform=event.platform,
        account=event.account,
        kind=kind,
        op=Op.CREATE,
        external_id=external,
        thread_id=external,
        author_id=author,
        author_handle=handle,
        text=as_text(value.get("text")),
        permalink=as_url(value.get("permalink")),
        media=(Media(_media_type(value), url),) if url else (),
        created_at=at,
        created_at_source=source,
        direction=Direction.SELF if ours else Direction.INBOUND,
        dedupe_key=event.key(field, external),
        needs_fetch=() if author or ours else ("author_id",),
        contact_id=None if ours else author or (f"@{handle}" if handle else None),
    )


def _media_type(value: Mapping[str, object]) -> str:
    return (as_name(value.get("media_type")) or "file").lower()
