"""Who is writing an answer right now: shown to whoever would write another. A courtesy, no lock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Drafting:
    """One person with an answer's form open since ``at``; after ``until`` nobody believes it any more."""

    conversation_id: str
    person: str
    at: datetime
    until: datetime
    expires_at: datetime | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.conversation_id, self.person)
