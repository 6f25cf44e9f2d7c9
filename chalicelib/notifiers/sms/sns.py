"""Sends text messages with Amazon SNS: the port ``SmsSender``, out only (SNS has no reply path).

The client's own retries are off: one call hands over at most once. SNS takes no idempotency key, so after a
read time-out nobody knows, and the caller must not repeat. A spent monthly budget is not an error here: SNS
accepts the message and drops it, which only its delivery log tells (docs/runbook.md#sms-spend).
Source: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chalicelib.errors import NightdeskError, OutcomeUnknown, Permanent, Transient
from chalicelib.notifiers.sms.aws_once import network_fault, once

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

LATER = frozenset(
    {"Throttling", "ThrottlingException", "Throttled", "ThrottledException", "ServiceUnavailable"}
)
UNSURE = frozenset({"InternalError", "InternalErrorException", "InternalFailure"})
NUMBER = frozenset(
    {"InvalidParameter", "InvalidParameterValue", "ParameterValueInvalid", "ValidationException"}
)
OPTED_OUT = frozenset({"OptedOut", "OptedOutException"})

TRANSACTIONAL: dict[str, Any] = {
    "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}
}
"""Carriers then give reliability precedence over cost."""


class SnsSmsSender:
    """Publishes to phone numbers. SNS carries texts out only: nobody hears what is texted back."""

    hears = False

    def __init__(self, client: SNSClient | None = None) -> None:
        self._client: SNSClient = client or once("sns")

    def send(self, *, phone: str, text: str, key: str) -> str:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            answer = self._client.publish(PhoneNumber=phone, Message=text, MessageAttributes=TRANSACTIONAL)
        except ClientError as error:
            raise _refusal(error.response, key) from error
        except BotoCoreError as error:
            raise network_fault(error, "SNS", key) from error
        return answer["MessageId"]


def _refusal(response: Mapping[str, Any], key: str) -> NightdeskError:
    """Name the family of an error SNS answered with; the number itself is never repeated in words."""
    code, said = response["Error"].get("Code", ""), response["Error"].get("Message", "")
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in LATER or status in (429, 503):
        return Transient(f"SNS is busy ({code})")
    if code in UNSURE or status >= 500:  # noqa: PLR2004
        return OutcomeUnknown(f"SNS broke off ({code}); page {key} may have been sent")
    if code in OPTED_OUT or "opted out" in said.lower():
        return Permanent(
            "this phone has opted out of our messages: its owner must opt in again", runbook="sms-opted-out"
        )
    if code in NUMBER:
        return Permanent(
            "SNS cannot send to this phone number: correct it in the team file", runbook="sms-number"
        )
    return Permanent(f"SNS refuses to send for this account ({code})", runbook="sms-account")
