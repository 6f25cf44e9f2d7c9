"""Subscribes an account's webhook to the events we read.

Source: docs.x.com/x-api/activity/introduction, "Event privacy and authentication": what anybody may see the app subscribes to; what is
private only the account's own token can. An account may keep its messages to itself, so a refusal there is no trouble.
"""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.platforms.examining import Access, attempted
from chalicelib.platforms.http import Call
from chalicelib.platforms.payload import as_id, as_items, dig
from chalicelib.services.sweep_port import Checkup

API = "x"
PUBLIC = (
    "post.mention.create",
    "post.reply.create",
    "post.quote.create",
    "post.create",
    "post.delete",
    "oauth.revoke",
)
PRIVATE = ("dm.received", "dm.sent", "chat.received", "chat.sent")
SUBSCRIBED = (*PUBLIC, *PRIVATE)
"""The events an account's webhook is to be told of."""

_PATH = "2/activity/subscriptions"
_PAGES = 20


def subscriptions(access: Access, bearer: str, webhook: str) -> Checkup:
    """Compare what the webhook is told of, and subscribe to the rest. Raises: Transient, TokenDead."""
    told = set(_told(access, bearer, webhook))
    found = Checkup()
    for event in PUBLIC:
        if event not in told:
            found += _subscribed(access, event, webhook, bearer)
    for event in PRIVATE:
        if event not in told:
            done = _subscribed(access, event, webhook, None)
            found += Checkup(mended=done.mended, notes=done.troubles)
    return found


def _told(access: Access, bearer: str, webhook: str) -> Iterator[str]:
    """Yield the events of this account that go to this webhook, page after page."""
    asked: dict[str, str] = {}
    for _ in range(_PAGES):
        body = access.asked(Call("GET", API, _PATH, asked, publishes=False), bearer)
        for one in as_items(dig(body, "data")):
            ours = as_id(dig(one, "filter", "user_id")) == access.account
            if ours and as_id(dig(one, "webhook_id")) == webhook:
                yield as_id(dig(one, "event_type")) or ""
        following = as_id(dig(body, "meta", "next_token"))
        if following is None:
            return
        asked = {"pagination_token": following}


def _subscribed(access: Access, event: str, webhook: str, token: str | None) -> Checkup:
    """Subscribe to one event, with the app's token or, given none, the account's."""
    wanted = {
        "event_type": event,
        "filter": {"user_id": access.account},
        "webhook_id": webhook,
        "tag": "nightdesk",
    }
    call = Call("POST", API, _PATH, json=wanted, publishes=False)
    failed = f"the webhook is not told of {event}, and subscribing failed"
    return attempted(access, call, f"subscribed the webhook to {event}", failed, token)
