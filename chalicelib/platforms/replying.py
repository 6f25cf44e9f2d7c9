"""Sends replies: asks a platform's dialect what to call, calls it once, and asks the dialect what the answer means.

The port ``Replier`` for every platform. Never repeats a call: the intent is saved, and its sender decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from typing import cast

from chalicelib.errors import Permanent
from chalicelib.platforms import registry
from chalicelib.platforms.answering import Dialect
from chalicelib.platforms.calling import Caller, Transport
from chalicelib.platforms.http import Answered, Call
from chalicelib.services.ports import Clock, Secrets
from chalicelib.services.reply_port import Outgoing, Sent

_STEPS = 3


Templates = Callable[[str, str], str | None]
"""Returns the approved message of an app's account, ``name/language``, where it has one."""


def templated(outgoing: Outgoing, templates: Templates) -> Outgoing:
    """Return the reply with its account's approved message."""
    return replace(outgoing, template=templates(outgoing.app, outgoing.account))


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
        templates: Templates = lambda _app, _account: None,
    ) -> None:
        self._platform = platform
        self._templates = templates
        self._dialect = dialect(platform)
        self._clock = clock
        self._caller = Caller(platform, secrets=secrets, transport=transport, hosts=hosts)

    def reply(self, outgoing: Outgoing) -> Sent:
        """Hand one reply over.

        Raises: Transient (definitely not sent), Permanent with what to do, NotFound (the post is gone),
        OutcomeUnknown (look with ``find`` before anybody sends again).
        """
        outgoing = templated(outgoing, self._templates)
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
        answered = self._caller.made(call, app=outgoing.app, account=outgoing.account)
        fault = self._dialect.fault(answered, call, outgoing)
        if fault:
            raise fault
        return answered
