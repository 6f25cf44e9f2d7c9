"""What AWS End User Messaging publishes to our topic: texts people sent, and what became of ours.

It proves nothing: the topic's policy lets nobody else publish, and the queue's nobody but the topic write.
Sources: https://docs.aws.amazon.com/sms-voice/latest/userguide/two-way-sms-payload.html,
https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-format.html.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.errors import NotFound
from chalicelib.notifiers.sms import about
from chalicelib.notifiers.sms.about import ABOUT
from chalicelib.services.ports import Receipt, Text

ARRIVED = frozenset({"TEXT_DELIVERED", "TEXT_SUCCESSFUL"})
"""Which of the two a country's carriers report differs; AWS uses them alike."""

LOST = frozenset(
    {
        "TEXT_BLOCKED",
        "TEXT_CARRIER_BLOCKED",
        "TEXT_CARRIER_UNREACHABLE",
        "TEXT_INVALID",
        "TEXT_INVALID_MESSAGE",
        "TEXT_PROTECT_BLOCKED",
        "TEXT_SPAM",
        "TEXT_TTL_EXPIRED",
        "TEXT_UNREACHABLE",
    }
)
OPT_OUT = frozenset(
    {"ARRET", "CANCEL", "END", "OPT-OUT", "OPTOUT", "QUIT", "REMOVE", "STOP", "TD", "UNSUBSCRIBE"}
)
"""The words by which AWS takes a phone off, and so do we.

Source: https://docs.aws.amazon.com/sms-voice/latest/userguide/keywords-required.html.
"""


def read(body: str) -> Text | Receipt | None:
    """Return what a body of the topic tells; None when it is not one of AWS's. Raises: NotFound: nothing of use."""
    told = _told(body)
    if "inboundMessageId" in told:
        return _text(told)
    if str(told.get("eventType", "")).startswith("TEXT_"):
        return _receipt(told)
    return None


def _told(body: str) -> Mapping[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _text(told: Mapping[str, Any]) -> Text:
    said = str(told.get("messageBody", ""))
    return Text(
        id=str(told["inboundMessageId"]),
        phone=str(told.get("originationNumber", "")),
        text="STOP" if said.strip().upper() in OPT_OUT else said,
    )


def _receipt(told: Mapping[str, Any]) -> Receipt:
    kind, key = str(told["eventType"]), about.read(str((told.get("context") or {}).get(ABOUT, "")))
    if not key or kind not in ARRIVED | LOST:
        raise NotFound(f"a {kind} about a text of somebody else's, or not yet final")
    return Receipt(key=key, fault=None if kind in ARRIVED else f"End User Messaging says {kind}")
