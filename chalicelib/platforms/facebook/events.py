"""Facebook Page events in our words: the tables of what is read and what is knowingly left alone.

Source: developers.facebook.com/docs/graph-api/webhooks/reference/page. Messenger's events are in
``meta.messaging``; the readers of public posts are in ``facebook.feed``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.platforms.facebook.feed import read_comment, read_mention, read_post, read_review
from chalicelib.platforms.meta import messaging
from chalicelib.platforms.meta.entries import Tables
from chalicelib.platforms.payload import as_id
from chalicelib.platforms.reading import Handled

_DOCS = "https://developers.facebook.com/docs/graph-api/webhooks/reference/page/"
_BY_ITEM = frozenset({"feed", "mention", "ratings", "group_feed"})
_POSTS = (
    *("post", "status", "photo", "video", "share", "link", "album", "note", "picture", "photo-album"),
    *("coupon", "experience", "mention", "milestone", "offer", "platform-story", "question", "story"),
)
_PROFILE = (
    *("about", "affiliation", "attire", "awards", "bio", "birthday", "category", "checkins"),
    *("company_overview", "culinary_team", "current_location", "description", "email", "emails", "founded"),
    *("general_info", "general_manager", "hometown", "hours", "location", "members", "mission", "name"),
    *("parking", "payment_options", "personal_info", "personal_interests", "phone", "picture"),
    *("price_range", "products", "public_transit", "restaurant_services", "restaurant_specialties"),
    *("website", "page_about_story", "page_change_proposal", "page_upcoming_change"),
)

EVENTS: Mapping[str, Handled] = {
    "feed/comment": Handled(read_comment, _DOCS + "#feed"),
    **{f"feed/{item}": Handled(read_post, _DOCS + "#feed") for item in _POSTS},
    "group_feed/comment": Handled(read_comment, _DOCS + "#group_feed"),
    **{f"mention/{item}": Handled(read_mention, _DOCS + "#mention") for item in ("comment", *_POSTS)},
    "ratings/rating": Handled(read_review, _DOCS + "#ratings"),
    "feed/rating": Handled(read_review, _DOCS + "#feed"),
    "ratings/comment": Handled(read_comment, _DOCS + "#ratings"),
}

IGNORED: Mapping[str, str] = {
    "feed/like": "page like",
    "feed/reaction": "reaction to a post or comment: a count, not a question",
    "feed/event": "an event of the Page changed",
    "feed/follow": "somebody follows the Page",
    **dict.fromkeys(
        ("feed/address", "feed/page", "feed/profile", "feed/timeline cover", "feed/tag", "feed/interest"),
        "the Page's own pictures and data changed, or it was tagged",
    ),
    **dict.fromkeys(
        ("feed/connection", "feed/relationship-status", "feed/group"), "whom the Page is connected with"
    ),
    "ratings/like": "reaction to a recommendation",
    "ratings/reaction": "reaction to a recommendation",
    "leadgen": "a lead form was filled in: that belongs to the CRM",
    "videos": "encoding state of a video",
    "live_videos": "state of a live video",
    "conversations": "a pointer to a conversation whose message comes by itself",
    "feature_access_list": "what Meta lets the Page do",
    "inbox_labels": "labels in Meta's own inbox",
    **dict.fromkeys(
        ("invoice_access_invoice_change", "messaging_payments", "payment_request_update", "send_cart"),
        "the Page's shop: that belongs to the shop",
    ),
    **dict.fromkeys(_PROFILE, "the Page's profile changed"),
}


def word(field: str, value: Mapping[str, Any]) -> str:
    """Name an event by its field, and by its item where one field carries several kinds."""
    item = as_id(value.get("item")) or ("rating" if field == "ratings" else "")
    return f"{field}/{item}" if field in _BY_ITEM else field


TABLES = Tables(word, EVENTS, IGNORED)
WORDS = frozenset({*EVENTS, *IGNORED, *messaging.EVENTS, *messaging.IGNORED})
"""Every event read or knowingly left alone; the docs page lists them."""
