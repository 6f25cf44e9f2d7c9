"""Answering on WhatsApp: free text within 24 hours of the customer's last message, an approved template after that.

Source: developers.facebook.com/documentation/business-messaging/whatsapp/messages/text-messages, messages/template-messages and
business-scoped-user-ids (``recipient`` for people whose number is hidden). A 200 is acceptance only: a ``status`` event
tells of late failures and carries our token back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.errors import NightdeskError
from chalicelib.platforms.answering import DAY, Limit, demand_open, named
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.meta import faults
from chalicelib.services.reply_faults import WindowClosed
from chalicelib.services.reply_port import Outgoing, Sent

MESSAGE = Limit(4_096)
API = "whatsapp"
VARIABLE = Limit(900)
"""A template's body has at most 1,024 characters, its own words included."""

_LATE = (
    "24 hours have passed since the customer's last message: WhatsApp takes only an approved template now. Name one with a"
    ' single variable under the account in the team file (template = "name/language"), or call the customer'
)


class WhatsAppDialect:
    """WhatsApp's outbound side; see ``Dialect``."""

    def limit(self, _outgoing: Outgoing) -> Limit:
        return MESSAGE

    def plan(self, outgoing: Outgoing, now: datetime) -> Call:
        said = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            **_to(outgoing.contact_id),
            **_content(outgoing, now),
            "biz_opaque_callback_data": outgoing.correlation,
        }
        return Call("POST", API, f"{outgoing.account}/messages", json=said)

    def fault(self, answered: Answered, call: Call, _outgoing: Outgoing) -> NightdeskError | None:
        return faults.fault(answered, call, "WhatsApp")

    def read(self, answered: Answered, _call: Call, _outgoing: Outgoing) -> Sent | Call:
        return named(answered, "messages", 0, "id")

    def search(self, _outgoing: Outgoing) -> Call | None:
        """WhatsApp shows no history: only a status event tells."""

    def found(self, _answered: Answered, _outgoing: Outgoing, _since: datetime) -> Sent | None:
        """Nothing can be found where nothing can be searched."""


def _content(outgoing: Outgoing, now: datetime) -> Mapping[str, Any]:
    """Return the words as they are, or in the account's template when that is what is left. Raises: WindowClosed."""
    try:
        demand_open(outgoing.last_inbound_at, now, DAY, _LATE)
    except WindowClosed:
        if outgoing.template is None or not outgoing.by_person:
            raise
        return _in_template(outgoing.text, outgoing.template)
    return {
        "type": "text",
        "text": {"body": outgoing.text, "preview_url": False},
        "context": {"message_id": outgoing.to_post_id},
    }


def _in_template(text: str, template: str) -> Mapping[str, Any]:
    """Put the words where a template has its variable, which takes no line breaks. Raises: Permanent when too long."""
    VARIABLE.demand(text, "a template")
    name, _, language = template.partition("/")
    words = {"type": "text", "text": " ".join(text.split())}
    body = {"type": "body", "parameters": [words]}
    return {
        "type": "template",
        "template": {"name": name, "language": {"code": language}, "components": [body]},
    }


def _to(contact: str) -> dict[str, str]:
    """Address a phone number, or a business-scoped id (``ES.908…``)."""
    return {"recipient": contact} if "." in contact else {"to": contact}


DIALECT = WhatsAppDialect()
