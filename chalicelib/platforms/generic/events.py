"""Generic events in our words. The format is ours and documented in docs/platforms/generic.md."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.posts import Direction, Kind, Media, Op, Post, Reading
from chalicelib.platforms.base import Own, Update
from chalicelib.platforms.payload import (
    Malformed,
    as_id,
    as_instant,
    as_items,
    as_map,
    as_name,
    as_text,
    as_url,
    dig,
    need,
)
from chalicelib.platforms.reading import Event, Handled, read_event, settled, unreadable

_DOCS = "docs/platforms/generic.md"
_KINDS = {kind.value: kind for kind in (Kind.POST, Kind.COMMENT, Kind.MENTION, Kind.DM, Kind.REVIEW)}
_OPS = {
    "post.created": Op.CREATE,
    "post.updated": Op.UPDATE,
    "post.deleted": Op.DELETE,
    "post.hidden": Op.DELETE,
    "post.restored": Op.UPDATE,
}
_MAX_MEDIA = 30


def read_post(event: Event) -> Post:
    """Read a post, or what became of one; ``from_brand`` marks the brand's own words."""
    said, word = as_map(event.body.get("data")), str(event.body.get("type"))
    external = need(as_id(said.get("id")), "data.id")
    kind, op = _kind(said), _OPS[word]
    author = as_id(dig(said, "author", "id"))
    ours = said.get("from_brand") is True or event.is_ours(author)
    contact = as_id(said.get("contact_id")) if ours else author
    at, source = _when(event, said, op)
    gone = op is Op.DELETE
    return settled(
        Post(
            platform="generic",
            account=event.account,
            kind=kind,
            op=op,
            external_id=external,
            thread_id=_thread(event, said, kind, contact) or external,
            parent_id=as_id(said.get("parent_id")),
            post_id=as_id(said.get("post_id")),
            author_id=author,
            author_name=as_name(dig(said, "author", "name")),
            author_handle=as_name(dig(said, "author", "handle")),
            text=None if gone else as_text(said.get("text")),
            permalink=as_url(said.get("permalink")),
            media=() if gone else _media(said),
            created_at=at,
            created_at_source=source,
            direction=Direction.SELF if ours else Direction.INBOUND,
            dedupe_key=_key(event, external, word, at),
            is_deleted=gone,
            is_edited=word == "post.updated",
            by_brand=word == "post.hidden",
            restores=word == "post.restored",
            contact_id=contact,
            correlation=as_id(said.get("correlation")),
        )
    )


EVENTS: Mapping[str, Handled] = {word: Handled(read_post, _DOCS) for word in _OPS}
IGNORED: Mapping[str, str] = {"ping": "a test of the connection"}
WORDS = frozenset({*EVENTS, *IGNORED})
"""Every event read or knowingly left alone; the docs page lists them."""


def read(update: Update, own: Own, received_at: datetime) -> Reading:
    """Read the one event of an update."""
    body = as_map(dig(update.payload, "events", 0))
    word = as_id(body.get("type"))
    if update.account_id is None and word not in IGNORED:
        return unreadable(update.path, "data.account is missing: say whose account this is about")
    event = Event(
        platform="generic",
        account=update.account_id or "",
        path=update.path,
        body=body,
        own=own,
        received_at=received_at,
        sent_at=as_instant(body.get("timestamp")),
    )
    return read_event(event, word, EVENTS, IGNORED)


def _when(event: Event, said: Mapping[str, object], op: Op) -> tuple[datetime, str]:
    """Return the event's time; a change must tell its own, or its redelivery could not be recognised."""
    if op is Op.CREATE:
        return event.when(said.get("created_at"), event.body.get("timestamp"))
    return need(event.sent_at, "timestamp"), "payload"


def _kind(said: Mapping[str, object]) -> Kind:
    word = as_id(said.get("kind")) or Kind.POST.value
    if word not in _KINDS:
        raise Malformed(f"data.kind must be one of {', '.join(sorted(_KINDS))}")
    return _KINDS[word]


def _thread(event: Event, said: Mapping[str, object], kind: Kind, contact: str | None) -> str | None:
    """Return the thread as told, else what groups best: the pair for a message, the parent for a comment."""
    if told := as_id(said.get("thread_id")):
        return told
    if kind is Kind.DM:
        return f"{event.account}:{contact}" if contact else None
    return as_id(said.get("parent_id"))


def _key(event: Event, external: str, word: str, at: datetime) -> str:
    """Return the key of this change; what can happen again carries its millisecond."""
    once = word in {"post.created", "post.deleted"}
    return event.key(external, word, *(() if once else (str(round(at.timestamp() * 1000)),)))


def _media(said: Mapping[str, object]) -> tuple[Media, ...]:
    return tuple(
        Media(
            type=as_name(dig(item, "type")) or "file",
            url=as_url(dig(item, "url")),
            id=as_id(dig(item, "id")),
            title=as_name(dig(item, "title")),
            mime=as_name(dig(item, "mime")),
        )
        for item in as_items(said.get("media"))[:_MAX_MEDIA]
    )
