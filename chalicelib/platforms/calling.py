"""Calling a platform for one account: which host, whose token, and the proof that Meta's APIs ask for.

What to call and what an answer means is each platform's to say. Never retries, but for a token that was renewed
meanwhile: a refusal of the old one did nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from chalicelib.errors import Misconfigured
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.meta.signature import appsecret_proof
from chalicelib.platforms.tokens import Kept, read_kept
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

_UNAUTHORISED = 401


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
        """Make one call with the account's token. Raises: TokenMissing, Transient, OutcomeUnknown."""
        token = self.token(account)
        answered = self.shown(call, token, app=app)
        if answered.status != _UNAUTHORISED:
            return answered
        fresh = self.kept(account).token
        return answered if fresh == token else self.shown(call, fresh, app=app)

    def shown(self, call: Call, token: str, *, app: str) -> Answered:
        """Make one call with this token. Raises: Transient, OutcomeUnknown."""
        return self._transport.send(self._host(call, token), self._proven(call, app, token), token)

    def token(self, account: str) -> str:
        """Return the account's access token. Raises: TokenMissing."""
        return self._read(account, self._secrets.get).token

    def kept(self, account: str) -> Kept:
        """Return the account's token and what comes with it, as it is stored now. Raises: TokenMissing, Transient."""
        return self._read(account, self._secrets.anew)

    def _read(self, account: str, read: Reader) -> Kept:
        name = token_name(self._platform, account)
        try:
            found = read_kept(read(name))
        except Misconfigured:
            found = None
        if found is None:
            raise TokenMissing(f"account {account} has no access token: store one as {name}")
        return found

    def _proven(self, call: Call, app: str, token: str) -> Call:
        if call.api not in PROVEN:
            return call
        secret = self._secrets.get(f"apps/{self._platform}/{app}/secret").split()[0]
        return replace(call, params={**call.params, "appsecret_proof": appsecret_proof(secret, token)})

    def _host(self, call: Call, token: str) -> str:
        """Return the base address; tokens of Instagram Login, which begin with IG, belong to Instagram's host."""
        own_host = call.api == "instagram" and token.startswith("IG")
        return self._hosts["instagram_login" if own_host else call.api]


class Reader(Protocol):
    """Reads one secret."""

    def __call__(self, name: str) -> str:
        """Return it. Raises: Misconfigured."""
        ...


def token_name(platform: str, account: str) -> str:
    """Return the name of the secret that holds an account's access."""
    return f"accounts/{platform}/{account}/token"
