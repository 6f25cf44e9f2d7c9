"""Counts what a piece of work asks of AWS: every call of Nightdesk's clients in this process.

Nothing that is measured knows of it: it listens to botocore's own events. DynamoDB tells the units of writes. Units of
reads are worked out here from what was read, because the local emulator tells one unit whatever the size
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html).
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from chalicelib.store.spending import spent_by

WRITES = frozenset({"PutItem", "TransactWriteItems"})
READS = frozenset({"GetItem", "Query"})
READ_BYTES = 4096
_NUMBER_BYTES = 2


@dataclass(frozen=True, slots=True)
class Call:
    """One call that was answered: its units are DynamoDB's, ``indexes`` the part of each index."""

    service: str
    operation: str
    seconds: float = 0.0
    reads: float = 0.0
    writes: float = 0.0
    indexes: Mapping[str, float] = field(default_factory=dict)
    asked: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the call as people write it: ``dynamodb.GetItem``."""
        return f"{self.service}.{self.operation}"


@dataclass(slots=True)
class Ledger:
    """The calls of one piece of work, in their order."""

    calls: list[Call] = field(default_factory=list)

    def count(self, *names: str) -> int:
        """Return how many calls there were; of these names, if any is given."""
        return sum(1 for call in self.calls if not names or call.name in names)

    @property
    def reads(self) -> float:
        """Return the read request units."""
        return sum(call.reads for call in self.calls)

    @property
    def writes(self) -> float:
        """Return the write request units, those of indexes included."""
        return sum(call.writes for call in self.calls)

    @property
    def indexes(self) -> dict[str, float]:
        """Return each index's part of all units."""
        parts: Counter[str] = Counter()
        for call in self.calls:
            parts.update(dict(call.indexes))
        return dict(parts)

    def by_name(self) -> dict[str, int]:
        """Return how often each operation was called."""
        return dict(sorted(Counter(call.name for call in self.calls).items()))

    @property
    def queued(self) -> list[tuple[str, int]]:
        """Return every message that was queued: its body, and the seconds it is held back."""
        batches = [call.asked["Entries"] for call in self.calls if call.name == "sqs.SendMessageBatch"]
        return [(entry["MessageBody"], entry["DelaySeconds"]) for batch in batches for entry in batch]

    def until(self, name: str) -> list[str]:
        """Return the operations up to and including the first of this name."""
        names = [call.name for call in self.calls]
        return names[: names.index(name) + 1]


class Listener:
    """Listens to every client that a botocore session makes from now on."""

    def __init__(self, session: Any) -> None:  # noqa: ANN401 - botocore's
        self._ledger: Ledger | None = None
        session.register("provide-client-params", self._begin)
        session.register("after-call", self._end)

    @contextmanager
    def counting(self) -> Iterator[Ledger]:
        """Count what happens within the block."""
        ledger = self._ledger = Ledger()
        try:
            yield ledger
        finally:
            self._ledger = None

    def _begin(self, params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> dict[str, Any]:  # noqa: ANN401 - botocore's words
        context["begun"], context["asked"] = time.perf_counter(), params
        told = model.name in WRITES | READS
        return params | {"ReturnConsumedCapacity": "INDEXES"} if told else params

    def _end(self, parsed: Any, model: Any, context: dict[str, Any], **_: Any) -> None:  # noqa: ANN401 - botocore's words
        if self._ledger is None:
            return
        seconds = time.perf_counter() - context["begun"]
        call = call_of(
            str(model.service_model.service_name), str(model.name), context["asked"], parsed, seconds
        )
        tries = 1 + parsed.get("ResponseMetadata", {}).get("RetryAttempts", 0)
        self._ledger.calls += [call] * tries


def call_of(
    service: str, operation: str, asked: Mapping[str, Any], answer: Mapping[str, Any], seconds: float = 0.0
) -> Call:
    """Return what one call cost."""
    if operation in WRITES:
        spent = spent_by(operation, answer)
        return Call(service, operation, seconds, writes=spent.units, indexes=dict(spent.indexes), asked=asked)
    if operation not in READS:
        return Call(service, operation, seconds, asked=asked)
    found = answer["Items"] if operation == "Query" else [answer["Item"]] if "Item" in answer else []
    units = read_units(found, consistent=bool(asked.get("ConsistentRead")))
    index = asked.get("IndexName")
    return Call(
        service, operation, seconds, reads=units, indexes={index: units} if index else {}, asked=asked
    )


def read_units(items: Sequence[Mapping[str, Any]], *, consistent: bool) -> float:
    """Return the units of reading these items in one call: 4 KiB each, at least one, half if inconsistent."""
    units = max(1, math.ceil(sum(map(item_bytes, items)) / READ_BYTES))
    return float(units) if consistent else units / 2


def item_bytes(item: Mapping[str, Any]) -> int:
    """Return an item's size as DynamoDB counts it: names and values in UTF-8.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: Mapping[str, Any]) -> int:
    (kind, content), *_ = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return _NUMBER_BYTES + len(content) // 2
        case "L":
            return 3 + sum(1 + _value_bytes(each) for each in content)
        case "M":
            return 3 + sum(1 + len(name.encode()) + _value_bytes(each) for name, each in content.items())
    return len(content) if kind == "B" else 1
