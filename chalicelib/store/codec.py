"""Items of the table ⇄ rows of the domain, driven by the dataclasses' own type hints.

An item leaves out what its key tells and whatever equals its field's default, so a field's default may never
change once rows exist. Attributes nobody knows are ignored and missing ones take the default, so two
versions of the code can share a table during a deploy. Nothing here knows conditions, queries or boto3.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar, get_type_hints

from chalicelib.store import keys
from chalicelib.store.forms import Hint, Item, Slot, Value, Wire, read_fields, slots_of, write_fields

T = TypeVar("T")

Row = Value
"""Any dataclass that ``keys.LAYOUTS`` gives a place."""

_BODIES: dict[Hint, tuple[Slot, ...]] = {}
_NAMES: dict[Hint, dict[str, Hint]] = {}


def encode(row: Row) -> Item:
    """Return the item of a row, its key and its index attributes included."""
    pk, sk = keys.key_of(type(row), row.identity)
    item: Item = {keys.PK: {"S": pk}, keys.SK: {"S": sk}}
    item |= {name: {"S": value} for name, value in keys.index_keys(row, pk, sk).items()}
    return item | write_fields(row, _body(type(row)))


def decode(kind: type[T], item: Mapping[str, Wire]) -> T:
    """Return the row of an item. Raises: ValueError naming a required attribute that is missing."""
    ref = keys.ref_of(item[keys.PK]["S"], item[keys.SK]["S"])
    hints = _identity_hints(kind)
    named = zip(hints.items(), ref.identity, strict=True)
    told = {field: _from_key(hint, part) for (field, hint), part in named}
    return kind(**told, **read_fields(kind, item, _body(kind)))


def _body(kind: Hint) -> tuple[Slot, ...]:
    """Return the fields that the key does not tell."""
    if kind not in _BODIES:
        named = keys.layout_of(kind).fields
        _BODIES[kind] = tuple(slot for slot in slots_of(kind) if slot.field not in named)
    return _BODIES[kind]


def _identity_hints(kind: Hint) -> dict[str, Hint]:
    if kind not in _NAMES:
        hints = get_type_hints(kind)
        _NAMES[kind] = {field: hints[field] for field in keys.layout_of(kind).fields}
    return _NAMES[kind]


def _from_key(hint: Hint, part: str) -> Value:
    return datetime.fromisoformat(part) if hint is datetime else hint(part)
