"""WhatsApp events in our words: the tables, and which reader a change goes to.

Source: developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.posts import Ignored, Reading
from chalicelib.platforms.base import Own, Update
from chalicelib.platforms.payload import as_id, as_instant, as_items, as_map, dig
from chalicelib.platforms.reading import Event, Handled, read_event, unreadable
from chalicelib.platforms.whatsapp.messages import (
    read_edit,
    read_message,
    read_reaction,
    read_revoke,
    read_status,
)

_DOCS = "https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/"
_PLAIN = (
    "text",
    "image",
    "video",
    "audio",
    "document",
    "sticker",
    "location",
    "contacts",
    "interactive",
    "button",
    "order",
    "unsupported",
)

EVENTS: Mapping[str, Handled] = {
    **{word: Handled(read_message, f"{_DOCS}messages/{word}") for word in _PLAIN},
    "reaction": Handled(read_reaction, _DOCS + "messages/reaction"),
    "edit": Handled(read_edit, _DOCS + "messages/edit"),
    "revoke": Handled(read_revoke, _DOCS + "messages/revoke"),
    "status": Handled(read_status, _DOCS + "messages/status"),
}

IGNORED: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "account_alerts",
            "account_review_update",
            "account_update",
            "business_capability_update",
            "business_status_update",
            "partner_solutions",
            "payment_configuration_update",
            "phone_number_name_update",
            "phone_number_quality_update",
            "account_settings_update",
            "business_username_update",
            "security",
        ),
        "state of the business account or its number: see WhatsApp Manager",
    ),
    **dict.fromkeys(
        (
            "message_template_components_update",
            "message_template_quality_update",
            "message_template_status_update",
            "template_category_update",
            "template_correct_category_detection",
        ),
        "state of a template",
    ),
    **dict.fromkeys(
        (
            "group_lifecycle_update",
            "group_participants_update",
            "group_settings_update",
            "group_status_update",
        ),
        "state of a group",
    ),
    "automatic_events": "what WhatsApp itself made of a conversation",
    "tracking_events": "clicks on advertisements",
    "messaging_handovers": "another app hands the thread over or takes it",
    "calls": "a call: answered on the phone, not here",
    "flows": "state of a Flow",
    "history": "messages from before the number was connected",
    "smb_app_state_sync": "the Business app's own address book",
    "user_preferences": "a person's choice about marketing messages",
    "errors": "an error of the account as a whole",
    "system": "a person changed their number, or security news",
    "request_welcome": "a person opened the chat without a word yet",
}

WORDS = frozenset({*EVENTS, *IGNORED, "smb_message_echoes"})
"""Every event read or knowingly left alone; the docs page lists them."""


def read(update: Update, own: Own, received_at: datetime) -> Reading:
    """Read the one event of an update."""
    change = as_map(dig(update.payload, "entry", 0, "changes", 0))
    field, value = as_id(change.get("field")), as_map(change.get("value"))
    if update.about_nobody:
        why = IGNORED.get(field or "", "App Dashboard test event: it is about nobody")
        return Reading(ignored=(Ignored(update.path, why),))
    if update.account_id is None:
        return unreadable(update.path, f"no phone number id in {str(field)[:80]!r}")
    event = Event(
        platform="whatsapp",
        account=update.account_id,
        path=update.path,
        body=value,
        own=own,
        received_at=received_at,
        sent_at=as_instant(dig(update.payload, "entry", 0, "time")),
    )
    return read_event(event, _word(value) or field, EVENTS, IGNORED)


def _word(value: Mapping[str, object]) -> str | None:
    """Name an event; a message of a type nobody has heard of is still a customer writing to us."""
    if as_items(value.get("statuses")):
        return "status"
    for key in ("messages", "message_echoes"):
        if as_items(value.get(key)):
            word = as_id(dig(value, key, 0, "type"))
            return word if word in EVENTS or word in IGNORED else "unsupported"
    return "errors" if as_items(value.get("errors")) else None
