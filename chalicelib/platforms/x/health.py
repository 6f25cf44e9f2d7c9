"""What our access to X needs: a token that is renewed, a webhook X calls valid, a subscription for each event we read.

Source: docs.x.com/x-api/webhooks/introduction and docs.x.com/x-api/activity/introduction. The webhook belongs to the app: its bearer
token asks for it. One wrong answer to X's challenge makes it invalid, silently. Subscribing is ``x.subscribing``'s.
"""

from __future__ import annotations

from datetime import timedelta

from chalicelib.errors import NightdeskError, Transient
from chalicelib.platforms.examining import Access, attempted
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.payload import as_id, as_items, as_map, dig
from chalicelib.platforms.x.reading import fault_of
from chalicelib.platforms.x.renewing import renewed
from chalicelib.platforms.x.subscribing import SUBSCRIBED, subscriptions
from chalicelib.services.reply_faults import TokenDead
from chalicelib.services.sweep_port import Checkup

__all__ = ["HEALTH", "SCOPES", "SUBSCRIBED"]

API = "x"
SCOPES = ("tweet.read", "tweet.write", "users.read", "dm.read", "dm.write", "offline.access")
"""What the brand's account must allow; X tells nobody afterwards what it allowed."""

REPLAYED = timedelta(hours=23)
"""How far back X tells again what an invalid webhook was not told: a day at most."""


class XHealth:
    """An account's check; see ``Examination``."""

    def check(self, access: Access) -> Checkup:
        found = renewed(access)
        bearer = access.secret("bearer_token")
        if bearer is None:
            return found + Checkup(
                notes=(f"webhook and subscriptions are not checked: store apps/x/{access.app}/bearer_token",)
            )
        return found + _webhook(access, bearer)

    def fault(self, answered: Answered, call: Call) -> NightdeskError | None:
        return fault_of(answered, call)


def _webhook(access: Access, bearer: str) -> Checkup:
    """Look at our webhook, registering or validating it where X has none or calls it invalid."""
    ours, found = _ours(access, bearer), Checkup()
    if ours is None:
        found = _registered(access, bearer)
        ours = None if found.troubles else _ours(access, bearer)
    elif dig(ours, "valid") is not True:
        found = _validated(access, bearer, as_id(dig(ours, "id")) or "")
    webhook = as_id(dig(ours, "id"))
    return found + subscriptions(access, bearer, webhook) if webhook else found


def _ours(access: Access, bearer: str) -> object | None:
    """Return our webhook as X lists it: by the whole address where we know it, else by its end."""
    body = access.asked(Call("GET", API, "2/webhooks", publishes=False), bearer)
    listed = {str(dig(hook, "url")): hook for hook in map(as_map, as_items(dig(body, "data")))}
    if access.address:
        return listed.get(access.address)
    return next((hook for url, hook in listed.items() if url.endswith(f"/hooks/x/{access.app}")), None)


def _registered(access: Access, bearer: str) -> Checkup:
    if access.address is None:
        return Checkup(troubles=("X knows no webhook of ours: register it (POST /2/webhooks)",))
    call = Call("POST", API, "2/webhooks", json={"url": access.address}, publishes=False)
    failed = "X knows no webhook of ours, and registering failed"
    return attempted(access, call, "registered the webhook", failed, bearer)


def _validated(access: Access, bearer: str, webhook: str) -> Checkup:
    """Have X ask its challenge again, which makes a webhook valid at once if it is answered."""
    words = "X calls the webhook invalid and tells it nothing"
    try:
        body = access.asked(Call("PUT", API, f"2/webhooks/{webhook}", publishes=False), bearer)
    except (Transient, TokenDead):
        raise
    except NightdeskError as fault:
        return Checkup(troubles=(f"{words}, and asking for its challenge failed: {fault}",))
    if dig(body, "data", "valid") is False:
        return Checkup(troubles=(f"{words}: its answer to the challenge was wrong",))
    return Checkup(mended=("had X validate the webhook anew",)) + _replayed(access, bearer, webhook)


def _replayed(access: Access, bearer: str, webhook: str) -> Checkup:
    """Have X tell again what it kept to itself: direct messages are in no sweep. What was told stays told once."""
    window = {
        "from_date": f"{access.now - REPLAYED:%Y%m%d%H%M}",
        "to_date": f"{access.now - timedelta(minutes=1):%Y%m%d%H%M}",
    }
    call = Call("POST", API, "2/webhooks/replay", json={"webhook_id": webhook, **window}, publishes=False)
    done = attempted(
        access, call, "had X tell the last day again", "X did not tell the last day again", bearer
    )
    return Checkup(mended=done.mended, notes=done.troubles)


HEALTH = XHealth()
