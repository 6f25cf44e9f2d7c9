"""How DynamoDB's refusals become ours; the answers are the service's own words, replayed by botocore's stub."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from botocore.stub import ANY, Stubber
from urllib3 import HTTPResponse

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.items import ConfigVersion
from chalicelib.errors import Transient
from chalicelib.services.ports import Check, Lost, Put, Remove
from chalicelib.store.codec import encode
from chalicelib.store.dynamo import CONFLICT_PAUSES, DynamoStore
from chalicelib.store.limits import TooLarge
from chalicelib.store.requests import IS_AS_READ, IS_NEW, IS_NEW_OR_SAYS_THE_SAME, request_of
from chalicelib.store.spending import Spent
from tests.builders import a_conversation, a_page, a_quarantined, a_timeline_row

Answer = dict[str, Any]
ACCESS: Any = {"region_name": "eu-west-1", "aws_access_key_id": "x", "aws_secret_access_key": "y"}


class Table:
    """A store whose client answers as told; ``pauses`` and ``spent`` are what the store did meanwhile."""

    def __init__(self) -> None:
        self.client = boto3.client("dynamodb", **ACCESS)
        self.stub = Stubber(self.client)
        self.pauses: list[float] = []
        self.spent: list[Spent] = []
        self.store = DynamoStore("t", client=self.client, pause=self.pauses.append)
        self.counting = DynamoStore("t", client=self.client, spent=self.spent.append)

    def cancels(self, *codes: str) -> None:
        """Let the next transaction be cancelled for these reasons, one for each write."""
        self.stub.add_client_error(
            "transact_write_items",
            "TransactionCanceledException",
            modeled_fields={"CancellationReasons": [{"Code": code} for code in codes]},
        )

    def writes(self, answer: Answer | None = None) -> None:
        """Let the next transaction succeed."""
        self.stub.add_response("transact_write_items", answer or {})


class Wire:
    """A store whose client really sends, over a wire that fails with these errors or answers (None); ``bodies`` is what went out."""

    def __init__(self, *answers: Exception | None, attempts: int = 1) -> None:
        retries: Any = {"mode": "standard", "total_max_attempts": attempts}
        client = boto3.client("dynamodb", **ACCESS, config=Config(retries=retries))
        send: Any = self._send
        client.meta.events.register("before-send.dynamodb", send)
        self._answers = list(answers)
        self.bodies: list[bytes] = []
        self.store = DynamoStore("t", client=client)

    def _send(self, request: Any, **_: Any) -> AWSResponse:
        self.bodies.append(request.body)
        error = self._answers.pop(0)
        if error is not None:
            raise error
        body: Any = HTTPResponse(BytesIO(b"{}"), preload_content=False)
        headers: Any = {}
        return AWSResponse(request.url, 200, headers, body)


@pytest.fixture
def table() -> Iterator[Table]:
    """A table that demands that every answer prepared is asked for."""
    made = Table()
    with made.stub:
        yield made
        made.stub.assert_no_pending_responses()


TWO = (Put(a_conversation(rev=2)), Put(a_timeline_row()))


def test_a_lone_row_is_put_without_the_price_of_a_transaction(table: Table) -> None:
    table.stub.add_response(
        "put_item",
        {},
        {
            "TableName": "t",
            "Item": encode(a_page(rev=2)),
            "ConditionExpression": "rev = :rev",
            "ExpressionAttributeValues": {":rev": {"N": "1"}},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        },
    )
    table.store.commit(Put(a_page(rev=2)))


def test_a_transactions_retries_share_a_token_and_two_transactions_never_do() -> None:
    """A retry after a time-out must write once; two equal decisions must not both look like the first."""
    wire = Wire(ReadTimeoutError(endpoint_url="x"), None, None, attempts=2)
    wire.store.commit(*TWO)
    wire.store.commit(*TWO)
    tried, retried, again = (json.loads(body)["ClientRequestToken"] for body in wire.bodies)
    assert tried == retried != again


def test_every_failed_condition_is_named_and_nothing_else(table: Table) -> None:
    table.cancels("ConditionalCheckFailed", "None")
    with pytest.raises(Lost) as lost:
        table.store.commit(*TWO)
    assert lost.value.rows == (("Conversation", a_conversation().identity),)


def test_a_failed_condition_outweighs_a_conflict(table: Table) -> None:
    """The caller must reload: trying the same again could not succeed."""
    table.cancels("ConditionalCheckFailed", "TransactionConflict")
    with pytest.raises(Lost):
        table.store.commit(*TWO)


def test_two_transactions_that_met_try_again_in_a_moment(table: Table) -> None:
    table.cancels("TransactionConflict", "None")
    table.writes()
    table.store.commit(*TWO)
    assert table.pauses == [CONFLICT_PAUSES[0]]


def test_a_row_that_others_keep_writing_is_left_for_later(table: Table) -> None:
    for _ in range(len(CONFLICT_PAUSES) + 1):
        table.cancels("TransactionConflict", "None")
    with pytest.raises(Transient, match="others keep writing"):
        table.store.commit(*TWO)
    assert table.pauses == list(CONFLICT_PAUSES)


def test_a_conflict_beside_a_throttle_is_not_made_worse_by_trying_again_at_once(table: Table) -> None:
    table.cancels("TransactionConflict", "ThrottlingError")
    with pytest.raises(Transient, match="ThrottlingError"):
        table.store.commit(*TWO)
    assert table.pauses == []


@pytest.mark.parametrize("code", ["ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_throttled_transaction_is_transient(table: Table, code: str) -> None:
    table.cancels("None", code)
    with pytest.raises(Transient, match=code):
        table.store.commit(*TWO)


def test_any_other_reason_is_a_bug_and_comes_as_it_is(table: Table) -> None:
    table.cancels("None", "ValidationError")
    with pytest.raises(ClientError, match="TransactionCanceledException"):
        table.store.commit(*TWO)


PASSING = [
    ("ThrottlingException", 400),
    ("ProvisionedThroughputExceededException", 400),
    ("RequestLimitExceeded", 400),
    ("TransactionConflictException", 400),
    ("TransactionInProgressException", 400),
    ("InternalServerError", 500),
    ("SomethingNobodyKnows", 503),
]


@pytest.mark.parametrize(("code", "status"), PASSING)
def test_what_may_pass_is_transient_wherever_it_happens(table: Table, code: str, status: int) -> None:
    for operation in ("put_item", "transact_write_items", "get_item", "query"):
        table.stub.add_client_error(operation, code, http_status_code=status)
    with pytest.raises(Transient, match=code):
        table.store.commit(Put(a_page()))
    with pytest.raises(Transient, match=code):
        table.store.commit(*TWO)
    with pytest.raises(Transient, match=code):
        table.store.get(Conversation, "c")
    with pytest.raises(Transient, match=code):
        list(table.store.open_work("care"))


@pytest.mark.parametrize(
    "code", ["AccessDeniedException", "ResourceNotFoundException", "ValidationException"]
)
def test_what_will_not_pass_comes_as_it_is(table: Table, code: str) -> None:
    table.stub.add_client_error("get_item", code)
    with pytest.raises(ClientError, match=code):
        table.store.get(Conversation, "c")


SILENCES = [
    ReadTimeoutError(endpoint_url="x"),
    ConnectTimeoutError(endpoint_url="x"),
    EndpointConnectionError(endpoint_url="x"),
    ConnectionClosedError(endpoint_url="x"),
]


@pytest.mark.parametrize("error", SILENCES, ids=lambda error: type(error).__name__)
def test_no_answer_at_all_is_transient(error: Exception) -> None:
    with pytest.raises(Transient, match="no answer from AWS"):
        Wire(error).store.commit(Put(a_page()))


def refused(table: Table, present: Any, *, retries: int) -> None:
    """Let the next put meet a row already there."""
    table.stub.add_client_error(
        "put_item",
        "ConditionalCheckFailedException",
        modeled_fields={"Item": encode(present)},
        response_meta={"RetryAttempts": retries},
    )


def test_a_lone_row_that_meets_another_is_lost(table: Table) -> None:
    refused(table, a_page(attempts=1), retries=0)
    with pytest.raises(Lost) as lost:
        table.store.commit(Put(a_page()))
    assert lost.value.rows == (("Page", a_page().identity),)


def test_a_retry_that_meets_its_own_first_try_has_written(table: Table) -> None:
    """The first answer was lost on the way; losing to oneself would leave a page leased by nobody."""
    refused(table, a_page(rev=2), retries=1)
    table.store.commit(Put(a_page(rev=2)))


def test_an_equal_row_met_at_the_first_try_is_somebody_elses(table: Table) -> None:
    refused(table, a_page(rev=2), retries=0)
    with pytest.raises(Lost):
        table.store.commit(Put(a_page(rev=2)))


def test_a_retry_that_meets_another_row_is_lost(table: Table) -> None:
    refused(table, a_page(rev=2, attempts=1), retries=1)
    with pytest.raises(Lost):
        table.store.commit(Put(a_page(rev=2)))


def test_each_kind_of_write_asks_for_its_own_condition() -> None:
    version = ConfigVersion("v1", "text", a_page().due_at, "ben")
    asked = [
        request_of(Put(a_page())).condition["ConditionExpression"],
        request_of(Put(a_page(rev=3))).condition["ConditionExpression"],
        request_of(Put(a_timeline_row())).condition.get("ConditionExpression"),
        request_of(Put(version)).condition["ConditionExpression"],
        request_of(Check(Conversation, ("c",), 4)).condition["ConditionExpression"],
        request_of(Remove(a_page(rev=4))).condition["ConditionExpression"],
    ]
    assert asked == [IS_NEW, IS_AS_READ, None, IS_NEW_OR_SAYS_THE_SAME, IS_AS_READ, IS_AS_READ]
    revs = [request_of(write).condition["ExpressionAttributeValues"][":rev"]["N"] for write in (
        Put(a_page(rev=3)), Check(Conversation, ("c",), 4), Remove(a_page(rev=4)))]  # fmt: skip
    assert revs == ["2", "4", "4"]


def test_what_cannot_fit_is_refused_before_aws_is_asked(table: Table) -> None:
    with pytest.raises(TooLarge):
        table.store.commit(Put(a_quarantined(body="x" * 410_000)))
    with pytest.raises(TooLarge):
        table.store.commit(*(Put(a_timeline_row(source_id=str(number))) for number in range(101)))


def test_what_a_call_costs_is_told_by_index(table: Table) -> None:
    used = {
        "TableName": "t",
        "CapacityUnits": 7.0,
        "GlobalSecondaryIndexes": {"due": {"CapacityUnits": 2.0}, "queue": {"CapacityUnits": 1.0}},
    }
    table.stub.add_response("put_item", {"ConsumedCapacity": used})
    table.writes({"ConsumedCapacity": [used]})
    table.stub.add_response("get_item", {"ConsumedCapacity": {"TableName": "t", "CapacityUnits": 1.0}})
    table.stub.add_response("query", {"Items": [], "ConsumedCapacity": used})
    table.counting.commit(Put(a_page()))
    table.counting.commit(*TWO)
    table.counting.get(Conversation, "c")
    list(table.counting.open_work("care"))
    indexes = {"due": 2.0, "queue": 1.0}
    assert table.spent == [
        Spent("PutItem", 7.0, indexes),
        Spent("TransactWriteItems", 7.0, indexes),
        Spent("GetItem", 1.0),
        Spent("Query", 7.0, indexes),
    ]


def test_capacity_is_asked_for_only_by_those_who_count_it(table: Table) -> None:
    expected = {"TableName": "t", "Key": ANY, "ConsistentRead": True}
    table.stub.add_response("get_item", {}, expected)
    table.store.get(Conversation, "c")
    table.stub.add_response(
        "get_item",
        {"ConsumedCapacity": {"CapacityUnits": 1.0}},
        expected | {"ReturnConsumedCapacity": "INDEXES"},
    )
    table.counting.get(Conversation, "c")


def test_a_list_is_read_page_by_page_and_no_further_than_asked(table: Table) -> None:
    key = {"pk": {"S": "q"}, "sk": {"S": "1"}}
    kind, name = type(a_timeline_row()), a_timeline_row().conversation_id
    first = {"Items": [encode(a_timeline_row())], "LastEvaluatedKey": key}
    asked = {
        "TableName": "t",
        "KeyConditionExpression": "pk = :pk AND begins_with(sk, :beginning)",
        "ExpressionAttributeValues": {":pk": {"S": f"V#{name}"}, ":beginning": {"S": "T#"}},
        "ConsistentRead": True,
        "ScanIndexForward": True,
    }
    table.stub.add_response("query", first, asked)
    second = {"Items": [encode(a_timeline_row(source_id="2"))]}
    table.stub.add_response("query", second, asked | {"ExclusiveStartKey": key})
    assert len(table.store.children(kind, name)) == 2
    table.stub.add_response("query", first)
    assert len(table.store.children(kind, name, limit=1)) == 1
