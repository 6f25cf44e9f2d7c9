"""The table, on DynamoDB: reads are consistent, writes conditional and all or nothing.

Every refusal is either Lost (somebody was first: reload and decide again) or Transient (try the whole thing
again). After a time-out a commit may or may not have happened; since every changing row has a ``rev``, the
caller who reloads finds out. Nothing here decides, and nothing scans.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from chalicelib.aws import PASSING, make_client, translating
from chalicelib.domain.items import stamp
from chalicelib.errors import Transient
from chalicelib.services.ports import Due, Lost, Put, Write
from chalicelib.store import keys, limits
from chalicelib.store.codec import decode
from chalicelib.store.forms import Item
from chalicelib.store.requests import Request, request_of
from chalicelib.store.spending import Spent, spent_by

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from mypy_boto3_dynamodb import DynamoDBClient

T = TypeVar("T")

CONFLICT_PAUSES = (0.03, 0.09)
"""Seconds to wait before trying again when two transactions met: nothing was written, and it is soon over."""

_FAILED = "ConditionalCheckFailed"
_CONFLICT = "TransactionConflict"


class DynamoStore:
    """A ``Store``. ``spent`` is told the capacity of every call; ``pause`` waits between conflicting commits."""

    def __init__(
        self,
        table: str,
        *,
        client: DynamoDBClient | None = None,
        spent: Callable[[Spent], None] | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._table = table
        self._given = client
        self._spent = spent
        self._pause = pause
        self._capacity: Any = {"ReturnConsumedCapacity": "INDEXES"} if spent else {}

    @cached_property
    def _client(self) -> DynamoDBClient:
        client: DynamoDBClient = self._given or make_client("dynamodb")
        return client

    def get(self, kind: type[T], *identity: str) -> T | None:
        pk, sk = keys.key_of(kind, identity)
        with translating(f"reading {kind.__name__}"):
            answer: Any = self._client.get_item(
                TableName=self._table,
                Key={keys.PK: {"S": pk}, keys.SK: {"S": sk}},
                ConsistentRead=True,
                **self._capacity,
            )
        self._account("GetItem", answer)
        item = answer.get("Item")
        return None if item is None else decode(kind, item)

    def commit(self, *writes: Write) -> None:
        requests = [request_of(write) for write in writes]
        limits.check_commit([one.key for one in requests], [one.size for one in requests])
        if len(requests) == 1 and isinstance(writes[0], Put):
            self._put(requests[0])
        elif requests:
            self._transact(requests)

    def children(
        self, kind: type[T], *parent: str, limit: int | None = None, newest_first: bool = False
    ) -> Sequence[T]:
        pk, beginning = keys.prefix_of(kind, parent)
        pages = self._pages(
            KeyConditionExpression="pk = :pk AND begins_with(sk, :beginning)",
            ExpressionAttributeValues={":pk": {"S": pk}, ":beginning": {"S": beginning}},
            ConsistentRead=True,
            ScanIndexForward=not newest_first,
            **({} if limit is None else {"Limit": limit}),
        )
        found: list[T] = []
        for page in pages:
            found += [decode(kind, item) for item in page]
            if limit is not None and len(found) >= limit:
                break
        return found[:limit]

    def due(self, shard: int, until: datetime) -> Iterator[Due]:
        items = self._index(
            keys.DUE_INDEX,
            f"{keys.DUE_SHARD} = :partition AND {keys.NEXT_DUE_AT} <= :until",
            {":partition": keys.due_shard(shard), ":until": stamp(until)},
        )
        for item in items:
            ref = keys.ref_of(item[keys.PK]["S"], item[keys.SK]["S"])
            yield Due(ref, datetime.fromisoformat(item[keys.NEXT_DUE_AT]["S"]))

    def open_work(self, team: str, until: datetime | None = None) -> Iterator[tuple[str, datetime]]:
        partition = {":partition": keys.queue_of(team)}
        condition = "#queue = :partition"
        if until is not None:
            partition[":until"] = stamp(until)
            condition += f" AND {keys.QUEUE_AT} <= :until"
        names = {"ExpressionAttributeNames": {"#queue": keys.QUEUE}}
        for item in self._index(keys.QUEUE_INDEX, condition, partition, **names):
            ref = keys.ref_of(item[keys.PK]["S"], item[keys.SK]["S"])
            yield ref.identity[0], datetime.fromisoformat(item[keys.QUEUE_AT]["S"])

    def _index(self, index: str, condition: str, values: dict[str, str], **more: Any) -> Iterator[Item]:  # noqa: ANN401 - boto3's parameters
        pages = self._pages(
            IndexName=index,
            KeyConditionExpression=condition,
            ExpressionAttributeValues={name: {"S": value} for name, value in values.items()},
            **more,
        )
        for page in pages:
            yield from page

    def _pages(self, **query: Any) -> Iterator[list[Item]]:  # noqa: ANN401 - boto3's parameters
        query |= {"TableName": self._table, **self._capacity}
        while True:
            with translating("reading a list"):
                answer: Any = self._client.query(**query)
            self._account("Query", answer)
            yield answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _put(self, request: Request) -> None:
        """Write one row by itself: half the price of a transaction."""
        parameters = request.parameters(self._table)
        with translating(f"writing {request.words}"):
            try:
                answer = self._client.put_item(**parameters, **self._capacity)
            except self._client.exceptions.ConditionalCheckFailedException as error:
                if _is_our_own_echo(error, request):
                    return
                raise Lost([request.named]) from error
        self._account("PutItem", answer)

    def _transact(self, requests: Sequence[Request]) -> None:
        """Write all or nothing, trying again for a moment when another transaction is at the same rows."""
        for pause in CONFLICT_PAUSES:
            if self._is_written(requests):
                return
            self._pause(pause)
        if not self._is_written(requests):
            words = ", ".join(request.words for request in requests)
            raise Transient(f"writing {words}: others keep writing the same rows; it is tried again")

    def _is_written(self, requests: Sequence[Request]) -> bool:
        """Try the transaction once; False when it met another one. Raises: Lost, Transient.

        botocore gives each call its own ``ClientRequestToken`` and repeats it in its retries, so a retry after a
        time-out writes once. A token made from the rows would let two workers who decide the same thing in the
        same microsecond both believe that they were first.
        """
        items: Any = [request.transacted(self._table) for request in requests]
        with translating("writing " + ", ".join(request.words for request in requests)):
            try:
                answer = self._client.transact_write_items(TransactItems=items, **self._capacity)
            except self._client.exceptions.TransactionCanceledException as error:
                if _met_another(error, requests):
                    return False
                raise
        self._account("TransactWriteItems", answer)
        return True

    def _account(self, operation: str, answer: Any) -> None:  # noqa: ANN401 - a boto3 answer
        if self._spent is not None:
            self._spent(spent_by(operation, answer))


def _is_our_own_echo(error: ClientError, request: Request) -> bool:
    """Say whether a retried write met its own first try, whose answer was lost on the way."""
    retried = error.response["ResponseMetadata"].get("RetryAttempts", 0) > 0
    present: Any = error.response.get("Item")
    return retried and present is not None and decode(request.kind, present) == request.row


def _met_another(error: Any, requests: Sequence[Request]) -> bool:  # noqa: ANN401 - a cancelled transaction
    """Read why a transaction was cancelled. Raises: Lost naming rows, Transient; False for any other reason."""
    codes = [reason.get("Code", "None") for reason in error.response.get("CancellationReasons", ())]
    lost = [request.named for request, code in zip(requests, codes, strict=False) if code == _FAILED]
    if lost:
        raise Lost(lost) from error
    told = set(codes) - {"None"}
    if told == {_CONFLICT}:
        return True
    if told and told <= PASSING:
        raise Transient(f"writing: AWS answered {', '.join(sorted(told))}; it is tried again") from error
    return False
