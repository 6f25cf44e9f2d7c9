"""Attachments of Messenger and Instagram messages, in our words.

Source: developers.facebook.com/docs/messenger-platform/reference/webhook-events/messages, "attachments".
"""

from __future__ import annotations

from chalicelib.domain.posts import Media
from chalicelib.platforms.payload import as_id, as_items, as_name, as_url, dig

MAX_MEDIA = 30
_OURS = {"fallback": "link", "story_mention": "story"}


def media_of(attachments: object) -> tuple[Media, ...]:
    """List what a message carries; a type we have no word for keeps the platform's."""
    return tuple(_media(item) for item in as_items(attachments)[:MAX_MEDIA])


def _media(item: object) -> Media:
    kind = as_name(dig(item, "type")) or "file"
    return Media(
        type=_OURS.get(kind, kind),
        url=as_url(dig(item, "payload", "url")) or as_url(dig(item, "url")),
        id=_id(item),
        title=as_name(dig(item, "payload", "title")) or as_name(dig(item, "title")),
    )


def _id(item: object) -> str | None:
    """Return the id a sticker, a template's first element or a shared reel is known by."""
    places = (
        dig(item, "payload", "sticker_id"),
        dig(item, "payload", "attachment_id"),
        dig(item, "payload", "elements", 0, "attachment_id"),
        dig(item, "payload", "reel_video_id"),
        dig(item, "payload", "ig_post_media_id"),
        dig(item, "payload", "id"),
    )
    return next((found for found in map(as_id, places) if found), None)
