"""A write as DynamoDB wants it: each clause of each condition a named string.

The same request serves alone (``PutItem``) and within a transaction. Nothing here calls AWS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chalicelib.domain.items import ConfigVersion
from chalicelib.services.ports import Check, Put, Remove, Write
from chalicelib.store import keys, limits
from chalicelib.store.codec import Row, encode
from chalicelib.store.forms import Item

IS_NEW = "attribute_not_exists(pk)"
IS_AS_READ = "rev = :rev"
SAYS_THE_SAME = "#text = :text"
IS_NEW_OR_SAYS_THE_SAME = f"{IS_NEW} OR {SAYS_THE_SAME}"

Condition = dict[str, Any]
"""A condition expression with its names and values, as parameters; empty when there is none."""


@dataclass(frozen=True, slots=True)
class Request:
    """One write of a commit: ``action`` is its word in a transaction, ``body`` its item or its key."""

    action: str
    kind: type
    identity: tuple[str, ...]
    body: dict[str, Item]
    condition: Condition
    row: Row = None
    size: int = 0

    @property
    def named(self) -> tuple[str, tuple[str, ...]]:
        """Return the row's name as ``Lost`` tells it."""
        return self.kind.__name__, self.identity

    @property
    def words(self) -> str:
        """Return the kind of row, for messages: identities may be personal."""
        return self.kind.__name__

    @property
    def key(self) -> tuple[str, str]:
        """Return the row's key."""
        return keys.key_of(self.kind, self.identity)

    def parameters(self, table: str) -> dict[str, Any]:
        """Return boto3's parameters for this write; a refused one brings back the row that was in its way."""
        asked = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"} if self.condition else {}
        return {"TableName": table, **self.body, **self.condition, **asked}

    def transacted(self, table: str) -> dict[str, Any]:
        """Return the write as a member of a transaction."""
        return {self.action: {"TableName": table, **self.body, **self.condition}}


def request_of(write: Write) -> Request:
    """Return the request of a write. Raises: TooLarge."""
    if isinstance(write, Check):
        key = _key(write.kind, write.identity)
        return Request("ConditionCheck", write.kind, write.identity, key, _as_read(write.rev))
    row, kind = write.item, type(write.item)
    if isinstance(write, Remove):
        rev = getattr(row, "rev", None)
        condition = {} if rev is None else _as_read(rev)
        return Request("Delete", kind, row.identity, _key(kind, row.identity), condition, row)
    return _put(write)


def _put(write: Put) -> Request:
    row, item = write.item, encode(write.item)
    size = limits.check_item(item)
    return Request("Put", type(row), row.identity, {"Item": item}, _condition_of_put(row), row, size)


def _condition_of_put(row: Row) -> Condition:
    if isinstance(row, ConfigVersion):
        return {
            "ConditionExpression": IS_NEW_OR_SAYS_THE_SAME,
            "ExpressionAttributeNames": {"#text": "text"},
            "ExpressionAttributeValues": {":text": {"S": row.text}},
        }
    rev = getattr(row, "rev", None)
    if rev is None:
        return {}
    return {"ConditionExpression": IS_NEW} if rev == 1 else _as_read(rev - 1)


def _as_read(rev: int) -> Condition:
    return {
        "ConditionExpression": IS_AS_READ,
        "ExpressionAttributeValues": {":rev": {"N": str(rev)}},
    }


def _key(kind: type, identity: tuple[str, ...]) -> dict[str, Item]:
    pk, sk = keys.key_of(kind, identity)
    return {"Key": {keys.PK: {"S": pk}, keys.SK: {"S": sk}}}
