"""Puts a message that no retry can help on the dead-letter queue at once; that queue's alarm tells the lead."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.aws import make_client, translating

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

WHY = "why"
_ROOM = 256


class SqsDeadLetters:
    """One dead-letter queue; ``why`` travels as an attribute, the body stays as it came so that it can be replayed."""

    def __init__(self, url: str, *, client: SQSClient | None = None) -> None:
        self._url = url
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
                QueueUrl=self._url,
                MessageBody=body,
                MessageAttributes={WHY: {"DataType": "String", "StringValue": reason}},
            )


def _printable(text: str) -> str:
    """Return text without the control characters that SQS refuses."""
    return "".join(character if character.isprintable() else " " for character in text).strip()
