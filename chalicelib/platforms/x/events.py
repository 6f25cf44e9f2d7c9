"""X events in our words: the tables, and which reader an event goes to.

Source: docs.x.com/x-api/activity/introduction and docs.x.com/x-api/account-activity/introduction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.posts import Reading
from chalicelib.platforms.base import Own, Update
from chalicelib.platforms.payload import as_id, as_map
from chalicelib.platforms.reading import Event, Handled, read_event, unreadable
from chalicelib.platforms.x import account_activity as aaa
from chalicelib.platforms.x import activity as xaa

_XAA = "https://docs.x.com/x-api/activity/introduction"
_AAA = "https://docs.x.com/x-api/account-activity/introduction"
STREAM = "matching_rules"

EVENTS: Mapping[str, Handled] = {
    "post.create": Handled(xaa.read_own_post, _XAA),
    "post.mention.create": Handled(xaa.read_mention, _XAA),
    "post.reply.create": Handled(xaa.read_reply, _XAA),
    "post.quote.create": Handled(xaa.read_quote, _XAA),
    "post.repost.create": Handled(xaa.read_repost, _XAA),
    "post.delete": Handled(xaa.read_delete, _XAA),
    "dm.received": Handled(xaa.read_dm, _XAA),
    "dm.sent": Handled(xaa.read_dm, _XAA),
    "chat.received": Handled(xaa.read_chat, _XAA),
    "chat.sent": Handled(xaa.read_chat, _XAA),
    "oauth.revoke": Handled(xaa.read_revoke, _XAA),
    STREAM: Handled(xaa.read_match, "https://docs.x.com/x-api/webhooks/stream/introduction"),
    "tweet_create_events": Handled(aaa.read_tweet, _AAA),
    "tweet_delete_events": Handled(aaa.read_delete, _AAA),
    "direct_message_events": Handled(aaa.read_dm, _AAA),
    "user_event": Handled(aaa.read_revoke, _AAA),
}

IGNORED: Mapping[str, str] = {
    "like.create": "like",
    "favorite_events": "like",
    "dm.read": "read receipt",
    "direct_message_mark_read_events": "read receipt",
    "dm.indicate_typing": "typing indicator",
    "direct_message_indicate_typing_events": "typing indicator",
    **dict.fromkeys(
        (
            "chat.conversation_join",
            "chat.conversation.join",
            "chat.conversation.admin_added",
            "chat.conversation.admin_removed",
            "chat.conversation.member_added",
            "chat.conversation.member_removed",
            "chat.update.group_name",
            "chat.update.restrictions",
        ),
        "who is in an encrypted conversation, and what it is called",
    ),
    **dict.fromkeys(
        ("follow.follow", "follow.unfollow", "follow_events", "unfollow_events"),
        "somebody follows or unfollows",
    ),
    **dict.fromkeys(
        (
            "mute.mute",
            "mute.unmute",
            "mute_events",
            "unmute_events",
            "block.block",
            "block.unblock",
            "block_events",
            "unblock_events",
        ),
        "somebody was muted or blocked, or no longer is",
    ),
    **dict.fromkeys(
        (
            "profile.update.affiliate_badge",
            "profile.update.banner_picture",
            "profile.update.bio",
            "profile.update.geo",
            "profile.update.handle",
            "profile.update.profile_picture",
            "profile.update.screenname",
            "profile.update.url",
            "profile.update.verified_badge",
        ),
        "a profile changed",
    ),
    **dict.fromkeys(
        ("spaces.start", "spaces.end", "broadcast.start", "broadcast.end", "broadcast.chat"),
        "live audio or video",
    ),
    "news.new": "news",
    "replay_event": "a replay of missed events was asked for",
    "replay_job_status": "a replay of missed events has ended",
}

WORDS = frozenset({*EVENTS, *IGNORED})
"""Every event read or knowingly left alone; the docs page lists them."""


def read(update: Update, own: Own, received_at: datetime) -> Reading:
    """Read the one event of an update."""
    word, body = _word(update.payload)
    if update.account_id is None and word != STREAM and not update.about_nobody:
        return unreadable(update.path, f"whose account is it? {str(word)[:80]!r}")
    account = update.account_id or ""
    return read_event(Event("x", account, update.path, body, own, received_at), word, EVENTS, IGNORED)


def _word(payload: Mapping[str, Any]) -> tuple[str | None, Mapping[str, Any]]:
    """Name an event and give its reader what it needs: an activity's data, or the whole small payload."""
    if "data" not in payload:
        return next((key for key in payload if key in WORDS), _first_unknown(payload)), payload
    data = as_map(payload["data"])
    if "event_type" in data:
        return as_id(data.get("event_type")), data
    matches = "matching_rules" in payload or "text" in data
    return (STREAM if matches else None), payload


def _first_unknown(payload: Mapping[str, Any]) -> str | None:
    return next((key for key in payload if key not in {"for_user_id", "users", "apps"}), None)
