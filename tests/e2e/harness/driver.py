"""Moves a deployed stack through time, from due instant to due instant, and waits until nothing is left to do.

It knows the table's clock row and due index, the queues and the emulator; it must not know what a story is about.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.items import ClockRow
from chalicelib.store import keys
from infra.local import LocalStack

QUIET_SECONDS = 90.0
LOOK_SECONDS = 0.02
STEPS = 500


@dataclass
class Driver:
    """One story's hold on the stack."""

    stack: LocalStack
    texts_before: set[str] = field(default_factory=set)
    now: datetime = field(default_factory=lambda: datetime(2027, 1, 9, 12, 0, tzinfo=UTC))

    def wipe(self) -> None:
        """Forget every row and message, so that a story meets no other's."""
        self.settle()
        table = self.stack.client("dynamodb")
        for page in table.get_paginator("scan").paginate(
            TableName=self.stack.table, ProjectionExpression="pk, sk"
        ):
            for key in page["Items"]:
                table.delete_item(TableName=self.stack.table, Key=key)
        for url in self.stack.queues.values():
            self.stack.client("sqs").purge_queue(QueueUrl=url)
        self.texts_before = {text["MessageId"] for text in self.stack.texts()}
        self.set_time(self.now)

    def set_time(self, at: datetime) -> None:
        """Let the stack read `at` as the present; nothing happens yet."""
        self.now = at
        pk, sk = keys.key_of(ClockRow, ())
        written = at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        self.stack.client("dynamodb").put_item(
            TableName=self.stack.table,
            Item={"pk": {"S": pk}, "sk": {"S": sk}, "at": {"S": written}, "rev": {"N": "1"}},
        )

    def tick(self) -> None:
        """Run the minute tick at the present instant and wait until its work is done."""
        self.stack.invoke("tick")
        self.settle()

    def audit(self) -> None:
        """Run the auditor at the present instant and wait until its work is done."""
        self.stack.invoke("auditor")
        self.settle()

    def advance_to(self, at: datetime) -> None:
        """Move the clock on, stopping at every instant at which something falls due."""
        for _ in range(STEPS):
            due = self.next_due()
            if due is None or due > at:
                break
            self.set_time(max(self.now, due))
            self.tick()
        else:
            raise AssertionError(
                f"Something is still due before {at} after {STEPS} ticks: the stack does not finish."
            )
        self.set_time(at)
        self.tick()

    def next_due(self) -> datetime | None:
        """Return the earliest instant of the due index. A story's table is small enough to be read whole."""
        pages = (
            self.stack.client("dynamodb")
            .get_paginator("scan")
            .paginate(TableName=self.stack.table, IndexName=keys.DUE_INDEX)
        )
        instants = [item[keys.NEXT_DUE_AT]["S"] for page in pages for item in page["Items"]]
        return min(map(datetime.fromisoformat, instants), default=None)

    def settle(self) -> None:
        """Wait until every queue is empty: nothing visible, delayed or in a function's hands.

        Raises: AssertionError naming what is left.
        """
        left = wait_until(
            lambda: not any(count for name, count in self.stack.waiting().items() if alive(name))
        )
        if not left:
            raise AssertionError(f"The stack does not come to rest: {self.stack.waiting()}")

    def redeliver_after(self, seconds: int) -> None:
        """Let a message that a function dropped come back soon, not after minutes; longer than a cold start."""
        for url in self.stack.queues.values():
            attributes = {"VisibilityTimeout": str(seconds)}
            self.stack.client("sqs").set_queue_attributes(QueueUrl=url, Attributes=attributes)

    def dead_letters(self) -> Mapping[str, int]:
        """Count what was given up, by queue."""
        return {name: count for name, count in self.stack.waiting().items() if not alive(name) and count}

    def texts(self) -> list[tuple[str, str]]:
        """Return this story's text messages as (phone, words), those of one phone oldest first."""
        fresh = [text for text in self.stack.texts() if text["MessageId"] not in self.texts_before]
        return [(text["PhoneNumber"], text["Message"]) for text in fresh]

    def logs(self) -> list[str]:
        """Return every line that the stage's functions ever wrote."""
        logs, lines = self.stack.client("logs"), []
        groups = logs.describe_log_groups(logGroupNamePrefix=f"/aws/lambda/nightdesk-{self.stack.stage}-")
        for group in groups["logGroups"]:
            pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"])
            lines += [event["message"] for page in pages for event in page["events"]]
        return lines


def alive(queue: str) -> bool:
    """Tell a working queue from one that holds dead letters."""
    return not queue.endswith("-dead")


def wait_until(true: Callable[[], Any], seconds: float = QUIET_SECONDS) -> bool:
    """Look again and again, for a while; tell whether it came true."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(LOOK_SECONDS)
    return True
