"""One SQS queue: sends messages in as few calls as the service allows, and nothing else.

Limits: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from chalicelib.aws import make_client, translating
from chalicelib.errors import Permanent, Transient
from chalicelib.queues.messages import dumps
from chalicelib.services.ports import Message

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

MAX_ENTRIES = 10
MAX_BYTES = 1024 * 1024
MAX_DELAY = timedelta(minutes=15)
_SECOND = timedelta(seconds=1)

Entry = Any
"""One entry of ``SendMessageBatch``."""


class SqsQueue:
    """A ``Queue``. Messages of one ``send`` that SQS refuses are offered once more, then the send fails."""

    def __init__(self, url: str, *, client: SQSClient | None = None) -> None:
        self._url = url
        self._given = client

    @cached_property
    def _client(self) -> SQSClient:
        client: SQSClient = self._given or make_client("sqs")
        return client

    def send(self, *messages: Message, delay: timedelta = timedelta(0)) -> None:
        bodies = [dumps(message) for message in messages]
        check_sizes(bodies)
        for batch in _batches(bodies):
            self._send_batch(batch, delay_seconds(delay))

    def _send_batch(self, bodies: Sequence[str], seconds: int) -> None:
        entries: list[Entry] = [
            {"Id": str(number), "MessageBody": body, "DelaySeconds": seconds}
            for number, body in enumerate(bodies)
        ]
        refused = self._offer(self._offer(entries))
        if refused:
            raise Transient(f"SQS refused {len(refused)} of {len(entries)} messages twice; it is tried again")

    def _offer(self, entries: list[Entry]) -> list[Entry]:
        """Send entries, and return those refused for a passing reason. Raises: Transient, Permanent."""
        if not entries:
            return []
        with translating("queueing"):
            answer: Any = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
        failed = {failure["Id"]: failure for failure in answer.get("Failed", ())}
        ours = [failure["Code"] for failure in failed.values() if failure["SenderFault"]]
        if ours:
            raise Permanent(f"SQS will not take {len(ours)} messages: {', '.join(sorted(set(ours)))}")
        return [entry for entry in entries if entry["Id"] in failed]


def delay_seconds(delay: timedelta) -> int:
    """Return a delay as SQS takes it: whole seconds, rounded up so that nothing is early, at most 900."""
    held = min(max(delay, timedelta(0)), MAX_DELAY)
    return -(-held // _SECOND)


def check_sizes(bodies: Sequence[str]) -> None:
    """Refuse, before anything is sent, a body larger than SQS takes. Raises: Permanent."""
    largest = max((len(body.encode()) for body in bodies), default=0)
    if largest > MAX_BYTES:
        raise Permanent(
            f"a message of {largest} bytes is more than SQS takes ({MAX_BYTES}): split the delivery"
        )


def _batches(bodies: Sequence[str]) -> Iterator[list[str]]:
    """Cut bodies into batches of at most ten and one mebibyte."""
    batch: list[str] = []
    room = MAX_BYTES
    for body in bodies:
        size = len(body.encode())
        if batch and (len(batch) == MAX_ENTRIES or size > room):
            yield batch
            batch, room = [], MAX_BYTES
        batch.append(body)
        room -= size
    if batch:
        yield batch
