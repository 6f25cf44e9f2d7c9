"""Rows survive the table: whatever is written is read again, by older and by newer code alike."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.conversation import Claim, Conversation, Entry, Fired
from chalicelib.domain.items import Happened, StoredPost, TimelineRow
from chalicelib.domain.judgement import Judgement, PostKind, Priority
from chalicelib.store import keys
from chalicelib.store.codec import decode, encode
from chalicelib.store.forms import clean, form_of, slots_of
from chalicelib.store.limits import size_of
from chalicelib.store.names import SHORT
from tests.builders import (
    NIGHT,
    PAGE_ID,
    a_conversation,
    a_judgement,
    a_page,
    a_quarantined,
    a_stored_post,
    an_entry,
    minutes,
)
from tests.unit.store.strategies import DURATIONS, rows

KINDS = [layout.kind for layout in keys.LAYOUTS]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_row_is_read_as_it_was_written(kind: Any, data: st.DataObject) -> None:
    row = data.draw(rows(kind))
    item = encode(row)
    assert decode(kind, item) == row
    assert json.loads(json.dumps(item)) == item


@settings(max_examples=200, deadline=None)
@given(DURATIONS)
def test_a_duration_is_exact_to_the_microsecond(duration: timedelta) -> None:
    form = form_of(timedelta)
    assert form.read(form.write(duration)) == duration


def test_an_item_says_nothing_that_goes_without_saying() -> None:
    """Neither what its key tells, nor None, nor a default; ``rev`` always, because conditions ask for it."""
    item = encode(a_page(next_due_at=None, schedule=None))
    assert set(item) == {"pk", "sk", "channel", "due_at", "why", "rev"}


def test_instants_sort_as_text_in_the_order_of_time() -> None:
    form = form_of(datetime)
    instants = [NIGHT + timedelta(microseconds=step) for step in (0, 1, 999_999, 1_000_000, 86_400_000_000)]
    assert sorted(form.write(at)["S"] for at in instants) == [form.write(at)["S"] for at in instants]


def test_an_instant_in_any_zone_is_kept_as_utc() -> None:
    east = NIGHT.astimezone(timezone(timedelta(hours=9)))
    assert encode(a_page(due_at=east))["due_at"] == {"S": "2027-01-10T02:00:00.000000Z"}


def test_attributes_nobody_knows_are_ignored() -> None:
    """During a deploy, newer code writes rows that older code still reads."""
    item = encode(a_page()) | {"mood": {"S": "hopeful"}}
    assert decode(type(a_page()), item) == a_page()


def test_an_attribute_that_is_missing_takes_its_default() -> None:
    item = encode(a_page(attempts=3))
    del item["attempts"]
    assert decode(type(a_page()), item) == a_page(attempts=0)


def test_a_required_attribute_that_is_missing_is_named() -> None:
    item = encode(a_page())
    del item["why"]
    with pytest.raises(ValueError, match="a Page item lacks why"):
        decode(type(a_page()), item)


def test_a_required_field_that_may_be_none_comes_back_as_none() -> None:
    lonely = a_stored_post(conversation_id=None)
    assert decode(StoredPost, encode(lonely)) == lonely


def test_expiry_is_epoch_seconds_as_the_time_to_live_wants_it() -> None:
    assert encode(a_quarantined(expires_at=NIGHT))["expires_at"] == {"N": str(int(NIGHT.timestamp()))}


@pytest.mark.parametrize("hint", [bytes, dict[str, str], int | str], ids=str)
def test_a_type_no_item_can_hold_is_refused_by_name(hint: Any) -> None:
    with pytest.raises(TypeError, match=r"item can hold|two ways"):
        form_of(hint)


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no number"):
        encode(a_stored_post(judgement=a_judgement(confidence=float("nan"))))


def test_halves_of_a_character_are_replaced_and_whole_ones_joined() -> None:
    assert clean("a\ud83d") == "a\ufffd"
    assert clean("\ud83d\udc4b!") == "👋!"
    assert clean("plain") == "plain"


@pytest.mark.parametrize("kind", SHORT, ids=lambda kind: kind.__name__)
def test_no_two_fields_share_an_attribute(kind: Any) -> None:
    attributes = [slot.attribute for slot in slots_of(kind)]
    assert len(attributes) == len(set(attributes))
    assert SHORT[kind].keys() <= {slot.field for slot in slots_of(kind)}
    assert not set(SHORT[kind].values()) & {"pk", "sk", "rev", "queue", "due_shard"}


def test_the_kinds_with_short_names_are_those_written_with_every_post() -> None:
    assert set(SHORT) == {Conversation, Entry, Fired, Claim, StoredPost, Judgement}


def lifelike_conversation(posts: int) -> Conversation:
    """Return a conversation with ids, names and addresses as long as Facebook's."""
    entry = an_entry(
        id="998877665544332_112233445566778",
        received_at=NIGHT + timedelta(seconds=1.234567),
        parent_id=f"{PAGE_ID}_998877665544332",
        kind=PostKind.COMPLAINT,
        priority=Priority.HIGH,
        topics=("lost baggage",),
    )
    return a_conversation(
        thread_id=f"{PAGE_ID}_998877665544332",
        post_id=f"{PAGE_ID}_998877665544332",
        contact_name="Jordan Peters-Smith",
        permalink=f"https://www.facebook.com/{PAGE_ID}/posts/998877665544332?comment_id=112233445566778",
        version="20270101T090000-1a2b3c4d",
        topics=("lost baggage",),
        entries=(entry,) * posts,
        owed_post_id=entry.id,
        card_channels=("#social",),
        window_until=NIGHT + timedelta(days=7),
    )


def test_a_new_conversation_and_its_post_each_cost_one_kilobyte_to_write() -> None:
    """DynamoDB bills each started kilobyte, twice in a transaction: a follow-up still fits the first."""
    post = a_stored_post(
        external_id="998877665544332_112233445566778",
        thread_id=f"{PAGE_ID}_998877665544332",
        text="My bag has been lost for three days and nobody answers the phone. Flight AA123 from Leeds, help! "
        * 3,
        permalink=f"https://www.facebook.com/{PAGE_ID}/posts/998877665544332?comment_id=112233445566778",
        judgement=a_judgement(reasons=("says 'lost'", "asks for help", "three days of waiting")),
    )
    assert size_of(encode(lifelike_conversation(posts=2))) < 1000
    assert size_of(encode(post)) < 1000


def test_a_timeline_rows_name_is_its_whole_instant_kind_and_source() -> None:
    row = TimelineRow("c", NIGHT + timedelta(microseconds=7), Happened.POST, "1#2%", "words")
    assert decode(TimelineRow, encode(row)) == row
    assert encode(row)["sk"] == {"S": "T#2027-01-10T02:00:00.000007Z#post#1%232%25"}


def test_a_row_without_a_place_says_where_to_give_it_one() -> None:
    @dataclass(frozen=True)
    class Stray:
        identity: tuple[str, ...] = ("x",)

    with pytest.raises(LookupError, match=r"LAYOUTS in store/keys\.py"):
        encode(Stray())


def test_a_changed_row_differs_only_in_what_changed() -> None:
    before, after = encode(a_conversation()), encode(replace(a_conversation(), rev=2, target=minutes(15)))
    assert {name for name in after if before.get(name) != after[name]} == {"rev", "ta"}
