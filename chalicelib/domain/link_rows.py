"""The row of a linked page's session: who acts on which conversation, from one browser, for a while.

Plain row by the rules of ``items``. Nothing here decides anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TakenForm:
    """One form that was sent: its own key, and what to say of it; without words nobody knows how it ended."""

    key: str
    words: str = ""
    worked: bool = True


@dataclass(frozen=True, slots=True)
class LinkSession:
    """One browser's leave to act for one person on one conversation, found by the hash of its secret.

    ``forms`` are the forms taken lately, oldest first, so that one sent twice acts once.
    """

    hashed: str
    conversation_id: str
    person: str
    at: datetime
    until: datetime
    rev: int = 1
    forms: tuple[TakenForm, ...] = ()
    expires_at: datetime | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.hashed,)
