"""An account's access as one secret holds it: the token, and what renewing it takes.

The first line is the access token, so that a token alone is a whole secret. ``refresh=…`` and ``expires=…`` may follow:
one secret and not three, because a pair that was renewed must be kept whole or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from chalicelib.platforms.payload import as_instant


@dataclass(frozen=True, slots=True)
class Kept:
    """A token, the refresh token that comes with it, and when it ends, where known."""

    token: str = field(repr=False)
    refresh: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None

    @property
    def secret(self) -> str:
        """Return the secret that holds this."""
        ends = self.expires_at and self.expires_at.astimezone(UTC).isoformat(timespec="seconds")
        more = {"refresh": self.refresh, "expires": ends}
        return "\n".join([self.token, *(f"{name}={value}" for name, value in more.items() if value)])


def read_kept(secret: str) -> Kept | None:
    """Read a secret; None where it holds no token."""
    lines = secret.split()
    if not lines:
        return None
    named = dict(line.split("=", 1) for line in lines[1:] if line.startswith(("refresh=", "expires=")))
    return Kept(lines[0], named.get("refresh") or None, as_instant(named.get("expires")))
