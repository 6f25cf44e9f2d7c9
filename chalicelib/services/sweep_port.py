"""What looking for ourselves needs of a platform: where to look, what stood there, and whether our access is sound."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

HEALTH = "health"
"""The stream whose message asks for a check-up."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is swept; ``threads`` are the ids of the account's waiting threads, for platforms that ask by thread."""

    platform: str
    app: str
    account: str
    stream: str
    threads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One post the platform shows; ``body`` tells of it as its webhook would have, so that intake takes it in."""

    external_id: str
    at: datetime
    body: bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """What one call showed: posts newer than asked for, and the calls that show the rest."""

    found: tuple[Found, ...] = ()
    more: tuple[str, ...] = ()


class Sweeper(Protocol):
    """One platform's reading side. A step is a call as text, so that a sweep can go on where it stopped."""

    def begin(self, target: Target, since: datetime) -> tuple[str, ...]:
        """Return the first steps of a sweep."""
        ...

    def take(self, target: Target, step: str, since: datetime) -> Seen:
        """Take one step. Raises: Transient with the platform's own wait, Permanent (TokenDead), NotFound."""
        ...


@dataclass(frozen=True, slots=True)
class Checkup:
    """How an account's access stands: until when, what a person must mend, and what was missing and is mended.

    ``notes`` are what a person may want to know and need not act on. ``again_at``: when to look again, if before the
    next night.
    """

    expires_at: datetime | None = None
    troubles: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    again_at: datetime | None = None

    def __add__(self, other: Checkup) -> Checkup:
        """Return what two looks found together: the earlier end, everything said."""
        ends = [at for at in (self.expires_at, other.expires_at) if at]
        again = [at for at in (self.again_at, other.again_at) if at]
        return Checkup(
            min(ends, default=None),
            self.troubles + other.troubles,
            self.mended + other.mended,
            self.notes + other.notes,
            min(again, default=None),
        )


class Examiner(Protocol):
    """Checks one platform's accounts."""

    def check(self, app: str, account: str) -> Checkup:
        """Check token and subscriptions, renewing what can be. Raises: Transient, Permanent (TokenDead)."""
        ...
