"""Direct messages and private replies by Meta's Send API, which Messenger and Instagram share.

Source: developers.facebook.com/docs/messenger-platform/reference/send-api, docs/messenger-platform/policy (24-hour
window, HUMAN_AGENT up to 7 days for what a person wrote) and docs/messenger-platform/discovery/private-replies.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.posts import PRIVATE_KINDS
from chalicelib.platforms.answering import DAY, WEEK, demand_open, named
from chalicelib.platforms.http import Answered, Call
from chalicelib.services.reply_faults import WindowClosed
from chalicelib.services.reply_port import Outgoing, Sent

_LATE = "a direct message is possible for 7 days after the person's last one: answer in public or another way"
_BOT = "24 hours after the person's last message only a person may answer, no automation"
_COMMENT = "a private reply is possible for 7 days after the comment: answer in public"


def is_private_reply(outgoing: Outgoing) -> bool:
    """Say whether this answers a public post by direct message."""
    return outgoing.private and outgoing.kind is not None and outgoing.kind not in PRIVATE_KINDS


def plan_message(outgoing: Outgoing, now: datetime, api: str, message: Mapping[str, Any]) -> Call:
    """Plan a direct message within its window. Raises: WindowClosed."""
    if is_private_reply(outgoing):
        demand_open(outgoing.asked_at, now, WEEK, _COMMENT)
        how: Mapping[str, Any] = {"recipient": {"comment_id": outgoing.to_post_id}}
    else:
        how = {"recipient": {"id": outgoing.contact_id}, **_kind(outgoing, now)}
    return Call("POST", api, f"{outgoing.account}/messages", json={**how, "message": dict(message)})


def read_message(answered: Answered) -> Sent:
    """Return the message's id. Raises: OutcomeUnknown if it was taken without being named."""
    return named(answered, "message_id")


def _kind(outgoing: Outgoing, now: datetime) -> Mapping[str, str]:
    last = outgoing.last_inbound_at
    if last is None or now - last <= DAY:
        return {"messaging_type": "RESPONSE"}
    demand_open(last, now, WEEK, _LATE)
    if not outgoing.by_person:
        raise WindowClosed(_BOT, closed_at=last + DAY)
    return {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
