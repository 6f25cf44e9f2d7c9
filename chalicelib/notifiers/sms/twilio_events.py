"""What Twilio tells us: texts people sent, and what became of ours. Reads genuine requests; proves nothing.

Sources: https://www.twilio.com/docs/messaging/guides/webhook-request (inbound),
https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl

from chalicelib.notifiers.sms import about, twilio_signature
from chalicelib.notifiers.sms.about import ABOUT
from chalicelib.services.platform_port import Delivery
from chalicelib.services.ports import Receipt, Secrets, Text
from chalicelib.services.rotation import accepted

TOKEN = "twilio/auth_token"  # noqa: S105  (its name)

FINAL = frozenset({"delivered", "undelivered", "failed"})
"""The states after which nothing more happens to a text; the others come in any order and change nothing."""

OPTED = {"STOP": "STOP", "START": "START"}
"""Twilio's own reading of a keyword, which may be a word of the account's in any language (Advanced Opt-Out)."""


class TwilioDoor:
    """Lets in what our Twilio account signed; while its token is rotated, by either (``services.rotation``)."""

    def __init__(self, *, address: str, secrets: Secrets) -> None:
        self._address = address
        self._secrets = secrets

    def admit(self, delivery: Delivery) -> Text | Receipt | None:
        """Return what a request tells; None where it tells nothing of use. Raises: Rejected, Misconfigured."""
        genuine = replace(delivery, url=called(self._address, delivery.query))
        known = accepted(self._secrets, TOKEN)
        twilio_signature.verify(genuine.url, genuine.headers, genuine.body, known)
        return read(genuine)


def called(address: str, query: Mapping[str, str]) -> str:
    """Return the address Twilio called: the one it was given, with the one parameter we ever add to it."""
    key = query.get(ABOUT)
    return address if key is None else f"{address}?{ABOUT}={key}"


def read(delivery: Delivery) -> Text | Receipt | None:
    """Return the text or the receipt in a genuine request."""
    form = dict(parse_qsl(delivery.body.decode("utf-8", "replace"), keep_blank_values=True))
    return _READERS["MessageStatus" in form](form, delivery.query.get(ABOUT, ""))


def _text(form: Mapping[str, str], _: str) -> Text | None:
    sid, phone = form.get("MessageSid"), form.get("From")
    if not sid or not phone:
        return None
    return Text(id=sid, phone=phone, text=OPTED.get(form.get("OptOutType", ""), form.get("Body", "")))


def _receipt(form: Mapping[str, str], given: str) -> Receipt | None:
    status, key = form.get("MessageStatus", ""), about.read(given)
    if status not in FINAL or not key:
        return None
    fault = (
        None if status == "delivered" else f"Twilio says {status}, error {form.get('ErrorCode') or 'unknown'}"
    )
    return Receipt(key=key, fault=fault)


_READERS: Mapping[bool, Callable[[Mapping[str, str], str], Text | Receipt | None]] = {
    False: _text,
    True: _receipt,
}
