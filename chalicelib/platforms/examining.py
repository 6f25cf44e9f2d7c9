"""Checks our access to a platform's accounts: the token's life, its permissions, the webhook's subscriptions.

The port ``Examiner``. What to ask and what an answer means is each platform's ``health`` module's; here is what they
all need: calls in the account's name, the app's secrets, and a place for a token that was renewed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from typing import Protocol, cast

from chalicelib.errors import Misconfigured, NightdeskError, NotFound, Transient
from chalicelib.platforms.calling import Caller, Transport, token_name
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.tokens import Kept
from chalicelib.services.ports import Clock, Vault
from chalicelib.services.reply_faults import TokenDead
from chalicelib.services.sweep_port import Checkup

EXAMINED = ("facebook", "instagram", "threads", "whatsapp", "x")

TRIES = 3
"""How often a renewed token is kept: losing it may lose the account."""


class Examination(Protocol):
    """One platform's checks."""

    def check(self, access: Access) -> Checkup:
        """Check, renewing what can be. Raises: Transient, Permanent (TokenDead)."""
        ...

    def fault(self, answered: Answered, call: Call) -> NightdeskError | None:
        """Return the failure an answer means, or None."""
        ...


class Access:
    """One account's access while it is examined. ``address`` is our webhook's, where it is known."""

    def __init__(
        self,
        *,
        app: str,
        account: str,
        examination: Examination,
        caller: Caller,
        vault: Vault,
        platform: str,
        now: datetime,
        address: str | None,
    ) -> None:
        self.app = app
        self.account = account
        self.now = now
        self.address = address
        self._examination = examination
        self._caller = caller
        self._vault = vault
        self._platform = platform

    @property
    def kept(self) -> Kept:
        """The account's token and what comes with it, as stored now. Raises: TokenMissing, Transient."""
        return self._caller.kept(self.account)

    def asked(self, call: Call, token: str | None = None) -> object:
        """Make one call, with the account's token unless another is given. Raises: what its answer means."""
        if token is None:
            answered = self._caller.made(call, app=self.app, account=self.account)
        else:
            answered = self._caller.shown(call, token, app=self.app)
        fault = self._examination.fault(answered, call)
        if fault:
            raise fault
        return answered.body

    def secret(self, name: str) -> str | None:
        """Return the current one of our app's secrets, None if there is none. Raises: Transient."""
        try:
            lines = self._vault.get(f"apps/{self._platform}/{self.app}/{name}").split()
        except Misconfigured:
            return None
        return lines[0] if lines else None

    def keep(self, kept: Kept) -> None:
        """Keep a token before anybody uses it. Raises: Transient when the store stays away."""
        for left in reversed(range(TRIES)):
            try:
                self._vault.put(token_name(self._platform, self.account), kept.secret)
            except Transient:
                if not left:
                    raise
            else:
                return


class PlatformExaminer:
    """Checks one platform's accounts with their own tokens."""

    def __init__(
        self,
        platform: str,
        *,
        secrets: Vault,
        clock: Clock,
        transport: Transport,
        hosts: Mapping[str, str] | None = None,
        base_url: str | None = None,
    ) -> None:
        if platform not in EXAMINED:
            raise NotFound(f"{platform} cannot be asked about our access; these can: {', '.join(EXAMINED)}")
        module = import_module(f"chalicelib.platforms.{platform}.health")
        self._platform = platform
        self._examination = cast("Examination", module.HEALTH)
        self._caller = Caller(platform, secrets=secrets, transport=transport, hosts=hosts)
        self._vault = secrets
        self._clock = clock
        self._base_url = base_url

    def check(self, app: str, account: str) -> Checkup:
        """Check token and subscriptions, renewing what can be. Raises: Transient, Permanent (TokenDead)."""
        return self._examination.check(
            Access(
                app=app,
                account=account,
                examination=self._examination,
                caller=self._caller,
                vault=self._vault,
                platform=self._platform,
                now=self._clock.now(),
                address=self._base_url and f"{self._base_url}/hooks/{self._platform}/{app}",
            )
        )


def attempted(access: Access, call: Call, done: str, failed: str, token: str | None = None) -> Checkup:
    """Mend something by one call, and say what came of it. Raises: Transient, TokenDead."""
    try:
        access.asked(call, token)
    except (Transient, TokenDead):
        raise
    except NightdeskError as fault:
        return Checkup(troubles=(f"{failed}: {fault}",))
    return Checkup(mended=(done,))
