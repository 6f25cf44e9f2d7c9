"""Stores that get in the way: one counts the calls, one lets somebody else write first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from chalicelib.services.ports import Due, Store, Write

T = TypeVar("T")


class Passing:
    """A store before another store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, kind: type[T], *identity: str) -> T | None:
        return self._store.get(kind, *identity)

    def commit(self, *writes: Write) -> None:
        self._store.commit(*writes)

    def children(
        self, kind: type[T], *parent: str, limit: int | None = None, newest_first: bool = False
    ) -> Sequence[T]:
        return self._store.children(kind, *parent, limit=limit, newest_first=newest_first)

    def due(self, shard: int, until: datetime) -> Iterator[Due]:
        return self._store.due(shard, until)

    def open_work(self, team: str, until: datetime | None = None) -> Iterator[tuple[str, datetime]]:
        return self._store.open_work(team, until)


class Counting(Passing):
    """Counts the calls that reach the table."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.calls = 0

    def get(self, kind: type[T], *identity: str) -> T | None:
        self.calls += 1
        return super().get(kind, *identity)

    def commit(self, *writes: Write) -> None:
        self.calls += 1
        super().commit(*writes)

    def children(
        self, kind: type[T], *parent: str, limit: int | None = None, newest_first: bool = False
    ) -> Sequence[T]:
        self.calls += 1
        return super().children(kind, *parent, limit=limit, newest_first=newest_first)


class Interrupted(Passing):
    """Lets something else happen just before each of the next ``times`` commits."""

    def __init__(self, store: Store, meanwhile: Callable[[], object], *, times: int = 1) -> None:
        super().__init__(store)
        self._meanwhile = meanwhile
        self._times = times

    def commit(self, *writes: Write) -> None:
        if self._times:
            self._times -= 1
            self._meanwhile()
        super().commit(*writes)
