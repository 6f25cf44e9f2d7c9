"""What asking about posts may cost an account: its sweeps come first, and a platform's wish for rest holds for both.

One cursor row counts our calls of the hour; it is no lease: two who ask at once are merely counted one after the
other. What the sweeps spend and suffer is read from theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.polling_rows import Cursor
from chalicelib.services.bookkeeping import until_won
from chalicelib.services.ports import Clock, Put, Store
from chalicelib.services.sweep_port import HEALTH

STREAM = "enrichment"
HOUR = timedelta(hours=1)
SHARED = 300
"""How many calls an hour one account may make, its sweeps' among them: answering needs some too."""


class Quota:
    """Counts and spares calls."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def wait(self, platform: str, account: str) -> datetime | None:
        """Return until when nothing may be asked of an account; None when it may be now."""
        now = self._clock.now()
        cursors = [c for c in self._store.children(Cursor, platform, account) if c.stream != HEALTH]
        rests = [c.not_before for c in cursors if c.fault and c.not_before and c.not_before > now]
        return max([*rests, *_full(cursors, now)], default=None)

    def spend(self, platform: str, account: str) -> None:
        """Count one call. Raises: Transient."""
        now = self._clock.now()
        self._change(platform, account, lambda cursor: _counted(cursor, now))

    def rest(self, platform: str, account: str, why: str, until: datetime) -> None:
        """Ask nothing before ``until``. Raises: Transient."""
        now = self._clock.now()
        self._change(
            platform,
            account,
            lambda c: replace(c, fault=why, fault_at=c.fault_at or now, not_before=until),
        )

    def mended(self, platform: str, account: str) -> bool:
        """Note that it works; True when it had not. Raises: Transient."""
        found = self._store.get(Cursor, platform, account, STREAM)
        if found is None or found.fault is None:
            return False
        self._change(platform, account, lambda c: replace(c, fault=None, fault_at=None, not_before=None))
        return True

    def _change(self, platform: str, account: str, decide: Callable[[Cursor], Cursor]) -> None:
        def once() -> None:
            found = self._store.get(Cursor, platform, account, STREAM)
            now = self._clock.now()
            cursor = found or Cursor(platform, account, STREAM, reached_at=now, rev=0)
            self._store.commit(Put(replace(decide(cursor), rev=cursor.rev + 1)))

        until_won(once)


def _counted(cursor: Cursor, now: datetime) -> Cursor:
    if cursor.spent_at is None or now >= cursor.spent_at + HOUR:
        return replace(cursor, spent=1, spent_at=now)
    return replace(cursor, spent=cursor.spent + 1)


def _full(cursors: Sequence[Cursor], now: datetime) -> list[datetime]:
    """Return when the budget has room again, if it has none now."""
    hours = [(c.spent, c.spent_at + HOUR) for c in cursors if c.spent_at is not None]
    running = [(spent, end) for spent, end in hours if now < end]
    return [min(end for _, end in running)] if sum(spent for spent, _ in running) >= SHARED else []
