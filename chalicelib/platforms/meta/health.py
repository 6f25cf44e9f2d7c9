"""Our access to Facebook's and Instagram's accounts.

Source: developers.facebook.com/docs/graph-api/reference/debug_token and docs/graph-api/reference/page/subscribed_apps. Meta
unsubscribes an app that failed for an hour, without a word: the list is compared every night.
"""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.errors import NightdeskError
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.meta import faults
from chalicelib.platforms.payload import as_instant, as_items, as_name, dig
from chalicelib.services.reply_faults import TokenDead
from chalicelib.services.sweep_port import Checkup


@dataclass(frozen=True, slots=True)
class MetaHealth:
    """What one of Meta's platforms needs: ``scopes`` of a token, ``fields`` of a webhook's subscription."""

    api: str
    name: str
    scopes: frozenset[str]
    fields: tuple[str, ...]

    def token(self, _account: str, token: str) -> Call:
        return Call("GET", self.api, "debug_token", {"input_token": token}, publishes=False)

    def read_token(self, body: object) -> Checkup:
        if dig(body, "data", "is_valid") is False:
            said = as_name(dig(body, "data", "error", "message")) or "it is no longer valid"
            raise TokenDead(f"the access token is dead: {said}: connect the account again")
        ends = (as_instant(dig(body, "data", name)) for name in ("expires_at", "data_access_expires_at"))
        granted = {str(scope) for scope in as_items(dig(body, "data", "scopes"))}
        lacking = sorted(self.scopes - granted) if granted else []
        troubles = (f"the token lacks the permissions {', '.join(lacking)}",) if lacking else ()
        return Checkup(min((end for end in ends if end), default=None), troubles)

    def subscriptions(self, account: str) -> Call:
        return Call("GET", self.api, f"{account}/subscribed_apps", publishes=False)

    def missing(self, body: object) -> tuple[str, ...]:
        apps = as_items(dig(body, "data"))
        told = {str(field) for app in apps for field in as_items(dig(app, "subscribed_fields"))}
        return tuple(field for field in self.fields if field not in told)

    def subscribe(self, account: str) -> Call:
        asked = {"subscribed_fields": ",".join(self.fields)}
        return Call("POST", self.api, f"{account}/subscribed_apps", asked, publishes=False)

    def fault(self, answered: Answered, call: Call) -> NightdeskError | None:
        return faults.fault(answered, call, self.name)
