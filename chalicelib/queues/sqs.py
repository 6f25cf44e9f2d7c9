"""One SQS queue: sends messages in as few calls as the service allows, and nothing else.

Limits: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from chalicelib.aws import make_client, translating
from chalicelib.errors import Permanent, Transient
from chalicelib.queues.messages import dumps
from chalicelib.services.ports import Held, Message, Refused

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

MAX_ENTRIES = 10
MAX_BYTES = 1024 * 1024
MAX_DELAY = timedelta(minutes=15)
_SECOND = timedelta(seconds=1)

Entry = Any
"""One entry of ``SendMessageBatch``."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as SQS takes it."""

    body: str
    seconds: int


class SqsQueue:
    """A ``Queue``. Messages that SQS refuses are offered once more; a batch that fails costs no other its turn."""

    def __init__(self, url: str, *, client: SQSClient | None = None) -> None:
        self._url = url
        self._given = client

    @cached_property
    def _client(self) -> SQSClient:
        client: SQSClient = self._given or make_client("sqs")
        return client

    def send(self, *messages: Message, delay: timedelta = timedelta(0)) -> None:
        self.send_each(*(Held(message, delay) for message in messages))

    def send_each(self, *held: Held) -> None:
        letters = [Letter(dumps(each.message), delay_seconds(each.delay)) for each in held]
        check_sizes([letter.body for letter in letters])
        refusals = [refusal for batch in _batches(letters) if (refusal := self._send_batch(batch))]
        if refusals:
            count = sum(refusal.count for refusal in refusals)
            raise Refused(count, f"{count} of {len(held)} messages: {refusals[0]}") from refusals[0]

    def _send_batch(self, letters: Sequence[Letter]) -> Refused | None:
        """Send one batch, and return how much of it SQS would not take for the moment. Raises: Permanent."""
        entries: list[Entry] = [
            {"Id": str(number), "MessageBody": letter.body, "DelaySeconds": letter.seconds}
            for number, letter in enumerate(letters)
        ]
        try:
            refused = self._offer(self._offer(entries))
        except Transient as fault:
            return Refused(len(entries), str(fault))
        return Refused(len(refused), "SQS refused them twice; it is tried again") if refused else None

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


def _batches(letters: Sequence[Letter]) -> Iterator[list[Letter]]:
    """Cut letters into batches of at most ten and one mebibyte."""
    batch: list[Letter] = []
    room = MAX_BYTES
    for letter in letters:
        size = len(letter.body.encode())
        if batch and (len(batch) == MAX_ENTRIES or size > room):
            yield batch
            batch, room = [], MAX_BYTES
        batch.append(letter)
        room -= size
    if batch:
        yield batch
