"""What checking our access to Meta's platforms has in common: the token, and the webhook's subscriptions.

Source: developers.facebook.com/docs/graph-api/reference/debug_token and docs/graph-api/reference/page/subscribed_apps. Meta
unsubscribes an app that failed for an hour, without a word: the list is compared every night. Other apps of the brand
are listed beside ours; what they are told of is no help to us.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from chalicelib.errors import NightdeskError
from chalicelib.platforms.examining import Access, attempted
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.meta import faults
from chalicelib.platforms.payload import as_id, as_instant, as_items, as_name, dig
from chalicelib.services.reply_faults import TokenDead
from chalicelib.services.sweep_port import Checkup


class MetaHealth:
    """A page's or profile's check: ``scopes`` a token needs, ``fields`` its webhook is to be told of."""

    def __init__(self, api: str, name: str, *, scopes: Collection[str], fields: Sequence[str]) -> None:
        self.api = api
        self.name = name
        self.scopes = frozenset(scopes)
        self.fields = tuple(fields)

    def check(self, access: Access) -> Checkup:
        found, app_id = token_of(access, self.api, self.scopes)
        return found + subscribed(access, self.api, access.account, app_id, self.fields)

    def fault(self, answered: Answered, call: Call) -> NightdeskError | None:
        return faults.fault(answered, call, self.name)


def token_of(access: Access, api: str, scopes: Collection[str]) -> tuple[Checkup, str | None]:
    """Return the token's life and what it lacks, and the id of the app it was made for. Raises: TokenDead."""
    asked = Call("GET", api, "debug_token", {"input_token": access.kept.token}, publishes=False)
    body = access.asked(asked)
    if dig(body, "data", "is_valid") is False:
        said = as_name(dig(body, "data", "error", "message")) or "it is no longer valid"
        raise TokenDead(f"the access token is dead: {said}: connect the account again")
    ends = (as_instant(dig(body, "data", name)) for name in ("expires_at", "data_access_expires_at"))
    granted = {str(scope) for scope in as_items(dig(body, "data", "scopes"))}
    lacking = sorted(set(scopes) - granted) if granted else []
    troubles = (f"the token lacks the permissions {', '.join(lacking)}",) if lacking else ()
    return Checkup(min((end for end in ends if end), default=None), troubles), as_id(
        dig(body, "data", "app_id")
    )


def subscribed(access: Access, api: str, owner: str, app_id: str | None, fields: Sequence[str]) -> Checkup:
    """Compare what our app is told of, and subscribe anew, keeping what it is told of besides. Raises: Transient."""
    listed = as_items(
        dig(access.asked(Call("GET", api, f"{owner}/subscribed_apps", publishes=False)), "data")
    )
    told = _told(listed, app_id)
    missing = [field for field in fields if field not in told]
    if not missing:
        return Checkup()
    asked = {"subscribed_fields": ",".join(dict.fromkeys((*fields, *told)))}
    named = ", ".join(missing)
    return attempted(
        access,
        Call("POST", api, f"{owner}/subscribed_apps", asked, publishes=False),
        f"subscribed the webhook anew to {named}",
        f"the webhook is not told of {named}, and subscribing failed",
    )


def _told(listed: Sequence[object], app_id: str | None) -> list[str]:
    """Return our app's fields; where nobody says which app is ours, only a list of one can be told."""
    ours = [app for app in listed if app_id is not None and as_id(dig(app, "id")) == app_id]
    if app_id is None and len(listed) == 1:
        ours = list(listed)
    return [str(field) for app in ours for field in as_items(dig(app, "subscribed_fields"))]
