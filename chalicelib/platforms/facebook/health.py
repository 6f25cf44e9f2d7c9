"""What our access to a Page needs: permissions to subscribe, read and answer, and a webhook told of all we read."""

from __future__ import annotations

from chalicelib.platforms.meta.health import MetaHealth

SCOPES = (
    "pages_manage_metadata",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_engagement",
    "pages_messaging",
)
FIELDS = (
    "feed",
    "mention",
    "ratings",
    "messages",
    "message_echoes",
    "message_edits",
    "message_reactions",
    "messaging_postbacks",
    "standby",
)
"""What the webhook is to be told of: everything ``events`` reads."""

HEALTH = MetaHealth("facebook", "Facebook", scopes=SCOPES, fields=FIELDS)
