"""What our access to a Page needs: permissions to read and answer, and a webhook told of everything we read."""

from __future__ import annotations

from chalicelib.platforms.meta.health import MetaHealth

HEALTH = MetaHealth(
    "facebook",
    "Facebook",
    frozenset(
        {"pages_manage_engagement", "pages_messaging", "pages_read_engagement", "pages_read_user_content"}
    ),
    ("feed", "mention", "messages", "message_echoes", "message_edits", "messaging_postbacks"),
)
