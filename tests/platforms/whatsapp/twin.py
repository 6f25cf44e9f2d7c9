"""WhatsApp as the contract suite sees it."""

from __future__ import annotations

import json

from tests.platforms.meta_twin import MetaTwin

NUMBER = "600700800900"


class WhatsAppTwin(MetaTwin):
    """A business number on a busy day."""

    name = "whatsapp"
    account = NUMBER

    def unknown(self) -> bytes:
        return body([{"field": "hologram", "value": {"a": 1}}])

    def many(self, count: int) -> bytes:
        messages = [
            {
                "from": f"346{i:08}",
                "id": f"wamid.{i}",
                "timestamp": "1797264000",
                "type": "text",
                "text": {"body": "hello"},
            }
            for i in range(count)
        ]
        contacts = [{"wa_id": message["from"], "profile": {"name": "Maya"}} for message in messages]
        meta = {"display_phone_number": "34911000000", "phone_number_id": NUMBER}
        value = {"metadata": meta, "contacts": contacts, "messages": messages}
        return body([{"field": "messages", "value": value}])


def body(changes: list[dict[str, object]]) -> bytes:
    """Return a delivery of these changes."""
    entry = {"id": "5005", "changes": changes}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


TWIN = WhatsAppTwin()
