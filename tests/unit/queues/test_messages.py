"""Message bodies: what is sent is read, by any version still in flight, and what cannot be read is named."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import Permanent
from chalicelib.queues.messages import UnknownMessage, dumps, loads
from chalicelib.services.ports import (
    Fetch,
    Hand,
    Inbound,
    Message,
    Receipt,
    Ref,
    Sweep,
    Text,
    Wake,
    Whisper,
)
from tests.builders import NIGHT, a_conversation, a_page
from tests.unit.store.strategies import INSTANTS

WAKE = Wake(Ref("Conversation", a_conversation().identity), NIGHT)
REFS = st.builds(Ref, st.text(max_size=9), st.lists(st.text(max_size=9), max_size=6).map(tuple))
MESSAGES: st.SearchStrategy[Message] = st.one_of(
    st.builds(
        Inbound,
        st.text(max_size=9),
        st.text(max_size=9),
        INSTANTS,
        st.binary(max_size=99),
        swept=st.booleans(),
        history=st.booleans(),
    ),
    st.builds(Sweep, st.text(max_size=9), st.text(max_size=9), st.text(max_size=9)),
    st.builds(Fetch, st.text(max_size=9), st.text(max_size=9), st.text(max_size=9)),
    st.builds(Wake, REFS, INSTANTS),
    st.builds(Hand, REFS),
    st.builds(Whisper, st.text(max_size=9), st.text(max_size=9)),
    st.builds(Text, st.text(max_size=9), st.text(max_size=9), st.text(max_size=9)),
    st.builds(Receipt, st.text(max_size=9), st.none() | st.text(max_size=9)),
)


@given(MESSAGES)
def test_every_message_is_read_as_it_was_written(message: Message) -> None:
    assert loads(dumps(message)) == message


def test_a_body_says_its_version_and_kind() -> None:
    assert json.loads(dumps(Hand(Ref("Page", a_page().identity)))) == {
        "v": 1,
        "kind": "hand",
        "ref": ["Page", *a_page().identity],
    }


def test_a_delivery_travels_compressed_byte_for_byte() -> None:
    """Half a mebibyte of escaped JSON must not need half of what SQS allows, nor lose a byte of its signature."""
    body = b'{"text":"\\ud83d\\ude00\xff"}' * 20_000
    message = Inbound("facebook", "acme-meta", NIGHT, body)
    assert len(dumps(message)) < len(body) / 20
    read = loads(dumps(message))
    assert isinstance(read, Inbound)
    assert read.body == body


def test_the_same_delivery_makes_the_same_body() -> None:
    assert dumps(Inbound("x", "y", NIGHT, b"z")) == dumps(Inbound("x", "y", NIGHT, b"z"))


@pytest.mark.parametrize("mark", ["swept", "history"])
def test_how_a_delivery_came_is_told_only_when_it_was_not_by_webhook(mark: str) -> None:
    """A message of an older deployment lacks the mark, and means that a webhook told it."""
    plain = Inbound("x", "y", NIGHT, b"z")
    assert mark not in json.loads(dumps(plain))
    assert loads(dumps(replace(plain, **{mark: True}))) == replace(plain, **{mark: True})  # type: ignore[arg-type]


def test_a_sweep_and_a_question_name_what_they_are_about() -> None:
    assert json.loads(dumps(Sweep("x", "7", "mentions"))) == {
        "v": 1,
        "kind": "sweep",
        "platform": "x",
        "account": "7",
        "stream": "mentions",
    }
    assert json.loads(dumps(Fetch("x", "7", "42")))["post_id"] == "42"


@pytest.mark.parametrize(
    ("changes", "named"),
    [({"v": 2}, "version 2, kind 'wake'"), ({"kind": "sing"}, "kind 'sing'"), ({"v": []}, "no JSON object")],
)
def test_an_unknown_version_or_kind_is_permanent_and_named(changes: dict[str, Any], named: str) -> None:
    body = json.dumps(json.loads(dumps(WAKE)) | changes)
    with pytest.raises(UnknownMessage, match=named) as fault:
        loads(body)
    assert isinstance(fault.value, Permanent)
    assert fault.value.runbook == "unknown-message"


@pytest.mark.parametrize("body", ["", "[]", "null", "not json", '"wake"'])
def test_what_is_no_message_at_all_is_permanent(body: str) -> None:
    with pytest.raises(UnknownMessage, match="no JSON object"):
        loads(body)


BROKEN = [
    {"due_at": "tomorrow"},
    {"due_at": None},
    {"ref": []},
    {"ref": None},
]


@pytest.mark.parametrize("changes", BROKEN, ids=str)
def test_a_message_with_a_broken_part_is_permanent_and_says_which_kind(changes: dict[str, Any]) -> None:
    with pytest.raises(UnknownMessage, match="the wake message cannot be read"):
        loads(json.dumps(json.loads(dumps(WAKE)) | changes))


BAD_BODIES = [
    "!",
    base64.b64encode(b"plain").decode(),
    base64.b64encode(gzip.compress(b"x" * 99, mtime=0)[:-4]).decode(),
]


@pytest.mark.parametrize("body", BAD_BODIES)
def test_a_delivery_that_was_damaged_on_the_way_is_permanent(body: str) -> None:
    fields = json.loads(dumps(Inbound("x", "y", NIGHT, b"z"))) | {"body": body}
    with pytest.raises(UnknownMessage, match="the inbound message cannot be read"):
        loads(json.dumps(fields))


def test_an_instant_keeps_its_microseconds() -> None:
    late = Wake(WAKE.ref, NIGHT + timedelta(microseconds=1))
    assert loads(dumps(late)) == late
