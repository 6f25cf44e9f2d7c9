"""Facebook as the contract suite sees it."""

from __future__ import annotations

import json

from tests.platforms.meta_twin import MetaTwin

PAGE = "700100200300400"


class FacebookTwin(MetaTwin):
    """A Page with a busy comment section."""

    name = "facebook"
    account = PAGE

    def unknown(self) -> bytes:
        change = {"field": "hologram", "value": {"a": 1}}
        return json.dumps(
            {"object": "page", "entry": [{"id": PAGE, "time": 1, "changes": [change]}]}
        ).encode()

    def many(self, count: int) -> bytes:
        values = [
            {
                "item": "comment",
                "verb": "add",
                "comment_id": f"9_{i}",
                "post_id": "7_9",
                "parent_id": "7_9",
                "created_time": 1797264000,
                "from": {"id": str(i)},
                "message": "hello {there}",
            }
            for i in range(count)
        ]
        changes = [{"field": "feed", "value": value} for value in values]
        halves = (changes[: count // 2], changes[count // 2 :])
        entries = [{"id": PAGE, "time": 1797264001, "changes": half} for half in halves if half]
        return json.dumps({"object": "page", "entry": entries}).encode()


TWIN = FacebookTwin()
