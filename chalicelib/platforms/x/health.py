"""What our access to X needs: a token that is renewed, a webhook X calls valid, a subscription for each event we read.

Source: docs.x.com/x-api/webhooks/introduction and docs.x.com/x-api/activity/introduction. Webhooks and subscriptions belong to the app:
its bearer token asks for them. One wrong answer to X's challenge makes a webhook invalid, silently.
"""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.errors import NightdeskError
from chalicelib.platforms.examining import Access, attempted
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.payload import as_id, as_items, dig
from chalicelib.platforms.x.reading import fault_of
from chalicelib.platforms.x.renewing import renewed
from chalicelib.services.sweep_port import Checkup

API = "x"
SCOPES = ("tweet.read", "tweet.write", "users.read", "dm.read", "dm.write", "offline.access")
"""What the brand's account must allow; X tells nobody afterwards what it allowed."""

SUBSCRIBED = (
    "post.mention.create",
    "post.reply.create",
    "post.quote.create",
    "post.create",
    "post.delete",
    "dm.received",
    "dm.sent",
    "chat.received",
    "chat.sent",
    "oauth.revoke",
)
"""The events an account's webhook is to be told of."""


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
    listed = as_items(dig(access.asked(Call("GET", API, "2/webhooks", publishes=False), bearer), "data"))
    ours = next((hook for hook in listed if _is_ours(dig(hook, "url"), access)), None)
    if ours is None:
        return _registered(access, bearer)
    webhook = as_id(dig(ours, "id")) or ""
    found = Checkup() if dig(ours, "valid") is True else _validated(access, bearer, webhook)
    return found + _subscriptions(access, bearer, webhook)


def _is_ours(url: object, access: Access) -> bool:
    """Tell our address: the whole of it where we know it, else its end."""
    if not isinstance(url, str):
        return False
    return url == access.address if access.address else url.endswith(f"/hooks/x/{access.app}")


def _registered(access: Access, bearer: str) -> Checkup:
    if access.address is None:
        return Checkup(troubles=("X knows no webhook of ours: register it (POST /2/webhooks)",))
    call = Call("POST", API, "2/webhooks", json={"url": access.address}, publishes=False)
    failed = "X knows no webhook of ours, and registering failed"
    done = attempted(access, call, "registered the webhook", failed, bearer)
    return done if done.troubles else done + _webhook_again(access, bearer)


def _webhook_again(access: Access, bearer: str) -> Checkup:
    """Subscribe what was registered just now; where X does not show it yet, the next check does."""
    listed = as_items(dig(access.asked(Call("GET", API, "2/webhooks", publishes=False), bearer), "data"))
    ours = next((hook for hook in listed if _is_ours(dig(hook, "url"), access)), None)
    return _subscriptions(access, bearer, as_id(dig(ours, "id")) or "") if ours else Checkup()


def _validated(access: Access, bearer: str, webhook: str) -> Checkup:
    """Have X ask its challenge again, which makes a webhook valid at once if it is answered."""
    call = Call("PUT", API, f"2/webhooks/{webhook}", publishes=False)
    failed = "X calls the webhook invalid and tells it nothing, and asking for its challenge failed"
    return attempted(access, call, "had X validate the webhook anew", failed, bearer)


def _subscriptions(access: Access, bearer: str, webhook: str) -> Checkup:
    body = access.asked(Call("GET", API, "2/activity/subscriptions", publishes=False), bearer)
    found = Checkup()
    for event in _unsubscribed(body, access.account, webhook):
        wanted = {
            "event_type": event,
            "filter": {"user_id": access.account},
            "webhook_id": webhook,
            "tag": "nightdesk",
        }
        call = Call("POST", API, "2/activity/subscriptions", json=wanted, publishes=False)
        failed = f"the webhook is not told of {event}, and subscribing failed"
        found += attempted(access, call, f"subscribed the webhook to {event}", failed, bearer)
    return found


def _unsubscribed(body: object, account: str, webhook: str) -> Iterator[str]:
    told = {
        dig(one, "event_type")
        for one in as_items(dig(body, "data"))
        if as_id(dig(one, "filter", "user_id")) == account
        and as_id(dig(one, "webhook_id")) in {webhook, None}
    }
    return (event for event in SUBSCRIBED if event not in told)


HEALTH = XHealth()
