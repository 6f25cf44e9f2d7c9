"""Leases on cursors: whoever holds one is alone at its stream; whoever dies frees it when the lease runs out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.polling_rows import Cursor
from chalicelib.services.ports import Clock, Lost, Put, Store

LEASE = timedelta(seconds=150)
"""Longer than the function that sweeps may run."""


class Cursors:
    """Takes and gives back cursors."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def lease(self, platform: str, account: str, stream: str, *, importing: bool = False) -> Cursor | None:
        """Take a stream's cursor, a new one reaching up to now; None while another has it or it must wait.

        ``importing``: whether a new one has to find first what was before it.
        """
        now = self._clock.now()
        found = self._store.get(Cursor, platform, account, stream)
        if found is not None and any(at and at > now for at in (found.lease_until, found.not_before)):
            return None
        fresh = found or Cursor(platform, account, stream, reached_at=now, rev=0, importing=importing)
        leased = replace(fresh, lease_until=now + LEASE, rev=fresh.rev + 1)
        return leased if self._saved(leased) else None

    def release(self, cursor: Cursor) -> None:
        """Give a cursor back as it now is; one whose lease ran out meanwhile is another's, and stays as it is."""
        self._saved(replace(cursor, lease_until=None, rev=cursor.rev + 1))

    def _saved(self, cursor: Cursor) -> bool:
        try:
            self._store.commit(Put(cursor))
        except Lost:
            return False
        return True
