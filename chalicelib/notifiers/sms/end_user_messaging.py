"""Sends text messages with AWS End User Messaging (``pinpoint-sms-voice-v2``): the port ``SmsSender``.

The client's own retries are off: one call hands over at most once. The service takes no idempotency key, so after a
read time-out nobody knows. What the text is about travels as its context and comes back with its receipts.
Source: https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_SendTextMessage.html.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.errors import NightdeskError, OutcomeUnknown, Permanent, Transient
from chalicelib.notifiers.sms.about import ABOUT, written
from chalicelib.notifiers.sms.aws_once import network_fault, once
from chalicelib.notifiers.sms.lifetime import USEFUL_FOR

CARRIER = "End User Messaging"
OPTED_OUT = frozenset({"DESTINATION_PHONE_NUMBER_OPTED_OUT"})
NUMBER = frozenset({"DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE"})
ONE_PLACE = frozenset(
    {
        "COUNTRY_CODE_MISMATCH",
        "COUNTRY_NOT_ENABLED",
        "DESTINATION_COUNTRY_BLOCKED",
        "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION",
        "DESTINATION_PHONE_NUMBER_NOT_VERIFIED",
        "INVALID_IDENTITY_FOR_DESTINATION_COUNTRY",
    }
)
"""A country that is closed to us, and a number that the sandbox has not verified: others are reached."""
SPENT = frozenset({"MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"})
DESTINATION = "DestinationPhoneNumber"
_TOO_MANY, _BROKEN = 429, 500


class EndUserMessagingSender:
    """Hands texts to AWS. ``sender`` is the id of a number or a pool of ours, to which people can text back."""

    hears = True

    def __init__(
        self,
        *,
        sender: str,
        configuration_set: str | None,
        endpoint_url: str | None = None,
        client: Any = None,  # noqa: ANN401 - botocore builds clients by name
    ) -> None:
        self._client = client or once("pinpoint-sms-voice-v2", endpoint_url)
        self._how: dict[str, Any] = {
            "OriginationIdentity": sender,
            "MessageType": "TRANSACTIONAL",
            "TimeToLive": int(USEFUL_FOR.total_seconds()),
            **({"ConfigurationSetName": configuration_set} if configuration_set else {}),
        }

    def send(self, *, phone: str, text: str, key: str) -> str:
        from botocore.exceptions import BotoCoreError, ClientError

        about = {ABOUT: written(key)}
        try:
            answer = self._client.send_text_message(
                DestinationPhoneNumber=phone, MessageBody=text, Context=about, **self._how
            )
        except ClientError as error:
            raise _refusal(error.response, key) from error
        except BotoCoreError as error:
            raise network_fault(error, CARRIER, key) from error
        return str(answer["MessageId"])


def _refusal(response: Mapping[str, Any], key: str) -> NightdeskError:
    """Name the family of an error the service answered with; the number itself is never repeated in words."""
    code, reason = str(response["Error"].get("Code", "")), str(response.get("Reason", ""))
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code == "ThrottlingException" or status == _TOO_MANY:
        return Transient(f"{CARRIER} is busy ({code})")
    if code == "InternalServerException" or status >= _BROKEN:
        return OutcomeUnknown(f"{CARRIER} broke off ({code}); page {key} may have been sent")
    return _hopeless(code, reason, response)


def _hopeless(code: str, reason: str, response: Mapping[str, Any]) -> Permanent:
    if reason in OPTED_OUT:
        return Permanent(
            "this phone has opted out of our messages: its owner must opt in again", runbook="sms-opted-out"
        )
    if reason in NUMBER or DESTINATION in _fields(response):
        return Permanent(
            f"{CARRIER} cannot send to this phone number: correct it in the team file", runbook="sms-number"
        )
    if reason in ONE_PLACE:
        return Permanent(
            f"{CARRIER} does not send to where this phone is ({reason})", runbook="sms-destination"
        )
    if reason in SPENT:
        return Permanent("the month's budget for texts is spent", runbook="sms-spend")
    which = reason or response.get("ResourceType") or "no reason given"
    return Permanent(f"{CARRIER} refuses to send for this account ({code}: {which})", runbook="sms-account")


def _fields(response: Mapping[str, Any]) -> set[str]:
    return {str(field.get("Name")) for field in response.get("Fields") or ()}
