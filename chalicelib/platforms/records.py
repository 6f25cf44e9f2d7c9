"""The normalised record as JSON: the form in which a post leaves the program, for people and for checks.

Field meanings are in docs/architecture.md; what only Nightdesk's own decisions need stays inside.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.posts import Media, Post

_PLAIN = (
    "platform",
    "account",
    "kind",
    "op",
    "external_id",
    "thread_id",
    "parent_id",
    "post_id",
    "author_id",
    "author_name",
    "author_handle",
    "text",
    "permalink",
    "created_at_source",
    "direction",
    "is_deleted",
    "is_edited",
    "dedupe_key",
    "opens_case",
    "stops_clock",
)


def as_record(post: Post) -> dict[str, Any]:
    """Return the record's fields, instants as ISO 8601 UTC with milliseconds and ``Z``."""
    record: dict[str, Any] = {name: getattr(post, name) for name in _PLAIN}
    record["created_at"] = iso(post.created_at)
    record["media"] = [_media(item) for item in post.media]
    record["needs_fetch"] = list(post.needs_fetch)
    return record


def iso(at: datetime) -> str:
    """Return an instant as ``2026-11-21T20:37:00.000Z``."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _media(item: Media) -> dict[str, str]:
    fields = {"type": item.type, "url": item.url, "id": item.id, "title": item.title, "mime": item.mime}
    return {name: value for name, value in fields.items() if value is not None}
