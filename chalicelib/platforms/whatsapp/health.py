"""What our access to a WhatsApp number needs: permissions, a number in good standing, a webhook that is told.

Source: developers.facebook.com/documentation/business-messaging/whatsapp/support/health-status, whatsapp/messaging-limits (quality),
reference whatsapp-business-account/subscribed_apps and templates/template-management. The business account is found by the
number: nobody need configure it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from chalicelib.errors import NightdeskError, Permanent, Transient
from chalicelib.platforms.examining import Access, attempted
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.meta import faults
from chalicelib.platforms.meta.health import token_of
from chalicelib.platforms.payload import as_id, as_items, as_name, dig
from chalicelib.services.reply_faults import TokenDead
from chalicelib.services.sweep_port import Checkup

API = "whatsapp"
SCOPES = ("whatsapp_business_messaging", "whatsapp_business_management")
_NUMBER = "verified_name,quality_rating,health_status"
_TEMPLATES = {"fields": "name,language,status", "limit": "250"}
_SHOWN = 20


class WhatsAppHealth:
    """A number's check; see ``Examination``."""

    def check(self, access: Access) -> Checkup:
        found, app_id = token_of(access, API, SCOPES)
        number = access.asked(Call("GET", API, access.account, {"fields": _NUMBER}, publishes=False))
        found += Checkup(troubles=tuple(_troubles(number)), notes=tuple(_notes(number)))
        waba = _waba(number)
        if waba is None:
            return found + Checkup(notes=("the business account is not told, so its webhook is not checked",))
        return found + _subscribed(access, waba, app_id) + _templates(access, waba)

    def fault(self, answered: Answered, call: Call) -> NightdeskError | None:
        return faults.fault(answered, call, "WhatsApp")


def _troubles(number: object) -> Iterator[str]:
    """Tell what keeps messages from going out, in Meta's own words where it gives any."""
    if as_name(dig(number, "quality_rating")) == "RED":
        yield "the number's quality is RED: people block or report it, and WhatsApp may limit it"
    for entity in as_items(dig(number, "health_status", "entities")):
        if dig(entity, "can_send_message") == "BLOCKED":
            said = as_name(dig(entity, "errors", 0, "error_description")) or "see WhatsApp Manager"
            yield f"messages are blocked by {_what(entity)}: {said}"


def _notes(number: object) -> Iterator[str]:
    yield f"quality {as_name(dig(number, 'quality_rating')) or 'unknown'}"
    for entity in as_items(dig(number, "health_status", "entities")):
        if dig(entity, "can_send_message") == "LIMITED":
            said = as_name(dig(entity, "additional_info", 0)) or "see WhatsApp Manager"
            yield f"messages are limited by {_what(entity)}: {said}"


def _what(entity: object) -> str:
    words = {"PHONE_NUMBER": "the number", "WABA": "the business account", "BUSINESS": "the business"}
    kind = as_name(dig(entity, "entity_type")) or "WhatsApp"
    return words.get(kind, kind.replace("_", " ").lower())


def _waba(number: object) -> str | None:
    entities = as_items(dig(number, "health_status", "entities"))
    return next((as_id(dig(one, "id")) for one in entities if dig(one, "entity_type") == "WABA"), None)


def _subscribed(access: Access, waba: str, app_id: str | None) -> Checkup:
    """Look whether our app is told of the account's events, and subscribe it if not."""
    call = Call("GET", API, f"{waba}/subscribed_apps", publishes=False)
    apps = [as_id(dig(app, "whatsapp_business_api_data", "id")) for app in _listed(access, call)]
    if app_id in apps or (app_id is None and len(apps) == 1):
        return Checkup()
    return attempted(
        access,
        Call("POST", API, f"{waba}/subscribed_apps", publishes=False),
        "subscribed the webhook anew",
        "the webhook is not told of messages, and subscribing failed",
    )


def _templates(access: Access, waba: str) -> Checkup:
    """List the templates, which alone may go out a day after the customer's last message."""
    try:
        found = _listed(access, Call("GET", API, f"{waba}/message_templates", _TEMPLATES, publishes=False))
    except (Transient, TokenDead):
        raise
    except Permanent as fault:
        return Checkup(notes=(f"templates cannot be listed: {fault}",))
    states = Counter(str(as_name(dig(one, "status")) or "unknown").lower() for one in found)
    good = [_named(one) for one in found if dig(one, "status") == "APPROVED"][:_SHOWN]
    words = ", ".join(f"{count} {state}" for state, count in sorted(states.items())) or "none"
    return Checkup(notes=(f"templates: {words}{': ' if good else ''}{', '.join(good)}",))


def _named(template: object) -> str:
    return f"{as_name(dig(template, 'name'))}/{as_name(dig(template, 'language'))}"


def _listed(access: Access, call: Call) -> list[object]:
    return as_items(dig(access.asked(call), "data"))


HEALTH = WhatsAppHealth()
