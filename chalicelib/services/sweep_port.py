"""What looking for ourselves needs of a platform: where to look, what stood there, and whether our access is sound."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


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
    """How an account's access stands: until when, what is missing, and what was missing and is mended."""

    expires_at: datetime | None = None
    troubles: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()


class Examiner(Protocol):
    """Checks one platform's accounts."""

    def check(self, app: str, account: str) -> Checkup:
        """Check token and subscriptions, renewing what can be. Raises: Transient, Permanent (TokenDead)."""
        ...
