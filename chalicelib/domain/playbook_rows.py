"""Playbooks as the table keeps them: immutable versions, and the pointer to the one in force.

Plain rows by the rules of ``items``. Nothing here decides anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PlaybookVersion:
    """One immutable version of all playbooks: (name, text) of each file, by name. Written once, never again."""

    id: str
    files: tuple[tuple[str, str], ...]
    at: datetime
    by: str
    rev: int = 1

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.id,)


@dataclass(frozen=True, slots=True)
class ActivePlaybooks:
    """Which version is in force; the single pointer, moved by optimistic lock."""

    version: str
    at: datetime
    by: str
    rev: int = 1

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return ()
