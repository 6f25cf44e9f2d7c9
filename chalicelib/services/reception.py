"""Receives what platforms send: proves it genuine, queues it, and does nothing else before the answer.

No table, no team file, no network but the secret (cached) and the one enqueue: platforms wait seconds, then give up.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from chalicelib.errors import Misconfigured, NotFound, Rejected
from chalicelib.services.platform_port import Answer, AppSecrets, Delivery, Platform
from chalicelib.services.ports import Clock, Inbound, Meter, Queue, Secrets

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class Reception:
    """The front door, one address per platform and app."""

    def __init__(
        self,
        platforms: Callable[[str], Platform],
        secrets: Secrets,
        inbound: Queue,
        clock: Clock,
        meter: Meter,
    ) -> None:
        self._platforms = platforms
        self._secrets = secrets
        self._inbound = inbound
        self._clock = clock
        self._meter = meter

    def challenge(self, platform: str, app: str, delivery: Delivery) -> Answer:
        """Answer the platform's question whether this address is ours. Raises: Rejected, NotFound, Transient."""
        spoken = self._platforms(platform)
        secrets = AppSecrets(self._lines(platform, app), self._verify_token(platform, app))
        try:
            return spoken.handshake(delivery, secrets)
        except Rejected:
            self._meter.count("Rejected", platform=platform)
            raise

    def receive(self, platform: str, app: str, delivery: Delivery) -> None:
        """Queue a genuine delivery, in parts if it is large.

        Raises: Rejected (counted), NotFound for an address nobody has set up, Transient when it is not queued.
        """
        spoken, now = self._platforms(platform), self._clock.now()
        try:
            spoken.verify(delivery, AppSecrets(self._lines(platform, app)), now)
        except Rejected:
            self._meter.count("Rejected", platform=platform)
            raise
        parts = spoken.split(delivery.body)
        self._inbound.send(*(Inbound(platform, app, now, part) for part in parts))

    def _lines(self, platform: str, app: str) -> tuple[str, ...]:
        """Return the app's secrets: several lines while one is being rotated. Raises: NotFound."""
        if not _NAME.fullmatch(app):
            raise NotFound(f"there is no app {app[:64]!r} of {platform}")
        try:
            text = self._secrets.get(f"apps/{platform}/{app}/secret")
        except Misconfigured as missing:
            raise NotFound(f"there is no app {app!r} of {platform}: {missing}") from missing
        return tuple(line.strip() for line in text.splitlines() if line.strip())

    def _verify_token(self, platform: str, app: str) -> str | None:
        try:
            return self._secrets.get(f"apps/{platform}/{app}/verify_token").strip()
        except Misconfigured:
            return None
