"""Renews the long-lived tokens of Threads and Instagram Login: sixty days, and sixty more for the asking.

Source: developers.facebook.com/docs/threads/get-started/long-lived-tokens and docs/instagram-platform/reference/refresh_access_token.
A token must be a day old. The old one goes on working, so a renewal that is lost costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from chalicelib.errors import NightdeskError, Transient
from chalicelib.platforms.examining import Access
from chalicelib.platforms.http import Call
from chalicelib.platforms.payload import as_name, dig
from chalicelib.platforms.tokens import Kept
from chalicelib.services.reply_faults import TokenDead
from chalicelib.services.sweep_port import Checkup

EARLY = timedelta(days=30)
"""A token with less life than this is renewed: weeks of failing nights are left before it dies."""

_MOST = 10 * 366 * 86_400


def renewed(access: Access, api: str, asked: Mapping[str, str], ends: datetime | None) -> Checkup:
    """Renew a token that ends soon, or nobody knows when; keep it before it is used. Raises: Transient, TokenDead."""
    if ends is not None and ends - access.now > EARLY:
        return Checkup(ends)
    token = access.kept.token
    call = Call("GET", api, "/refresh_access_token", {**asked, "access_token": token}, publishes=False)
    try:
        body = access.asked(call)
    except (Transient, TokenDead):
        raise
    except (
        NightdeskError
    ) as fault:  # a token of today, or a permission taken back: its end is told days ahead
        return Checkup(ends, notes=(f"the token was not renewed: {fault}",))
    return _kept(access, body, ends)


def _kept(access: Access, body: object, ends: datetime | None) -> Checkup:
    token, seconds = as_name(dig(body, "access_token")), dig(body, "expires_in")
    if token is None or not isinstance(seconds, int) or not 0 < seconds <= _MOST:
        return Checkup(ends, notes=("the token was not renewed: the answer held none",))
    until = access.now + timedelta(seconds=seconds)
    access.keep(Kept(token, expires_at=until))
    return Checkup(until, mended=(f"renewed the token until {until:%Y-%m-%d}",))
