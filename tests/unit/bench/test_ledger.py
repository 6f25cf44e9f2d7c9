"""What a call costs, read from its request and its answer; and calls counted without the code's knowledge."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.session import Session
from botocore.stub import Stubber

from infra.bench.ledger import Call, Ledger, Listener, call_of, item_bytes, read_units

KEY = {"pk": {"S": "V#1"}, "sk": {"S": "C"}}


def test_an_item_is_as_large_as_its_names_and_values() -> None:
    """Text in UTF-8, numbers by their digits, lists and maps with a little on top."""
    assert item_bytes({"pk": {"S": "abc"}}) == 5
    assert item_bytes({"pk": {"S": "é"}}) == 4
    assert item_bytes({"flag": {"BOOL": True}, "none": {"NULL": True}}) == 10
    assert item_bytes({"n": {"N": "1234"}}) == 5
    assert item_bytes({"l": {"L": [{"S": "ab"}, {"M": {"k": {"S": "v"}}}]}}) == 1 + 3 + (1 + 2) + (
        1 + 3 + 1 + 1 + 1
    )


@pytest.mark.parametrize(
    ("size", "consistent", "units"),
    [(0, True, 1), (0, False, 0.5), (4000, True, 1), (4200, True, 2), (4200, False, 1), (40_000, True, 10)],
)
def test_reads_are_billed_by_four_kibibytes_and_by_half_when_they_may_be_stale(
    size: int,
    consistent: bool,  # noqa: FBT001 - a column
    units: float,
) -> None:
    items = [{"t": {"S": "x" * size}}] if size else []
    assert read_units(items, consistent=consistent) == units


def test_a_list_is_billed_by_the_sum_of_its_items() -> None:
    items = [{"t": {"S": "x" * 1000}}] * 5
    assert read_units(items, consistent=True) == 2


def test_a_read_of_an_index_is_the_index_part() -> None:
    call = call_of("dynamodb", "Query", {"IndexName": "due"}, {"Items": []})
    assert (call.reads, call.writes, dict(call.indexes)) == (0.5, 0, {"due": 0.5})


def test_a_write_costs_what_dynamodb_says() -> None:
    told = [
        {"TableName": "t", "CapacityUnits": 12.0, "GlobalSecondaryIndexes": {"due": {"CapacityUnits": 1.0}}}
    ]
    call = call_of("dynamodb", "TransactWriteItems", {}, {"ConsumedCapacity": told})
    assert (call.reads, call.writes, dict(call.indexes)) == (0, 12, {"due": 1})


def test_a_call_to_another_service_has_no_units() -> None:
    assert call_of("ssm", "GetParameter", {}, {}) == Call("ssm", "GetParameter")


def test_a_ledger_sums_up_and_keeps_the_order() -> None:
    calls = [
        Call("dynamodb", "GetItem", reads=1),
        Call("dynamodb", "TransactWriteItems", writes=5, indexes={"due": 1}),
        Call("sqs", "SendMessageBatch", asked={"Entries": [{"MessageBody": "m", "DelaySeconds": 7}]}),
        Call("dynamodb", "Query", reads=0.5, indexes={"due": 0.5}),
    ]
    ledger = Ledger(calls)
    assert (ledger.count(), ledger.count("dynamodb.GetItem", "dynamodb.Query")) == (4, 2)
    assert (ledger.reads, ledger.writes, ledger.indexes) == (1.5, 5, {"due": 1.5})
    assert ledger.until("dynamodb.TransactWriteItems") == ["dynamodb.GetItem", "dynamodb.TransactWriteItems"]
    assert ledger.queued == [("m", 7)]


@pytest.fixture
def table() -> Iterator[tuple[Listener, Any]]:
    """A table that answers one read, and somebody who listens."""
    session = Session()
    listener = Listener(session)
    client = session.create_client(
        "dynamodb", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="y"
    )
    with Stubber(client) as stub:
        asked = {"TableName": "t", "Key": KEY, "ReturnConsumedCapacity": "INDEXES"}
        stub.add_response("get_item", {"Item": KEY}, asked)
        yield listener, client


def test_calls_are_counted_and_asked_for_their_capacity_without_the_codes_knowledge(
    table: tuple[Listener, Any],
) -> None:
    listener, client = table
    with listener.counting() as ledger:
        client.get_item(TableName="t", Key=KEY)
    assert [(call.name, call.reads) for call in ledger.calls] == [("dynamodb.GetItem", 0.5)]


def test_what_nobody_counts_leaves_no_trace(table: tuple[Listener, Any]) -> None:
    listener, client = table
    client.get_item(TableName="t", Key=KEY)
    with listener.counting() as ledger:
        assert ledger.calls == []
