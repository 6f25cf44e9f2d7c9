"""What AWS End User Messaging answers, by botocore's own model of it, and what its topic tells."""

from __future__ import annotations

import json
import socket
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.stub import Stubber

from chalicelib.errors import NotFound, OutcomeUnknown, Permanent, Transient
from chalicelib.notifiers.sms import about
from chalicelib.notifiers.sms.end_user_messaging import EndUserMessagingSender
from chalicelib.notifiers.sms.end_user_messaging_events import read
from chalicelib.services.ports import Receipt, Text
from tests.unit.notifiers.test_sns import PHONE, deaf_server

ORIGIN = "phone-0123456789abcdef0123456789abcdef"
KEY = "c|1|-33%|0|ana|0"


def client(endpoint: str | None = None, **config: Any) -> Any:
    session = boto3.session.Session("a", "b", region_name="eu-west-1")
    once = Config(retries={"total_max_attempts": 1}, **config)
    return session.client("pinpoint-sms-voice-v2", endpoint_url=endpoint, config=once)


def sender(made: Any, configuration_set: str | None = "nightdesk") -> EndUserMessagingSender:
    return EndUserMessagingSender(sender=ORIGIN, configuration_set=configuration_set, client=made)


def send(by: EndUserMessagingSender) -> str:
    return by.send(phone=PHONE, text="Acme Air: answer by 03:00", key=KEY)


def failing(code: str, status: int = 400, **more: Any) -> EndUserMessagingSender:
    made = client()
    stub = Stubber(made)
    stub.add_client_error("send_text_message", code, f"no, {PHONE}", status, modeled_fields=more or None)
    stub.activate()
    return sender(made)


@pytest.mark.parametrize("configuration_set", ["nightdesk", None])
def test_a_text_goes_out_once_as_transactional_and_only_while_it_is_of_use(
    configuration_set: str | None,
) -> None:
    """Botocore's stub checks each parameter against the service's model."""
    made = client()
    with Stubber(made) as stub:
        wanted = {
            "DestinationPhoneNumber": PHONE,
            "OriginationIdentity": ORIGIN,
            "MessageBody": "Acme Air: answer by 03:00",
            "MessageType": "TRANSACTIONAL",
            "TimeToLive": 600,
            "Context": {"about": about.written(KEY)},
            **({"ConfigurationSetName": configuration_set} if configuration_set else {}),
        }
        stub.add_response("send_text_message", {"MessageId": "m-1"}, wanted)
        assert send(sender(made, configuration_set)) == "m-1"
        stub.assert_no_pending_responses()


@pytest.mark.parametrize(("code", "status"), [("ThrottlingException", 400), ("Whatever", 429)])
def test_a_busy_service_definitely_did_not_send(code: str, status: int) -> None:
    with pytest.raises(Transient) as error:
        send(failing(code, status))
    assert not isinstance(error.value, OutcomeUnknown)


@pytest.mark.parametrize(("code", "status"), [("InternalServerException", 500), ("ServiceUnavailable", 503)])
def test_an_internal_error_leaves_the_outcome_unknown(code: str, status: int) -> None:
    with pytest.raises(OutcomeUnknown):
        send(failing(code, status))


@pytest.mark.parametrize(
    ("code", "more", "runbook"),
    [
        ("ConflictException", {"Reason": "DESTINATION_PHONE_NUMBER_OPTED_OUT"}, "sms-opted-out"),
        ("ConflictException", {"Reason": "DESTINATION_PHONE_NUMBER_NOT_VERIFIED"}, "sms-destination"),
        (
            "ConflictException",
            {"Reason": "DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE"},
            "sms-number",
        ),
        (
            "ValidationException",
            {
                "Reason": "FIELD_VALIDATION_FAILED",
                "Fields": [{"Name": "DestinationPhoneNumber", "Message": "no"}],
            },
            "sms-number",
        ),
        ("ValidationException", {"Reason": "COUNTRY_NOT_ENABLED"}, "sms-destination"),
        ("ServiceQuotaExceededException", {"Reason": "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"}, "sms-spend"),
        (
            "ResourceNotFoundException",
            {"ResourceType": "configuration-set", "ResourceId": "x"},
            "sms-account",
        ),
        ("AccessDeniedException", {"Reason": "ACCOUNT_DISABLED"}, "sms-account"),
        ("UnrecognizedClientException", {}, "sms-account"),
    ],
)
def test_what_cannot_work_names_the_page_of_the_runbook_and_never_the_number(
    code: str, more: dict[str, Any], runbook: str
) -> None:
    with pytest.raises(Permanent) as error:
        send(failing(code, **more))
    assert error.value.runbook == runbook
    assert PHONE not in str(error.value)


