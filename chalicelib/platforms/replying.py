"""Sends replies: asks a platform's dialect what to call, calls it once, and asks the dialect what the answer means.

The port ``Replier`` for every platform. Never repeats a call: the intent is saved, and its sender decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from typing import Protocol, cast

from chalicelib.errors import Misconfigured, Permanent
from chalicelib.platforms import registry
from chalicelib.platforms.answering import Dialect
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.meta.signature import appsecret_proof
from chalicelib.services.ports import Clock, Secrets
from chalicelib.services.reply_faults import TokenDead
from chalicelib.services.reply_port import Outgoing, Sent

HOSTS: Mapping[str, str] = {
    "facebook": "https://graph.facebook.com/v26.0/",
    "instagram": "https://graph.facebook.com/v26.0/",
    "instagram_login": "https://graph.instagram.com/v26.0/",
    "threads": "https://graph.threads.net/v1.0/",
    "whatsapp": "https://graph.facebook.com/v26.0/",
    "x": "https://api.x.com/",
}
"""Where each API lives; ``instagram_login`` is Instagram's own host, for tokens of Instagram Login."""

PROVEN = frozenset({"facebook", "instagram", "threads", "whatsapp"})
"""Whose calls carry ``appsecret_proof``."""

_STEPS = 3


class Transport(Protocol):
    """Makes one call."""

    def send(self, base_url: str, call: Call, token: str) -> Answered:
        """Return the answer. Raises: Transient (definitely not taken), OutcomeUnknown (perhaps taken)."""
        ...


def dialect(platform: str) -> Dialect:
    """Return how to answer on a platform. Raises: NotFound."""
    module = registry.platform(platform).__module__
    return cast("Dialect", import_module(f"{module}.reply").DIALECT)


class PlatformReplier:
    """One platform's outbound side, with its accounts' tokens."""

    def __init__(
        self,
        platform: str,
        *,
        secrets: Secrets,
        clock: Clock,
        transport: Transport,
        hosts: Mapping[str, str] | None = None,
    ) -> None:
        self._platform = platform
        self._dialect = dialect(platform)
        self._secrets = secrets
        self._clock = clock
        self._transport = transport
        self._hosts = {**HOSTS, **(hosts or {})}

    def reply(self, outgoing: Outgoing) -> Sent:
        """Hand one reply over.

        Raises: Transient (definitely not sent), Permanent with what to do, NotFound (the post is gone),
        OutcomeUnknown (look with ``find`` before anybody sends again).
        """
        where = "a direct message" if outgoing.private else f"a public answer on {self._platform}"
        self._dialect.limit(outgoing).demand(outgoing.text, where)
        step: Sent | Call = self._dialect.plan(outgoing, self._clock.now())
        for _ in range(_STEPS):
            if isinstance(step, Sent):
                return step
            step = self._dialect.read(self._made(step, outgoing), step, outgoing)
        raise Permanent(f"{self._platform} asks for more calls than one answer takes")

    def find(self, outgoing: Outgoing, since: datetime) -> Sent | None:
        """Look for a reply whose outcome is unknown; None if it does not stand there, or cannot be looked for.

        Raises: Transient, Permanent, NotFound.
        """
        call = self._dialect.search(outgoing)
        return self._dialect.found(self._made(call, outgoing), outgoing, since) if call else None

    def _made(self, call: Call, outgoing: Outgoing) -> Answered:
        token = self._token(outgoing)
        proven = self._proven(call, outgoing, token)
        answered = self._transport.send(self._host(call, token), proven, token)
        fault = self._dialect.fault(answered, call, outgoing)
        if fault:
            raise fault
        return answered

    def _token(self, outgoing: Outgoing) -> str:
        """Return the account's access token. Raises: TokenDead where none is stored."""
        name = f"accounts/{self._platform}/{outgoing.account}/token"
        try:
            return self._secrets.get(name).split()[0]
        except (Misconfigured, IndexError) as missing:
            raise TokenDead(
                f"account {outgoing.account} has no access token: store one as {name}"
            ) from missing

    def _proven(self, call: Call, outgoing: Outgoing, token: str) -> Call:
        if call.api not in PROVEN:
            return call
        secret = self._secrets.get(f"apps/{self._platform}/{outgoing.app}/secret").split()[0]
        proof = {"appsecret_proof": appsecret_proof(secret, token)}
        return Call(call.method, call.api, call.path, {**call.params, **proof}, call.json, call.publishes)

    def _host(self, call: Call, token: str) -> str:
        """Return the base address; tokens of Instagram Login, which begin with IG, belong to Instagram's host."""
        own_host = call.api == "instagram" and token.startswith("IG")
        return self._hosts["instagram_login" if own_host else call.api]
