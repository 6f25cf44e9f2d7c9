"""What our access to an Instagram account needs, by either login.

Source: developers.facebook.com/docs/instagram-platform/webhooks and docs/instagram-platform/reference/refresh_access_token. With
Instagram Login the account itself is subscribed and its token, which tells nothing of itself, is renewed; with
Facebook Login the linked Page is, whose token does not end.
"""

from __future__ import annotations

from chalicelib.errors import NightdeskError, Permanent, Transient
from chalicelib.platforms.examining import Access
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.meta import faults
from chalicelib.platforms.meta.health import subscribed, token_of
from chalicelib.platforms.meta.renewing import renewed
from chalicelib.platforms.payload import as_id, dig
from chalicelib.services.reply_faults import TokenDead
from chalicelib.services.sweep_port import Checkup

API = "instagram"
FIELDS = (
    "comments",
    "live_comments",
    "mentions",
    "messages",
    "message_reactions",
    "messaging_postbacks",
    "standby",
)
"""What the webhook of an account with Instagram Login is to be told of."""

PAGE_FIELDS = ("feed",)
"""What the linked Page of an account with Facebook Login is subscribed to: any field opens the way."""


class InstagramHealth:
    """An account's check; see ``Examination``."""

    def check(self, access: Access) -> Checkup:
        if access.kept.token.startswith("IG"):
            return self._own_login(access)
        found, app_id = token_of(access, API, ())
        return found + self._page(access, app_id)

    def fault(self, answered: Answered, call: Call) -> NightdeskError | None:
        return faults.fault(answered, call, "Instagram")

    def _own_login(self, access: Access) -> Checkup:
        access.asked(Call("GET", API, "me", {"fields": "user_id,username"}, publishes=False))
        asked = {"grant_type": "ig_refresh_token"}
        found = renewed(access, API, asked, access.kept.expires_at)
        return found + subscribed(access, API, access.account, None, FIELDS)

    def _page(self, access: Access, app_id: str | None) -> Checkup:
        """Look at the linked Page, which the token knows as ``me`` if it is the Page's own."""
        try:
            page = as_id(dig(access.asked(Call("GET", API, "me", {"fields": "id"}, publishes=False)), "id"))
            return subscribed(access, API, page or "me", app_id, PAGE_FIELDS)
        except (Transient, TokenDead):
            raise
        except Permanent as fault:
            return Checkup(
                notes=(f"the linked Page's subscription cannot be seen with this token ({fault})",)
            )


HEALTH = InstagramHealth()
