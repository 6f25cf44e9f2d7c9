"""The rows of looking for ourselves: how far each sweep has got, what was heard when, and incidents under way.

Plain rows by the rules of ``items``: a ``rev`` is the optimistic lock. Nothing here decides anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.enrichment import Told
from chalicelib.domain.items import stamp


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far one sweep of one account has got: everything up to ``reached_at`` has been compared.

    ``lease_until``: somebody is at it. ``not_before``: the platform's own word, or our budget's, on when to come back.
    ``pending`` are the calls left of a sweep under way, which looks for what is newer than ``since_at`` and has seen
    ``newest_at``. ``found`` counts what was handed to intake. ``spent`` calls were made in the hour of ``spent_at``.
    ``importing``: it is the first, which finds what was said before ``reached_at``, when the account was first met.
    ``fault`` is why the last look failed, since when. ``expires_token_at`` and ``notes`` are the health check's alone.
    """

    platform: str
    account: str
    stream: str
    reached_at: datetime
    rev: int = 1
    lease_until: datetime | None = None
    not_before: datetime | None = None
    pending: tuple[str, ...] = ()
    since_at: datetime | None = None
    newest_at: datetime | None = None
    swept_at: datetime | None = None
    found: int = 0
    spent: int = 0
    spent_at: datetime | None = None
    fault: str | None = None
    fault_at: datetime | None = None
    expires_token_at: datetime | None = None
    importing: bool = False
    notes: tuple[str, ...] = ()

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.platform, self.account, self.stream)


@dataclass(frozen=True, slots=True)
class Heard:
    """One new post, as a mark for counting: ``swept`` where only a sweep told of it. It expires."""

    platform: str
    account: str
    hour: str
    at: datetime
    id: str
    swept: bool = False
    expires_at: datetime | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.platform, self.account, self.hour, stamp(self.at), self.id)


@dataclass(frozen=True, slots=True)
class Incident:
    """Something broken that a person must mend; ``rung`` counts the pages sent so far. ``closed_at``: it works again.

    ``held_by`` is at it, and pages wait until ``held_until``; then the ladder begins anew. ``holds`` counts such times.
    """

    key: str
    opened_at: datetime
    words: str
    rung: int = 0
    rev: int = 1
    closed_at: datetime | None = None
    held_by: str | None = None
    held_until: datetime | None = None
    holds: int = 0

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row."""
        return (self.key,)


@dataclass(frozen=True, slots=True)
class Fetching:
    """One post about which its platform is asked: once, however often that is wanted. It expires.

    ``next_due_at`` is when it is worked (again): the end of a lease or of a wait; None when it is over, as
    ``outcome`` says. ``tries`` counts failures that may pass.
    """

    platform: str
    account: str
    post_id: str
    asked_at: datetime
    rev: int = 1
    tries: int = 0
    outcome: str | None = None
    expires_at: datetime | None = None
    next_due_at: datetime | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row."""
        return (self.platform, self.account, self.post_id)


@dataclass(frozen=True, slots=True)
class Known:
    """What a platform told about a person or a post when asked, kept so that nobody is asked twice. It expires.

    ``about`` names them: ``person:<id>``, ``post:<id>``.
    """

    platform: str
    account: str
    about: str
    at: datetime
    told: Told
    expires_at: datetime | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row."""
        return (self.platform, self.account, self.about)
