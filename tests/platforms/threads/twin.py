"""Threads as the contract suite sees it."""

from __future__ import annotations

import json

from tests.platforms.meta_twin import MetaTwin

USER = "301"


class ThreadsTwin(MetaTwin):
    """A profile whose posts are answered."""

    name = "threads"
    account = USER

    def unknown(self) -> bytes:
        return body({"field": "hologram", "value": {"id": "1"}})

    def many(self, count: int) -> bytes:
        replies = [
            {
                "field": "replies",
                "value": {
                    "id": f"7{i}",
                    "username": f"maya{i}",
                    "text": "hi",
                    "timestamp": "2026-12-14T16:00:00+0000",
                    "root_post": {"id": "7000", "owner_id": USER},
                },
            }
            for i in range(count)
        ]
        return body(replies)


def body(values: object) -> bytes:
    """Return a delivery of these values."""
    return json.dumps({"app_id": "9", "target_id": USER, "time": 1797264000, "values": values}).encode()


TWIN = ThreadsTwin()
