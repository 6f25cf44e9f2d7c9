"""What becomes of a message that is not done: dead letters at once, or back on its queue after a short while.

The dead-letter queue's alarm tells the lead.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.aws import make_client, translating

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

WHY = "why"
_ROOM = 256


class SqsReturns:
    """A queue and its dead letters; ``why`` travels as an attribute, the body stays as it came for a redrive."""

    def __init__(self, url: str, dead_letters_url: str, *, client: SQSClient | None = None) -> None:
        self._url = url
        self._dead_letters_url = dead_letters_url
        self._given = client

    @cached_property
    def _client(self) -> SQSClient:
        client: SQSClient = self._given or make_client("sqs")
        return client

    def bury(self, body: str, *, why: str) -> None:
        """Keep a message for a person to look at. Raises: Transient."""
        reason = _printable(why)[:_ROOM] or "no reason given"
        with translating("dead-lettering"):
            self._client.send_message(
                QueueUrl=self._dead_letters_url,
                MessageBody=body,
                MessageAttributes={WHY: {"DataType": "String", "StringValue": reason}},
            )

    def hold(self, receipt: str, delay: timedelta) -> None:
        """Let a message in hand be seen again after ``delay``, whole seconds. Raises: Transient."""
        with translating("holding back"):
            self._client.change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=round(delay.total_seconds())
            )


def _printable(text: str) -> str:
    """Return text without the control characters that SQS refuses."""
    return "".join(character if character.isprintable() else " " for character in text).strip()
