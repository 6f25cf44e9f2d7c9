"""The normalised record as JSON: the form in which a post leaves the program, for people and for checks.

Field meanings are in docs/architecture.md; what only Nightdesk's own decisions need stays inside.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.posts import Disconnection, Media, Post, Reading, Receipt

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


def as_records(reading: Reading) -> list[dict[str, Any]]:
    """Return everything a reading says that something must be done about."""
    return [
        *map(as_record, reading.posts),
        *map(_receipt, reading.receipts),
        *map(_disconnection, reading.disconnections),
    ]


def as_record(post: Post) -> dict[str, Any]:
    """Return the record's fields, instants as ISO 8601 UTC with milliseconds and ``Z``.

    What the payload did not say is null, though inside we put something in its place.
    """
    record: dict[str, Any] = {name: getattr(post, name) for name in _PLAIN}
    record["account"] = post.account or None
    record["thread_id"] = post.thread_id if post.thread_known else None
    record["created_at"] = None if post.created_at_source == "none" else iso(post.created_at)
    record["media"] = [_media(item) for item in post.media]
    record["needs_fetch"] = list(post.needs_fetch)
    return record


def iso(at: datetime) -> str:
    """Return an instant as ``2026-11-21T20:37:00.000Z``."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _receipt(receipt: Receipt) -> dict[str, Any]:
    failed = "mark reply FAILED, re-open the clock, tell the claimer"
    return {
        "receipt_for": receipt.receipt_for,
        "status": receipt.status,
        "at": iso(receipt.at),
        "recipient": receipt.recipient,
        "errors": [{"code": _number(fault.code), "title": fault.title} for fault in receipt.faults],
        "action": failed if receipt.failed else "update reply state",
        "dedupe_key": receipt.dedupe_key,
    }


def _disconnection(lost: Disconnection) -> dict[str, Any]:
    return {
        "system": "account_disconnected",
        "platform": lost.platform,
        "account": lost.account,
        "at": iso(lost.at),
        "action": lost.action,
        "dedupe_key": lost.dedupe_key,
    }


def _number(code: str) -> int | str:
    return int(code) if code.isascii() and code.isdigit() else code


def _media(item: Media) -> dict[str, str]:
    fields = {"type": item.type, "url": item.url, "id": item.id, "title": item.title, "mime": item.mime}
    return {name: value for name, value in fields.items() if value is not None}
