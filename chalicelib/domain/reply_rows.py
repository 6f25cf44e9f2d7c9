"""Rows about the brand's own answers, beside the answers themselves.

Plain rows by the rules of ``items``. Nothing here decides anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ReplyUse:
    """How often the same words went out from one account on one UTC day; ``said`` is a hash of the words.

    Counted when an answer is saved, in the same transaction; it expires two days later.
    """

    platform: str
    account: str
    day: str
    said: str
    times: int = 1
    rev: int = 1
    expires_at: datetime | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.platform, self.account, self.day, self.said)
