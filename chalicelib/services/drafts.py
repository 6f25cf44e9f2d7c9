"""Shows people to each other who write an answer to the same customer at the same time.

It forbids nothing: who may send is ``replies``' to say. A form that was closed without a word is forgotten by
itself after a while.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.domain.draft_rows import Drafting
from chalicelib.services.ports import Put, Remove, Store

LIFE = timedelta(minutes=15)
"""Longer than anybody types without sending; who does begins to be shown again with their next form."""


class Drafts:
    """Forms that are open. ``by`` is a person of the team file."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, conversation_id: str, by: str, at: datetime) -> None:
        """Note that somebody opened a form; whoever has one open already keeps their earlier beginning."""
        former = self._store.get(Drafting, conversation_id, by)
        since = former.at if former is not None and former.until > at else at
        until = at + LIFE
        self._store.commit(Put(Drafting(conversation_id, by, since, until, expires_at=until + LIFE)))

    def end(self, conversation_id: str, by: str) -> None:
        """Note that their form is closed: sent, or given up."""
        former = self._store.get(Drafting, conversation_id, by)
        if former is not None:
            self._store.commit(Remove(former))

    def others(self, conversation_id: str, by: str, at: datetime) -> tuple[Drafting, ...]:
        """Return who else is writing, the first to begin first."""
        rows = self._store.children(Drafting, conversation_id)
        return tuple(sorted((r for r in rows if r.person != by and r.until > at), key=lambda r: r.at))
