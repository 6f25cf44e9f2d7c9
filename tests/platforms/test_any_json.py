"""Whatever JSON comes under a good signature, the answer is records or quarantine, never an exception.

Fixtures are mutated everywhere: values swapped for others of any type, keys dropped, lists grown, text made absurd.
"""

from __future__ import annotations

import bisect
import copy
import json
import random
from datetime import UTC
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.platforms import registry
from chalicelib.platforms.base import Own, UnreadableBody
from chalicelib.platforms.payload import dump, parse
from chalicelib.platforms.records import as_records
from tests.platforms.twins import NOW, samples, twin

NAMES = sorted(registry.PLATFORMS)
ABSURD: list[Any] = [
    None,
    True,
    0,
    -1,
    1e308,
    float("inf"),
    float("nan"),
    10**400,
    "",
    "0",
    "\ud800",
    "\x00",
    "é" * 2000,
    "9" * 500,
    "i" * 100_000,
    "1797264000" * 40,
    "99999999999999999",
    "9999-12-31T23:59:59.999999+00:00",
    10**30,
    2**63,
    "2026-13-45T99:00:00+0000",
    "0001-01-01T00:00:00+1400",
    "Mon Jan 01 00:00:00 +1400 0001",
    [],
    {},
    [[]],
    [None],
    {"id": []},
    {"id": {"id": 1}},
    [{"id": None, "type": {}}],
]
DAMAGE = [
    b"",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b'"',
    b"\\u0000",
    b"\\ud800",
    b"\xff",
    b"\x00",
    b"1e999",
    b"NaN",
    b"null",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(ABSURD),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List the path of every value inside a payload."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(deep for key, inner in inside for deep in places(inner, (*path, key)))]


def deepened(value: Any, levels: int) -> Any:
    """Bury a value in lists and objects by turns."""
    for level in range(levels):
        value = [value] if level % 2 else {"id": value}
    return value


def exchanged(payload: Any, one: int, other: int) -> Any:
    """Put a copy of what stands in one place into another: lists where objects are due, objects where texts are."""
    found = places(payload)
    source: Any = payload
    for step in found[one % len(found)]:
        source = source[step]
    result = copy.deepcopy(payload)
    path = found[other % len(found)]
    if not path:
        return copy.deepcopy(source)
    holder = result
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = copy.deepcopy(source)
    return result


def mutated(payload: Any, changes: list[tuple[int, str, Any]]) -> Any:
    """Apply changes to a copy: replace, drop, or double whatever is found at a position."""
    result = copy.deepcopy(payload)
    for position, how, value in changes:
        found = places(result)
        path = found[position % len(found)]
        if not path:
            continue
        holder = result
        for step in path[:-1]:
            holder = holder[step]
        change(holder, path[-1], how, value)
    return result


def change(holder: Any, key: Any, how: str, value: Any) -> None:
    if how == "drop":
        del holder[key]
    elif how == "double" and isinstance(holder, list):
        holder.append(copy.deepcopy(holder[key]))
    else:
        holder[key] = copy.deepcopy(value)


def survives(name: str, body: bytes, own: Own) -> None:
    """Read a body in full, as intake would, and check what came of it."""
    platform = registry.platform(name)
    try:
        updates = platform.updates(body)
    except UnreadableBody:
        assert platform.split(body) == [body]
        return
    assert platform.split(body, at_most=1)
    for update in updates:
        reading = platform.read(update, own, NOW)
        held = reading.posts, reading.receipts, reading.disconnections, reading.ignored, reading.unreadable
        assert sum(map(len, held)) == 1, "an event neither read nor named is an event lost"
        json.dumps(update.payload)
        json.dumps(as_records(reading)).encode()
        for post in reading.posts:
            assert post.created_at.tzinfo is UTC
            keys = (post.external_id, post.thread_id, post.dedupe_key, post.parent_id, post.contact_id)
            assert all(len(key.encode()) < 4000 for key in keys if key is not None)


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_mutated_payload_is_read_or_quarantined(name: str, data: st.DataObject) -> None:
    sample = data.draw(st.sampled_from(samples(name)))
    how = st.sampled_from(["replace", "replace", "drop", "double"])
    changes = data.draw(st.lists(st.tuples(st.integers(0, 500), how, JSON), min_size=1, max_size=4))
    survives(name, json.dumps(mutated(sample.payload, changes)).encode(), sample.ours())


@pytest.mark.parametrize("name", NAMES)
@given(payload=JSON)
@settings(max_examples=100, deadline=None)
def test_any_json_at_all_is_read_or_quarantined(name: str, payload: Any) -> None:
    survives(name, json.dumps(payload).encode(), Own(name, "app"))


@pytest.mark.parametrize("name", NAMES)
def test_every_value_of_every_fixture_may_be_absurd(name: str) -> None:
    """Every place once, each with another absurdity: the drawn mutations cannot miss a field."""
    dice = random.Random(name)  # noqa: S311 - it draws absurdities, not keys
    for sample in samples(name):
        for position in range(len(places(sample.payload))):
            for how in ("replace", "drop"):
                broken = mutated(sample.payload, [(position, how, dice.choice(ABSURD))])
                survives(name, json.dumps(broken).encode(), sample.ours())


@pytest.mark.parametrize("name", NAMES)
def test_other_platforms_payloads_are_quarantined_or_ignored(name: str) -> None:
    for other in NAMES:
        for sample in samples(other):
            survives(name, sample.body, Own(name, "app", ids=frozenset({twin(name).account})))


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(max_examples=70, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_values_may_change_places(name: str, data: st.DataObject) -> None:
    """Every value is of some other field's type."""
    sample = data.draw(st.sampled_from(samples(name)))
    changed: Any = sample.payload
    for _ in range(data.draw(st.integers(1, 3))):
        changed = exchanged(changed, data.draw(st.integers(0, 500)), data.draw(st.integers(0, 500)))
    survives(name, json.dumps(changed).encode(), sample.ours())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("levels", [5, 50, 150, 300, 450, 900, 20_000])
def test_any_value_may_be_nested_deeply(name: str, levels: int) -> None:
    """What can be read can be written again, at whatever depth of calls: else it is no payload at all."""
    dice = random.Random(f"{name}{levels}")  # noqa: S311 - it draws places, not keys
    deep = "[" * levels + "1" + "]" * levels
    for sample in samples(name):
        position = dice.randrange(len(places(sample.payload)))
        marked = mutated(sample.payload, [(position, "replace", "DEEP")])
        survives(name, json.dumps(marked).replace('"DEEP"', deep).encode(), sample.ours())


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(max_examples=70, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_bytes_themselves_may_be_damaged(name: str, data: st.DataObject) -> None:
    """Cut, doubled, overwritten: keys come twice, texts end in half a letter, or nothing parses at all."""
    body = bytearray(data.draw(st.sampled_from(samples(name))).body)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(body)))
        end = min(len(body), start + data.draw(st.integers(0, 40)))
        piece = data.draw(
            st.sampled_from(DAMAGE) | st.binary(max_size=6) | st.just(bytes(body[start:end]) * 2)
        )
        body[start:end] = piece
    survives(name, bytes(body), Own(name, "app", ids=frozenset({twin(name).account})))


@pytest.mark.parametrize("name", NAMES)
def test_a_key_may_come_twice_and_a_number_be_beyond_all_measure(name: str) -> None:
    for sample in samples(name):
        text = json.dumps(sample.payload)
        for word in ('"id": ', '"time": ', '"timestamp": ', '"created_time": '):
            for value in (
                "1e999",
                "-1e999",
                "NaN",
                "9" * 4000,
                "9" * 6000,
                "0.1e-400",
                '"\\u0000"',
                '"\\ud83d"',
            ):
                survives(name, text.replace(word, f"{word}{value}, {word}", 1).encode(), sample.ours())
                survives(name, text.replace(word, f'{word}{value}, "was": ').encode(), sample.ours())


def test_the_deepest_body_that_is_read_can_be_written_by_whoever_handles_it() -> None:
    """Quarantine writes it a hundred calls further down than intake read it; failing there would lose it."""

    def is_read(levels: int) -> bool:
        try:
            parse(b"[" * levels + b"]" * levels)
        except UnreadableBody:
            return False
        return True

    def further_down(calls: int, payload: object) -> bytes:
        return further_down(calls - 1, payload) if calls else dump(payload)

    deepest = bisect.bisect_left(range(20_000), x=True, key=lambda levels: not is_read(levels)) - 1
    assert 100 < deepest < 20_000
    assert further_down(100, parse(b"[" * deepest + b"]" * deepest))
