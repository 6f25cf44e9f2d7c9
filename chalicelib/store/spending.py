"""What a call to the table cost, for the bench: AWS bills these units, and nothing else here reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Spent:
    """Capacity units of one call: writes for ``PutItem`` and ``TransactWriteItems``, else reads.

    ``units`` is the whole, of which ``indexes`` tells each index's part.
    """

    operation: str
    units: float
    indexes: Mapping[str, float] = field(default_factory=dict)


def spent_by(operation: str, answer: Mapping[str, Any]) -> Spent:
    """Read what an answer says about capacity; a transaction tells it per table."""
    told = answer.get("ConsumedCapacity", ())
    tables = [told] if isinstance(told, Mapping) else told
    indexes: dict[str, float] = {}
    for table in tables:
        for name, used in table.get("GlobalSecondaryIndexes", {}).items():
            indexes[name] = indexes.get(name, 0) + used["CapacityUnits"]
    return Spent(operation, sum(table["CapacityUnits"] for table in tables), indexes)
