"""The older API lists people beside its events: they go with the message they wrote, and with no other."""

from __future__ import annotations

import json

from chalicelib.platforms.x import envelope


def message(number: int) -> dict[str, object]:
    created = {"sender_id": f"2{number}", "target": {"recipient_id": "1500"}, "message_data": {"text": "hi"}}
    return {"type": "message_create", "id": str(number), "message_create": created}


def body(count: int) -> bytes:
    users = {f"2{i}": {"name": f"Maya {i}", "description": "x" * 500} for i in range(count)}
    events = [message(i) for i in range(count)]
    return json.dumps({"for_user_id": "1500", "direct_message_events": events, "users": users}).encode()


def test_each_message_takes_its_own_people_along() -> None:
    updates = envelope.updates(body(3))
    assert [list(update.payload["users"]) for update in updates] == [["20"], ["21"], ["22"]]


def test_a_large_delivery_is_not_blown_up_by_its_people() -> None:
    whole = body(500)
    chunks = envelope.split(whole, at_most=50, max_bytes=512 * 1024)
    assert len(chunks) == 10
    assert sum(map(len, chunks)) < 1.1 * len(whole)
    assert len(json.loads(chunks[0])["users"]) == 50
