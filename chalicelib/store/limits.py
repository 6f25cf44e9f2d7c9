"""What DynamoDB will not take, checked before it is asked, so that the fake and the table refuse alike.

Sizes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chalicelib.errors import Permanent
from chalicelib.store.forms import Item, Wire

MAX_ROWS = 100
MAX_ITEM_BYTES = 400 * 1024
MAX_COMMIT_BYTES = 4 * 1024 * 1024


class TooLarge(Permanent):
    """A row or a commit is larger than the table takes; trying again will not shrink it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, runbook="row-too-large")


def size_of(item: Item) -> int:
    """Return an item's bytes as DynamoDB counts and bills them, names included."""
    return sum(len(name.encode()) + _size(wire) for name, wire in item.items())


def check_item(item: Item) -> int:
    """Return the item's bytes. Raises: TooLarge above 400 KB."""
    size = size_of(item)
    if size > MAX_ITEM_BYTES:
        kind = item["pk"]["S"].partition("#")[0]  # what follows may be personal, and this ends in logs
        raise TooLarge(f"a row of {kind} would weigh {size} bytes; the table takes {MAX_ITEM_BYTES}")
    return size


def check_commit(keys: Sequence[tuple[str, str]], sizes: Sequence[int]) -> None:
    """Refuse what no transaction can hold.

    Raises: TooLarge above 100 rows or 4 MB, ValueError when one row is named twice (a bug in the caller).
    """
    if len(keys) > MAX_ROWS:
        raise TooLarge(f"{len(keys)} rows in one commit; the table takes {MAX_ROWS}")
    if sum(sizes) > MAX_COMMIT_BYTES:
        raise TooLarge(f"{sum(sizes)} bytes in one commit; the table takes {MAX_COMMIT_BYTES}")
    twice = {key for key in keys if keys.count(key) > 1} if len(set(keys)) < len(keys) else set()
    if twice:
        raise ValueError(f"one commit names a row twice: {sorted(twice)}")


def _size(wire: Wire) -> int:
    ((tag, value),) = wire.items()
    return _SIZES[tag](value)


def _number(text: str) -> int:
    digits = text.lstrip("-").replace(".", "").strip("0")
    return (len(digits) + 1) // 2 + 1 + text.startswith("-")


_SIZES: Mapping[str, Callable[[Any], int]] = {
    "S": lambda text: len(text.encode()),
    "N": _number,
    "BOOL": lambda _: 1,
    "L": lambda wires: 3 + sum(1 + _size(wire) for wire in wires),
    "M": lambda wires: 3 + sum(1 + len(name.encode()) + _size(wire) for name, wire in wires.items()),
}
