"""AWS End User Messaging as far as Nightdesk uses it, which the emulator does not speak: one operation, two events.

Requests are checked against botocore's own model of the service. Events are handed to whoever publishes them to the
stack's topic. Sources: https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_SendTextMessage.html,
https://docs.aws.amazon.com/sms-voice/latest/userguide/two-way-sms-payload.html.
"""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import botocore.session
from botocore.validate import ParamValidator

from infra.standin.failing import Failure
from infra.standin.wire import Answer, Asked
from infra.standin.world import Text, World

SENDER = "phone-0123456789abcdef0123456789abcdef"
NUMBER = "+447700900101"
CONFIGURATION_SET = "nightdesk"
TARGET = "PinpointSMSVoiceV2.SendTextMessage"
FAULTS = {
    "429": ("ThrottlingException", 400, {}),
    "opted_out": ("ConflictException", 400, {"Reason": "DESTINATION_PHONE_NUMBER_OPTED_OUT"}),
    "revoked": ("AccessDeniedException", 400, {"Reason": "ACCOUNT_DISABLED"}),
    "spent": ("ServiceQuotaExceededException", 400, {"Reason": "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"}),
}

Publish = Callable[[str], object]


class SmsVoiceApi:
    """One account with one number and one configuration set."""

    name = "sms_voice"

    def __init__(self, world: World) -> None:
        self._world = world
        self._publish: Publish | None = None
        self.sent: list[dict[str, Any]] = []

    def connect(self, publish: Publish) -> None:
        """Say how an event gets to the stack's topic."""
        self._publish = publish

    def answer(self, asked: Asked) -> Answer:
        """Answer one request."""
        if asked.headers.get("X-Amz-Target") != TARGET:
            return _no("UnknownOperationException", 404, {})
        wrong = list(_faults(asked.arguments))
        if wrong:
            self._world.complain(f"End User Messaging refused a text: {'; '.join(wrong)}")
            return _no("ValidationException", 400, {"Reason": "FIELD_VALIDATION_FAILED"})
        return self._taken(asked.arguments)

    def refusal(self, failure: Failure) -> Answer | None:
        """Return how it refuses a call on purpose: ``429``, ``opted_out``, ``revoked`` or ``spent``."""
        return _no(*FAULTS[failure.how]) if failure.how in FAULTS else None

    def text(self, phone: str, words: str, *, sid: str | None = None) -> int:
        """Let a phone text us: publishes what the service would; the same ``sid`` is the same text again."""
        self._world.add("typed", Text(phone, words, time.time(), self.name))
        return self._tell(
            {
                "originationNumber": phone,
                "destinationNumber": NUMBER,
                "messageKeyword": f"KEYWORD_{NUMBER.strip('+')}",
                "messageBody": words,
                "inboundMessageId": sid or str(uuid.uuid4()),
                "previousPublishedMessageId": str(uuid.uuid4()),
            }
        )

    def report(self, kind: str, *, of: Mapping[str, Any] | None = None) -> int:
        """Publish what became of a text, the last one unless another is named, such as ``TEXT_DELIVERED``."""
        about = of or self.sent[-1]
        return self._tell(
            {
                "eventType": kind,
                "eventVersion": "1.0",
                "eventTimestamp": int(time.time() * 1000),
                "isFinal": True,
                "originationPhoneNumber": NUMBER,
                "destinationPhoneNumber": about["DestinationPhoneNumber"],
                "messageId": about["MessageId"],
                "messageType": "TRANSACTIONAL",
                "context": about.get("Context", {}),
            }
        )

    def _tell(self, event: Mapping[str, Any]) -> int:
        if self._publish is None:
            raise LookupError(
                "no topic is connected: this stack's texts are not carried by End User Messaging"
            )
        self._publish(json.dumps(event))
        return 200

    def _taken(self, given: Mapping[str, Any]) -> Answer:
        message = str(uuid.uuid4())
        self.sent.append({**given, "MessageId": message})
        self._world.add(
            "sms", Text(given["DestinationPhoneNumber"], given["MessageBody"], time.time(), self.name)
        )
        return Answer(200, json.dumps({"MessageId": message}), "application/x-amz-json-1.0")


def _faults(given: Mapping[str, Any]) -> Iterator[str]:
    """Say what the service would refuse: by botocore's model, its patterns, and what this account owns."""
    model = botocore.session.get_session().get_service_model("pinpoint-sms-voice-v2")
    wanted: Any = model.operation_model("SendTextMessage").input_shape
    report = ParamValidator().validate(dict(given), wanted)
    if report.has_errors():
        yield report.generate_report()
    for name in given.keys() - wanted.members.keys():
        yield f"{name} is unknown"
    for name, member in wanted.members.items():
        pattern = member.metadata.get("pattern")
        if name in given and pattern and not re.fullmatch(pattern, str(given[name])):
            yield f"{name} does not match {pattern}"
    owned = {"OriginationIdentity": SENDER, "ConfigurationSetName": CONFIGURATION_SET}
    yield from (f"no {name} {given[name]}" for name, ours in owned.items() if given.get(name, ours) != ours)


def _no(kind: str, status: int, more: Mapping[str, Any]) -> Answer:
    body = {"__type": f"com.amazonaws.pinpointsmsvoicev2#{kind}", "Message": kind, **more}
    return Answer(status, json.dumps(body), "application/x-amz-json-1.0")
