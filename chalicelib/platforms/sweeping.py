"""Reads platforms for ourselves: asks a platform's sweep what to call, calls it once, and what the answer shows.

The port ``Sweeper`` for every platform that can be read. A step is a call as JSON, so that a cursor can keep it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from typing import Protocol, cast

from chalicelib.errors import NightdeskError, NotFound
from chalicelib.platforms.calling import Caller, Transport
from chalicelib.platforms.http import Answered, Call
from chalicelib.services.ports import Secrets
from chalicelib.services.sweep_port import Found, Seen, Target

STREAMS: Mapping[str, tuple[str, ...]] = {
    "facebook": ("comments", "conversations"),
    "instagram": ("comments", "conversations"),
    "x": ("mentions", "threads"),
}
"""What there is to read of each platform; every one has a ``sweep`` module."""


class Reading(Protocol):
    """One platform's reading side, as pure functions."""

    def plan(self, target: Target, since: datetime) -> list[Call]:
        """Return the first calls."""
        ...

    def fault(self, answered: Answered, call: Call) -> NightdeskError | None:
        """Return the failure an answer means, or None."""
        ...

    def read(
        self, answered: Answered, call: Call, target: Target, since: datetime
    ) -> tuple[list[Found], list[Call]]:
        """Return what is newer than ``since``, and the calls that show the rest."""
        ...


class PlatformSweeper:
    """One platform's reading side, with its accounts' tokens."""

    def __init__(
        self, platform: str, *, secrets: Secrets, transport: Transport, hosts: Mapping[str, str] | None = None
    ) -> None:
        if platform not in STREAMS:
            raise NotFound(f"{platform} is not swept; what is: {', '.join(STREAMS)}")
        self._reading = cast("Reading", import_module(f"chalicelib.platforms.{platform}.sweep").SWEEP)
        self._caller = Caller(platform, secrets=secrets, transport=transport, hosts=hosts)

    def begin(self, target: Target, since: datetime) -> tuple[str, ...]:
        """Return the first steps of a sweep."""
        return tuple(map(written, self._reading.plan(target, since)))

    def take(self, target: Target, step: str, since: datetime) -> Seen:
        """Take one step. Raises: Transient, Permanent, NotFound."""
        call = call_of(step)
        answered = self._caller.made(call, app=target.app, account=target.account)
        fault = self._reading.fault(answered, call)
        if fault:
            raise fault
        found, more = self._reading.read(answered, call, target, since)
        return Seen(tuple(found), tuple(map(written, more)))


def streams(platform: str) -> tuple[str, ...]:
    """Return what is swept of a platform: nothing of those that cannot be asked."""
    return STREAMS.get(platform, ())


def written(call: Call) -> str:
    """Return a call that reads as text."""
    return json.dumps([call.api, call.path, dict(call.params)], separators=(",", ":"))


def call_of(step: str) -> Call:
    """Return the call that a text describes."""
    api, path, params = json.loads(step)
    return Call("GET", api, path, params, publishes=False)
