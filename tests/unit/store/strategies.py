"""Any row of any kind, for property tests, made from the same type hints the codec reads."""

from __future__ import annotations

import types
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from chalicelib.store.keys import layout_of

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
NAMES = st.text(st.sampled_from("ab#%|:é2 "), min_size=1, max_size=6)
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone
EXPIRIES = INSTANTS.map(lambda at: at.replace(microsecond=0))
DURATIONS = st.timedeltas(timedelta(days=-400), timedelta(days=400))
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    bool: st.booleans(),
    int: st.integers(0, 999_999),
    float: st.floats(0, 1),
    datetime: INSTANTS,
    timedelta: DURATIONS,
}


def rows(kind: Any) -> st.SearchStrategy[Any]:
    """Return any row of a kind: identity parts may hold the key's own separators."""
    hints = get_type_hints(kind)
    named = layout_of(kind).fields
    return st.builds(kind, **{field: _field(field, hints[field], named) for field in hints})


def _field(field: str, hint: Any, named: tuple[str, ...]) -> st.SearchStrategy[Any]:
    if field == "expires_at":
        return st.none() | EXPIRIES
    if field == "rev":
        return st.integers(1, 99)
    return NAMES if field in named and hint is str else values(hint)


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Return any value of a type hint."""
    origin: Any = get_origin(hint)
    if origin in (Union, types.UnionType):
        return st.one_of(*(st.none() if arm is type(None) else values(arm) for arm in get_args(hint)))
    if origin is tuple:
        return _tuples(get_args(hint))
    if hint in PLAIN:
        return PLAIN[hint]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return st.sampled_from(list(hint))
    hints = get_type_hints(hint)
    return st.builds(hint, **{field: values(hints[field]) for field in hints})


def _tuples(arms: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    if arms[-1] is Ellipsis:
        return st.lists(values(arms[0]), max_size=3).map(tuple)
    return st.tuples(*(values(arm) for arm in arms))
