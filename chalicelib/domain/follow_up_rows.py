"""Somebody's wish to look at a conversation again, as the table keeps it.

A plain row by the rules of ``items``: while it is pending it is in the due index. Nothing here decides anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FollowUpState(StrEnum):
    """What became of it."""

    PENDING = "pending"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One person's follow-up of one conversation, for a reason, at ``due_at``; asking again moves it."""

    conversation_id: str
    by: str
    reason: str
    due_at: datetime
    asked_at: datetime
    rev: int = 1
    state: FollowUpState = FollowUpState.PENDING
    next_due_at: datetime | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.conversation_id, self.by)
