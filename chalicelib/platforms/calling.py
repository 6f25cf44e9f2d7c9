"""Calling a platform for one account: which host, whose token, and the proof that Meta's APIs ask for.

What to call and what an answer means is each platform's to say. Never retries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from chalicelib.errors import Misconfigured
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.meta.signature import appsecret_proof
from chalicelib.services.ports import Secrets
from chalicelib.services.reply_faults import TokenMissing

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


class Transport(Protocol):
    """Makes one call."""

    def send(self, base_url: str, call: Call, token: str) -> Answered:
        """Return the answer. Raises: Transient (definitely not taken), OutcomeUnknown (perhaps taken)."""
        ...


class Caller:
    """Makes calls in an account's name."""

    def __init__(
        self, platform: str, *, secrets: Secrets, transport: Transport, hosts: Mapping[str, str] | None = None
    ) -> None:
        self._platform = platform
        self._secrets = secrets
        self._transport = transport
        self._hosts = {**HOSTS, **(hosts or {})}

    def made(self, call: Call, *, app: str, account: str) -> Answered:
        """Make one call. Raises: TokenMissing, Transient, OutcomeUnknown."""
        token = self.token(account)
        return self._transport.send(self._host(call, token), self._proven(call, app, token), token)

    def token(self, account: str) -> str:
        """Return the account's access token. Raises: TokenMissing."""
        name = f"accounts/{self._platform}/{account}/token"
        try:
            return self._secrets.get(name).split()[0]
        except (Misconfigured, IndexError) as missing:
            raise TokenMissing(f"account {account} has no access token: store one as {name}") from missing

    def _proven(self, call: Call, app: str, token: str) -> Call:
        if call.api not in PROVEN:
            return call
        secret = self._secrets.get(f"apps/{self._platform}/{app}/secret").split()[0]
        return replace(call, params={**call.params, "appsecret_proof": appsecret_proof(secret, token)})

    def _host(self, call: Call, token: str) -> str:
        """Return the base address; tokens of Instagram Login, which begin with IG, belong to Instagram's host."""
        own_host = call.api == "instagram" and token.startswith("IG")
        return self._hosts["instagram_login" if own_host else call.api]