def test_silence_after_the_request_is_out_leaves_the_outcome_unknown() -> None:
    with deaf_server() as address, pytest.raises(OutcomeUnknown):
        send(sender(client(address, read_timeout=0.2)))


def test_a_service_that_cannot_be_reached_definitely_did_not_send() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        address = f"http://127.0.0.1:{gone.getsockname()[1]}"
    with pytest.raises(Transient) as error:
        send(sender(client(address)))
    assert not isinstance(error.value, OutcomeUnknown)


def test_its_own_client_never_repeats_and_gives_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A retry inside the client would be a second hand-over that nobody recorded."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    made = EndUserMessagingSender(sender=ORIGIN, configuration_set=None, endpoint_url="http://127.0.0.1:1/x")
    config: Any = made._client.meta.config  # noqa: SLF001  (its settings are the rule)
    assert (config.connect_timeout, config.read_timeout) == (3, 5)
    assert config.retries["total_max_attempts"] == 1
    assert made._client.meta.endpoint_url == "http://127.0.0.1:1/x"  # noqa: SLF001


# --- what its topic tells ---------------------------------------------------------------------------------


def test_a_text_is_known_by_its_own_id() -> None:
    """As the service documents two-way messages."""
    body = {
        "originationNumber": PHONE,
        "destinationNumber": "+447700900101",
        "messageKeyword": "KEYWORD_447700900101",
        "messageBody": "C47",
        "inboundMessageId": "cae173d2",
        "previousPublishedMessageId": "x",
    }
    assert read(json.dumps(body)) == Text(id="cae173d2", phone=PHONE, text="C47")


@pytest.mark.parametrize("word", ["ARRET", "remove", " Opt-Out ", "TD", "STOP"])
def test_a_word_that_takes_a_phone_off_at_aws_is_stop(word: str) -> None:
    """AWS knows more of them than other carriers do; after one it sends that phone nothing."""
    said = read(json.dumps({"originationNumber": PHONE, "messageBody": word, "inboundMessageId": "1"}))
    assert isinstance(said, Text)
    assert said.text == "STOP"


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        ("TEXT_DELIVERED", None),
        ("TEXT_SUCCESSFUL", None),
        ("TEXT_CARRIER_UNREACHABLE", "End User Messaging says TEXT_CARRIER_UNREACHABLE"),
        ("TEXT_TTL_EXPIRED", "End User Messaging says TEXT_TTL_EXPIRED"),
    ],
)
def test_a_final_event_is_a_receipt_about_what_its_context_says(kind: str, fault: str | None) -> None:
    event = {"eventType": kind, "isFinal": True, "context": {"about": about.written(KEY)}, "messageId": "m"}
    assert read(json.dumps(event)) == Receipt(key=KEY, fault=fault)


@pytest.mark.parametrize(
    "event",
    [
        {"eventType": "TEXT_QUEUED", "context": {"about": about.written(KEY)}},
        {"eventType": "TEXT_UNKNOWN", "context": {"about": about.written(KEY)}},
        {"eventType": "TEXT_DELIVERED", "context": {}},
        {"eventType": "TEXT_DELIVERED", "context": None},
        {"eventType": "TEXT_DELIVERED", "context": {"about": "!"}},
    ],
)
def test_an_event_of_no_use_is_done_at_once(event: dict[str, Any]) -> None:
    """On the way, unknown after three days, or about somebody else's text: no dead letter."""
    with pytest.raises(NotFound):
        read(json.dumps(event))


@pytest.mark.parametrize(
    "body", ['{"v": 1, "kind": "hand", "ref": []}', "[]", "no JSON", "7", '{"eventType": 1}']
)
def test_whatever_is_not_of_the_topic_is_left_to_others(body: str) -> None:
    assert read(body) is None
