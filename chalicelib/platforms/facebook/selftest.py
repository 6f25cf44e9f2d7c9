"""The comment that the weekly self-test pretends Facebook told us of: made here, because only readers know the shape.

Source: developers.facebook.com/docs/graph-api/webhooks/reference/page/#feed.
"""

from __future__ import annotations

import json
from datetime import datetime

from chalicelib.domain.team import Account

WORDS = "Nightdesk self-test: where is my order? Please help."


def selftest_body(account: Account, post_id: str, at: datetime) -> bytes:
    """Return the body of a delivery with one public comment on the account's page."""
    page, seconds = account.id, int(at.timestamp())
    value = {
        "item": "comment",
        "verb": "add",
        "comment_id": post_id,
        "post_id": f"{page}_selftest",
        "parent_id": f"{page}_selftest",
        "from": {"id": f"{page}-customer", "name": "Nightdesk self-test"},
        "message": WORDS,
        "created_time": seconds,
    }
    entry = {"id": page, "time": seconds, "changes": [{"field": "feed", "value": value}]}
    return json.dumps({"object": "page", "entry": [entry]}).encode()
