"""Checks our access to a platform's accounts: the token's life, its permissions, the webhook's subscriptions.

The port ``Examiner`` for the platforms that can be asked. What to ask and what an answer means is each ``health`` module's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import Protocol, cast

from chalicelib.errors import NightdeskError, NotFound, Transient
from chalicelib.platforms.calling import Caller, Transport
from chalicelib.platforms.http import Answered, Call
from chalicelib.services.ports import Secrets
from chalicelib.services.reply_faults import TokenDead
from chalicelib.services.sweep_port import Checkup

EXAMINED = ("facebook", "instagram")


class Examination(Protocol):
    """One platform's checks, as pure functions."""

    def token(self, account: str, token: str) -> Call:
        """Return the call that tells of a token."""
        ...

    def read_token(self, body: object) -> Checkup:
        """Return the token's life and what it lacks. Raises: TokenDead."""
        ...

    def subscriptions(self, account: str) -> Call:
        """Return the call that lists what the webhook is told of."""
        ...

    def missing(self, body: object) -> tuple[str, ...]:
        """Return the fields that the webhook is not told of and should be."""
        ...

    def subscribe(self, account: str) -> Call:
        """Return the call that subscribes to everything we read."""
        ...

    def fault(self, answered: Answered, call: Call) -> NightdeskError | None:
        """Return the failure an answer means, or None."""
        ...


class PlatformExaminer:
    """Checks one platform's accounts with their own tokens."""

    def __init__(
        self, platform: str, *, secrets: Secrets, transport: Transport, hosts: Mapping[str, str] | None = None
    ) -> None:
        if platform not in EXAMINED:
            raise NotFound(f"{platform} cannot be asked about our access; these can: {', '.join(EXAMINED)}")
        module = import_module(f"chalicelib.platforms.{platform}.health")
        self._examination = cast("Examination", module.HEALTH)
        self._caller = Caller(platform, secrets=secrets, transport=transport, hosts=hosts)

    def check(self, app: str, account: str) -> Checkup:
        """Check token and subscriptions, subscribing anew where something is missing. Raises: Transient, TokenDead."""
        asked = self._examination.token(account, self._caller.token(account))
        found = self._examination.read_token(self._asked(asked, app, account))
        listed = self._asked(self._examination.subscriptions(account), app, account)
        missing = self._examination.missing(listed)
        return self._subscribed(found, missing, app, account) if missing else found

    def _subscribed(self, found: Checkup, missing: tuple[str, ...], app: str, account: str) -> Checkup:
        fields = ", ".join(missing)
        try:
            self._asked(self._examination.subscribe(account), app, account)
        except (Transient, TokenDead):
            raise
        except NightdeskError as fault:
            said = f"the webhook is not told of {fields}, and subscribing failed: {fault}"
            return replace(found, troubles=(*found.troubles, said))
        return replace(found, mended=(f"subscribed the webhook anew to {fields}",))

    def _asked(self, call: Call, app: str, account: str) -> object:
        answered = self._caller.made(call, app=app, account=account)
        fault = self._examination.fault(answered, call)
        if fault:
            raise fault
        return answered.body
