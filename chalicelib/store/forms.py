"""How values of each type are written to and read from an attribute, found by type hint.

Instants are ISO-8601 with microseconds and ``Z`` (they sort as text), durations are seconds, numbers are exact.
Nothing here knows rows' keys, conditions or boto3.
"""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

from chalicelib.domain.items import stamp
from chalicelib.store.names import written_as

Wire = dict[str, Any]
"""One attribute value as DynamoDB's API spells it: ``{"S": "text"}``."""

Item = dict[str, Wire]
"""Attributes by name."""

Hint = Any
"""A field's type hint; the values it describes are ``Value``."""

Value = Any

ALWAYS_WRITTEN = frozenset({"rev"})  # conditions ask for it, so its default is written too
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Form:
    """How values of one type are written and read."""

    write: Callable[[Value], Wire]
    read: Callable[[Wire], Value]


@dataclass(frozen=True, slots=True)
class Slot:
    """One field of a dataclass: the attribute that holds it, how, and what its absence means."""

    field: str
    attribute: str
    form: Form
    default: Value
    optional: bool

    def is_telling(self, value: Value) -> bool:
        """Say whether a value must be written: None and the default go without saying."""
        return self.field in ALWAYS_WRITTEN or (value is not None and value != self.default)

    def absent(self, kind: Hint) -> Value:
        """Return the value of an attribute that is not there. Raises: ValueError when there must be one."""
        if self.default is not MISSING:
            return self.default
        if self.optional:
            return None
        raise ValueError(f"a {kind.__name__} item lacks {self.field}: a newer version, or a hand, wrote it")


_SLOTS: dict[Hint, tuple[Slot, ...]] = {}


def slots_of(kind: Hint) -> tuple[Slot, ...]:
    """Return how a dataclass' fields are kept, in their order; worked out once."""
    if kind not in _SLOTS:
        hints = get_type_hints(kind)
        _SLOTS[kind] = tuple(_slot(kind, field, hints[field.name]) for field in fields(kind))
    return _SLOTS[kind]


def write_fields(row: Value, slots: tuple[Slot, ...]) -> Item:
    """Return the attributes of those fields of a row that must be written."""
    values = ((slot, getattr(row, slot.field)) for slot in slots)
    return {slot.attribute: slot.form.write(value) for slot, value in values if slot.is_telling(value)}


def read_fields(kind: Hint, item: Mapping[str, Wire], slots: tuple[Slot, ...]) -> dict[str, Value]:
    """Return fields' values by name, read or defaulted. Raises: ValueError naming a missing one."""
    return {
        slot.field: slot.form.read(item[slot.attribute]) if slot.attribute in item else slot.absent(kind)
        for slot in slots
    }


def form_of(hint: Hint) -> Form:
    """Return the form of a type hint. Raises: TypeError for a type no item may hold."""
    origin: Any = get_origin(hint)
    if origin in (Union, types.UnionType):
        return form_of(_only(hint))
    if origin is tuple:
        return _tuple(get_args(hint))
    if hint in _PLAIN:
        return _PLAIN[hint]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return Form(lambda value: {"S": value.value}, lambda wire: hint(wire["S"]))
    if is_dataclass(hint):
        return _nested(hint)
    raise TypeError(f"no item can hold a {hint}: teach store/forms.py, or use a plainer type")


def clean(text: str) -> str:
    """Return text that UTF-8 can carry: half a surrogate pair, which JSON can smuggle in, becomes U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _slot(kind: Hint, field: Any, hint: Hint) -> Slot:  # noqa: ANN401 - dataclasses.Field of anything
    default = field.default if field.default_factory is MISSING else field.default_factory()
    form = EPOCH_SECONDS if field.name == "expires_at" else form_of(hint)
    return Slot(field.name, written_as(kind, field.name), form, default, type(None) in get_args(hint))


def _only(hint: Hint) -> Hint:
    one, *others = (arm for arm in get_args(hint) if arm is not type(None))
    if others:
        raise TypeError(f"{hint} could be read in two ways: only X | None is allowed")
    return one


def _tuple(arms: tuple[Hint, ...]) -> Form:
    if arms[-1] is Ellipsis:
        form = form_of(arms[0])
        return Form(
            lambda values: {"L": [form.write(value) for value in values]},
            lambda wire: tuple(form.read(value) for value in wire["L"]),
        )
    forms = tuple(form_of(arm) for arm in arms)
    return Form(
        lambda values: {"L": [one.write(value) for one, value in zip(forms, values, strict=True)]},
        lambda wire: tuple(one.read(value) for one, value in zip(forms, wire["L"], strict=True)),
    )


def _nested(kind: Hint) -> Form:
    slots = slots_of(kind)
    return Form(
        lambda row: {"M": write_fields(row, slots)},
        lambda wire: kind(**read_fields(kind, wire["M"], slots)),
    )


def _number(value: float) -> Wire:
    if not math.isfinite(value):
        raise ValueError(f"{value} is no number DynamoDB can hold")
    return {"N": repr(float(value))}


def _seconds(value: timedelta) -> Wire:
    whole, rest = divmod(abs(value // _MICROSECOND), 1_000_000)
    sign = "-" if value < timedelta(0) else ""
    return {"N": f"{sign}{whole}.{rest:06d}".rstrip("0") if rest else f"{sign}{whole}"}


def _duration(wire: Wire) -> timedelta:
    whole, _, rest = wire["N"].lstrip("-").partition(".")
    size = timedelta(seconds=int(whole), microseconds=int(rest.ljust(6, "0")) if rest else 0)
    return -size if wire["N"].startswith("-") else size


_PLAIN: dict[Hint, Form] = {
    str: Form(lambda value: {"S": clean(value)}, lambda wire: wire["S"]),
    bool: Form(lambda value: {"BOOL": value}, lambda wire: wire["BOOL"]),
    int: Form(lambda value: {"N": str(value)}, lambda wire: int(wire["N"])),
    float: Form(_number, lambda wire: float(wire["N"])),
    datetime: Form(lambda value: {"S": stamp(value)}, lambda wire: datetime.fromisoformat(wire["S"])),
    timedelta: Form(_seconds, _duration),
}

EPOCH_SECONDS = Form(
    lambda at: {"N": str(math.ceil(at.timestamp()))}, lambda wire: _EPOCH + int(wire["N"]) * _SECOND
)
"""The form DynamoDB's time to live asks of ``expires_at``; a fraction of a second is rounded up."""
