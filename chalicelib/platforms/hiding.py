"""Hides comments on the platforms that let a page do so, for every account by its own token.

Source: developers.facebook.com/docs/graph-api/reference/comment (``is_hidden``) and
developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-comment (``hide``). Both need the
permission that answering comments needs already. Never retries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chalicelib.errors import Permanent
from chalicelib.platforms.calling import Caller, Transport
from chalicelib.platforms.http import Call
from chalicelib.platforms.meta import faults
from chalicelib.services.ports import Secrets

CALLS: Mapping[str, Callable[[str], Call]] = {
    "facebook": lambda post_id: Call("POST", "facebook", post_id, json={"is_hidden": True}, publishes=False),
    "instagram": lambda post_id: Call("POST", "instagram", post_id, json={"hide": True}, publishes=False),
}


class PlatformHider:
    """One platform's hiding; the port ``Hider``."""

    def __init__(
        self, platform: str, *, secrets: Secrets, transport: Transport, hosts: Mapping[str, str] | None = None
    ) -> None:
        self._platform = platform
        self._caller = Caller(platform, secrets=secrets, transport=transport, hosts=hosts)

    def hide(self, *, app: str, account: str, post_id: str) -> None:
        """Hide a post; hiding it again changes nothing. Raises: Transient, Permanent, NotFound (it is gone)."""
        plan = CALLS.get(self._platform)
        if plan is None:
            raise Permanent(f"{self._platform} does not let us hide what others wrote")
        call = plan(post_id)
        fault = faults.fault(self._caller.made(call, app=app, account=account), call, self._platform)
        if fault is not None:
            raise fault
