"""Instagram as the contract suite sees it."""

from __future__ import annotations

import json

from tests.platforms.meta_twin import MetaTwin

ACCOUNT = "17841400000000001"


class InstagramTwin(MetaTwin):
    """A profile whose comments and messages come together."""

    name = "instagram"
    account = ACCOUNT

    def unknown(self) -> bytes:
        entry = {"id": ACCOUNT, "time": 1, "field": "smell", "value": {"a": 1}}
        return json.dumps({"object": "instagram", "entry": [entry]}).encode()

    def many(self, count: int) -> bytes:
        messages = [
            {
                "sender": {"id": f"66{i}"},
                "recipient": {"id": ACCOUNT},
                "timestamp": 1797264000000 + i,
                "message": {"mid": f"aWdf{i}", "text": "hi"},
            }
            for i in range(count)
        ]
        entry = {"id": ACCOUNT, "time": 1797264001000, "messaging": messages}
        return json.dumps({"object": "instagram", "entry": [entry]}).encode()


TWIN = InstagramTwin()
