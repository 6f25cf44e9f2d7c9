"""What our access to a Threads profile needs: permissions, and a token that is renewed before it dies.

Source: developers.facebook.com/docs/threads/reference/debug and docs/threads/get-started/long-lived-tokens. What a webhook is told of
is set in the app's console alone: no call lists it.
"""

from __future__ import annotations

from chalicelib.errors import NightdeskError
from chalicelib.platforms.examining import Access
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.meta import faults
from chalicelib.platforms.meta.health import token_of
from chalicelib.platforms.meta.renewing import renewed
from chalicelib.services.sweep_port import Checkup

API = "threads"
SCOPES = (
    "threads_basic",
    "threads_read_replies",
    "threads_manage_replies",
    "threads_manage_mentions",
    "threads_content_publish",
)


class ThreadsHealth:
    """A profile's check; see ``Examination``."""

    def check(self, access: Access) -> Checkup:
        found, _app = token_of(access, API, SCOPES)
        return Checkup(troubles=found.troubles) + renewed(
            access, API, {"grant_type": "th_refresh_token"}, found.expires_at
        )

    def fault(self, answered: Answered, call: Call) -> NightdeskError | None:
        return faults.fault(answered, call, "Threads")


HEALTH = ThreadsHealth()
