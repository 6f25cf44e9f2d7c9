"""Renews an account's X token. It lives two hours; the refresh token beside it works once, and brings its own successor.

Source: docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code. Two that refresh at once would lose the account, so
only the check does, under its lease. That the new pair can be kept is proven before the old one is spent, and it is kept,
as one secret, before anything uses it. What is left is a process that dies in between: then X refuses the spent
token at the next check, and a person hears of it while the last access token still works.
"""

from __future__ import annotations

import base64
from datetime import timedelta

from chalicelib.errors import NightdeskError, Permanent, Transient
from chalicelib.platforms.examining import Access
from chalicelib.platforms.http import Call
from chalicelib.platforms.payload import as_name, as_text, dig
from chalicelib.platforms.tokens import Kept
from chalicelib.services.reply_faults import TokenDead
from chalicelib.services.sweep_port import Checkup

API = "x"
EARLY = timedelta(minutes=45)
"""A token with less life than this is renewed: time for a few tries, and for caches of the old one to run out."""

LATER = timedelta(minutes=5)
_MOST = 366 * 86_400


def renewed(access: Access) -> Checkup:
    """Renew the token if it ends soon, and say when to come back. Raises: TokenDead, Transient."""
    kept = access.kept
    if kept.refresh is None:
        return Checkup(
            troubles=(
                "there is no refresh token beside the access token, which lives two hours: connect it again",
            )
        )
    if kept.expires_at is not None and kept.expires_at - access.now > EARLY:
        return Checkup(again_at=kept.expires_at - EARLY)
    client = access.secret("client_id")
    if client is None:
        return Checkup(troubles=(f"the token cannot be renewed: store apps/x/{access.app}/client_id",))
    access.keep(kept)
    fresh = _read(_asked(access, client, kept.refresh), kept, access)
    access.keep(fresh)
    ends = fresh.expires_at or access.now
    return Checkup(mended=("renewed the token",), again_at=max(ends - EARLY, access.now + LATER))


def _asked(access: Access, client: str, refresh: str) -> object:
    """Spend the refresh token. Raises: TokenDead when X takes it no more, Transient."""
    form = {"grant_type": "refresh_token", "refresh_token": refresh, "client_id": client}
    secret = access.secret("client_secret")
    proof = base64.b64encode(f"{client}:{secret}".encode()).decode() if secret else ""
    call = Call("POST", API, "2/oauth2/token", publishes=False, form=form, scheme="Basic")
    try:
        return access.asked(call, proof)
    except Transient:
        raise
    except NightdeskError as fault:
        raise TokenDead(f"X takes the refresh token no more ({fault}): connect the account again") from fault


def _read(body: object, old: Kept, access: Access) -> Kept:
    token, refresh = as_text(dig(body, "access_token")), as_text(dig(body, "refresh_token"))
    seconds = dig(body, "expires_in")
    if token is None or as_name(dig(body, "token_type")) is None:
        raise Permanent("X answered without a new token: connect the account again", runbook="dead-token")
    if not isinstance(seconds, int) or not 0 < seconds <= _MOST:
        seconds = 7_200
    return Kept(token, refresh or old.refresh, access.now + timedelta(seconds=seconds))
