"""Keys: every row has one place, its place tells its name, and no two rows share one."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib import domain
from chalicelib.domain.conversation import Conversation
from chalicelib.domain.items import Page, StoredPost, ThreadLink
from chalicelib.services.ports import SHARDS, Ref
from chalicelib.store import keys
from chalicelib.store.keys import LAYOUTS, key_of, kind_named, layout_of, prefix_of, ref_of, shard_of
from tests.unit.store.strategies import rows

KINDS = [layout.kind for layout in LAYOUTS]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_key_tells_the_rows_name(kind: Any, data: st.DataObject) -> None:
    """An index of keys only must be enough to say which row is due."""
    row = data.draw(rows(kind))
    assert ref_of(*key_of(kind, row.identity)) == Ref(kind.__name__, row.identity)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_layout_names_the_fields_of_the_identity(kind: Any) -> None:
    assert set(layout_of(kind).fields) <= {field.name for field in fields(kind)}


def test_every_row_of_the_domain_has_a_place_and_a_line_in_the_table_of_keys() -> None:
    modules = [import_module(f"{domain.__name__}.{one.name}") for one in iter_modules(domain.__path__)]
    rows = {
        kind
        for module in modules
        for kind in vars(module).values()
        if is_dataclass(kind) and kind.__module__ == module.__name__ and hasattr(kind, "identity")
    }
    assert rows == set(KINDS)
    described = {line.split(" ")[0] for line in (keys.__doc__ or "").splitlines()}
    assert {kind.__name__ for kind in KINDS} <= described


def test_no_two_kinds_share_a_letter_and_a_mark() -> None:
    marks = [(layout.letter, layout.mark) for layout in LAYOUTS]
    assert len(marks) == len(set(marks))


PARTS = st.lists(st.text(st.sampled_from("a#%23"), min_size=1, max_size=4), min_size=3, max_size=3)


@given(PARTS, PARTS)
def test_two_names_never_share_a_key(one: list[str], other: list[str]) -> None:
    assert (key_of(StoredPost, one) == key_of(StoredPost, other)) == (one == other)


@given(PARTS, PARTS)
def test_a_row_lies_under_its_own_parent_only(parent: list[str], other: list[str]) -> None:
    pk, beginning = prefix_of(ThreadLink, parent)
    row = key_of(ThreadLink, [*other, "c1"])
    assert (row[0] == pk and row[1].startswith(beginning)) == (parent == other)


def test_numbers_in_a_key_sort_as_numbers() -> None:
    sks = [key_of(Page, ("c", str(epoch), "1", "0", "ana", "0"))[1] for epoch in (2, 10, 100)]
    assert sks == sorted(sks)


def test_a_row_never_moves_to_another_shard_and_shards_are_even() -> None:
    shards = [shard_of(*key_of(Conversation, (f"{number:020x}",))) for number in range(4000)]
    assert set(shards) == set(range(SHARDS))
    assert max(map(shards.count, range(SHARDS))) < 1.2 * 4000 / SHARDS
    assert shard_of("V#0", "C") == 6


def test_a_message_names_its_kind_and_an_unknown_kind_is_refused() -> None:
    assert kind_named("Page") is Page
    with pytest.raises(LookupError, match="Sparkle is no row"):
        kind_named("Sparkle")


@pytest.mark.parametrize(("pk", "sk"), [("Z#1", "C"), ("V#1", "Z"), ("V", "Z#2")])
def test_a_key_of_no_known_row_is_refused(pk: str, sk: str) -> None:
    with pytest.raises(LookupError, match="no row is kept"):
        ref_of(pk, sk)
