"""Once a minute: wakes every row that falls due before the next tick, and says that it lives.

Costs what is due, not what is open. It reads the index alone, so it may wake twice or for nothing; whoever is
woken reads the row.
"""

from __future__ import annotations

from datetime import timedelta

from chalicelib.errors import Transient
from chalicelib.services.ports import SHARDS, Clock, Due, Meter, Refused, Store
from chalicelib.services.saving import Saving

AHEAD = timedelta(seconds=60)
HEARTBEAT = "TickHeartbeat"
WOKEN = "Woken"
NOT_WOKEN = "NotWoken"


class Tick:
    """Walks the due index."""

    def __init__(self, store: Store, saving: Saving, clock: Clock, meter: Meter) -> None:
        self._store = store
        self._saving = saving
        self._clock = clock
        self._meter = meter

    def run(self) -> int:
        """Wake what is due within a minute, each with its exact delay, and return how many were.

        A queue that refuses one wake does not cost the others theirs, nor does a shard that cannot be read: the
        next tick finds them again. Raises: Transient for such a shard, when the rest is woken.
        """
        found, unread = self._found()
        woken = self._woken(found)
        self._meter.count(WOKEN, woken)
        if unread is not None:
            raise unread
        self._meter.count(HEARTBEAT)
        return woken

    def _found(self) -> tuple[list[Due], Transient | None]:
        """Return what is due, and why not all of it may be."""
        found: list[Due] = []
        unread: Transient | None = None
        for shard in range(SHARDS):
            try:
                found += self._store.due(shard, self._clock.now() + AHEAD)
            except Transient as fault:
                unread = fault
        return found, unread

    def _woken(self, dues: list[Due]) -> int:
        try:
            self._saving.wake(*dues)
        except Refused as fault:
            self._meter.count(NOT_WOKEN, fault.count)
            return len(dues) - fault.count
        return len(dues)
