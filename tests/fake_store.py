"""The table in memory: the same keys, the same items and the same refusals as the real one.

It keeps encoded items, so a row that the table could not hold fails here too. The contract suite holds it and
DynamoDB to the same rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from chalicelib.domain.items import ConfigVersion, stamp
from chalicelib.services.ports import Check, Due, Lost, Put, Write
from chalicelib.store import keys, limits
from chalicelib.store.codec import decode, encode
from chalicelib.store.forms import Item
from tests.crash import Fuse

T = TypeVar("T")

Key = tuple[str, str]


class FakeStore:
    """A ``Store``. ``commits`` lists what was committed, in order; ``fails`` scripts the next commits' errors."""

    def __init__(self, fuse: Fuse | None = None) -> None:
        self._items: dict[Key, Item] = {}
        self._fuse = fuse or Fuse()
        self._failures: list[tuple[Exception, bool]] = []
        self.commits: list[tuple[Write, ...]] = []

    def fails(self, error: Exception, *, after_writing: bool = False) -> None:
        """Let the next commit raise; ``after_writing`` is the time-out whose write had happened."""
        self._failures.append((error, after_writing))

    def get(self, kind: type[T], *identity: str) -> T | None:
        item = self._items.get(keys.key_of(kind, identity))
        return None if item is None else decode(kind, item)

    def commit(self, *writes: Write) -> None:
        if not writes:
            return
        error, after_writing = self._failures.pop(0) if self._failures else (None, True)
        if error is not None and not after_writing:
            raise error
        named = [_key(write) for write in writes]
        items = [encode(write.item) if isinstance(write, Put) else None for write in writes]
        limits.check_commit(named, [limits.check_item(item) for item in items if item is not None])
        self._demand(writes, named)
        self._fuse.effect("store.commit " + " ".join(type(_row(write)).__name__ for write in writes))
        self._apply(named, items, writes)
        if error is not None:
            raise error

    def children(
        self, kind: type[T], *parent: str, limit: int | None = None, newest_first: bool = False
    ) -> Sequence[T]:
        pk, beginning = keys.prefix_of(kind, parent)
        found = sorted(key for key in self._items if key[0] == pk and key[1].startswith(beginning))
        if newest_first:
            found.reverse()
        return [decode(kind, self._items[key]) for key in found[:limit]]

    def due(self, shard: int, until: datetime) -> Iterator[Due]:
        for at, key in self._indexed(keys.DUE_SHARD, keys.due_shard(shard), keys.NEXT_DUE_AT, until):
            yield Due(keys.ref_of(*key), at)

    def open_work(self, team: str, until: datetime | None = None) -> Iterator[tuple[str, datetime]]:
        for at, key in self._indexed(keys.QUEUE, keys.queue_of(team), keys.QUEUE_AT, until):
            yield keys.ref_of(*key).identity[0], at

    def everything(self, kind: type[T]) -> list[T]:
        """Return every row of a kind, by key: for assertions only, the real table never scans."""
        found = (key for key in sorted(self._items) if keys.ref_of(*key).kind == kind.__name__)
        return [decode(kind, self._items[key]) for key in found]

    def _indexed(
        self, partition: str, value: str, sort: str, until: datetime | None
    ) -> list[tuple[datetime, Key]]:
        """Read an index: rows that have both attributes, in the sort attribute's order."""
        last = None if until is None else stamp(until)
        rows = [
            (item[sort]["S"], key)
            for key, item in self._items.items()
            if item.get(partition) == {"S": value} and sort in item
        ]
        return [(datetime.fromisoformat(at), key) for at, key in sorted(rows) if last is None or at <= last]

    def _demand(self, writes: Sequence[Write], named: Sequence[Key]) -> None:
        lost = [
            write for write, key in zip(writes, named, strict=True) if not _holds(write, self._items.get(key))
        ]
        if lost:
            raise Lost([_name(write) for write in lost])

    def _apply(self, named: Sequence[Key], items: Sequence[Item | None], writes: Sequence[Write]) -> None:
        for key, item, write in zip(named, items, writes, strict=True):
            if item is not None:
                self._items[key] = item
            elif not isinstance(write, Check):
                self._items.pop(key, None)
        self.commits.append(tuple(writes))


def _holds(write: Write, present: Item | None) -> bool:
    """Say whether a write's condition is met by the item present."""
    if isinstance(write, Check):
        return _rev(present) == write.rev
    rev: int | None = getattr(write.item, "rev", None)
    if rev is None:
        return not isinstance(write.item, ConfigVersion) or _is_same_text(write.item, present)
    if isinstance(write, Put):
        return present is None if rev == 1 else _rev(present) == rev - 1
    return _rev(present) == rev


def _is_same_text(version: ConfigVersion, present: Item | None) -> bool:
    return present is None or bool(present["text"]["S"] == version.text)


def _rev(item: Item | None) -> int | None:
    return None if item is None else int(item["rev"]["N"])


def _name(write: Write) -> tuple[str, tuple[str, ...]]:
    if isinstance(write, Check):
        return write.kind.__name__, write.identity
    return type(write.item).__name__, write.item.identity


def _key(write: Write) -> Key:
    if isinstance(write, Check):
        return keys.key_of(write.kind, write.identity)
    return keys.key_of(type(write.item), write.item.identity)


def _row(write: Write) -> Any:
    return write if isinstance(write, Check) else write.item
