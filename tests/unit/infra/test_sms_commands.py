"""`texts`: what is not as it should be is made so, what is right is left alone, and what is somebody else's too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import boto3
import pytest
import responses
from botocore.stub import Stubber

from chalicelib.errors import Rejected
from chalicelib.notifiers.sms.twilio_signature import verify
from chalicelib.settings import read_settings
from infra.failures import CommandError
from infra.sms_commands import FINAL, START, brought
from infra.sms_probes import pointed, proven
from tests.unit.settings.test_settings import GOOD, TWILIO

TOPIC = "arn:aws:sns:eu-west-1:123456789012:nightdesk-prod-sms"
PHONE = {
    "PhoneNumberArn": "arn:aws:sms-voice:eu-west-1:123456789012:phone-number/phone-1",
    "PhoneNumber": "+447700900101",
    "Status": "ACTIVE",
    "IsoCountryCode": "GB",
    "MessageType": "TRANSACTIONAL",
    "NumberCapabilities": ["SMS"],
    "NumberType": "LONG_CODE",
    "MonthlyLeasingPrice": "1.00",
    "SelfManagedOptOutsEnabled": False,
    "OptOutListName": "Default",
    "DeletionProtectionEnabled": False,
    "CreatedTimestamp": 0,
}
KEYWORD = {
    "OriginationIdentity": "phone-1",
    "Keyword": "START",
    "KeywordMessage": START,
    "KeywordAction": "OPT_IN",
}


@pytest.fixture
def aws() -> Iterator[tuple[Any, Stubber]]:
    """End User Messaging by botocore's own model; every call must have been expected."""
    made: Any = boto3.session.Session("a", "b", region_name="eu-west-1").client("pinpoint-sms-voice-v2")
    with Stubber(made) as stub:
        yield made, stub
        stub.assert_no_pending_responses()


def test_everything_that_is_missing_is_made(aws: tuple[Any, Stubber]) -> None:
    """The set, its events to our topic, replies to our topic, and the word that undoes STOP."""
    client, stub = aws
    name = {"ConfigurationSetName": "night"}
    stub.add_client_error("describe_configuration_sets", "ResourceNotFoundException")
    stub.add_response("create_configuration_set", {}, name)
    wanted = {
        **name,
        "EventDestinationName": "nightdesk-prod",
        "MatchingEventTypes": list(FINAL),
        "SnsDestination": {"TopicArn": TOPIC},
    }
    stub.add_response("create_event_destination", {}, wanted)
    numbers = {"PhoneNumbers": [{**PHONE, "TwoWayEnabled": False}]}
    stub.add_response("describe_phone_numbers", numbers, {"PhoneNumberIds": ["phone-1"]})
    turned = {"PhoneNumberId": "phone-1", "TwoWayEnabled": True, "TwoWayChannelArn": TOPIC}
    stub.add_response("update_phone_number", {}, turned)
    stub.add_response("put_keyword", {}, KEYWORD)
    lines = " ".join(brought(client, TOPIC, "phone-1", "night", "prod"))
    assert "Created the configuration set night." in lines
    assert "Replies to phone-1 come to us from now on." in lines


def test_what_is_right_already_is_left_alone(aws: tuple[Any, Stubber]) -> None:
    client, stub = aws
    destination = {
        "EventDestinationName": "x",
        "Enabled": True,
        "MatchingEventTypes": ["TEXT_ALL"],
        "SnsDestination": {"TopicArn": TOPIC},
    }
    night = {
        "ConfigurationSetArn": "arn",
        "ConfigurationSetName": "night",
        "EventDestinations": [destination],
        "CreatedTimestamp": 0,
    }
    stub.add_response("describe_configuration_sets", {"ConfigurationSets": [night]})
    numbers = {"PhoneNumbers": [{**PHONE, "TwoWayEnabled": True, "TwoWayChannelArn": TOPIC}]}
    stub.add_response("describe_phone_numbers", numbers)
    stub.add_response("put_keyword", {}, KEYWORD)
    lines = " ".join(brought(client, TOPIC, "phone-1", "night", "prod"))
    assert lines.count("already") == 2


def test_a_pool_is_turned_as_a_whole_and_without_a_set_no_receipts_are_promised(
    aws: tuple[Any, Stubber],
) -> None:
    client, stub = aws
    pool = {
        "PoolArn": "arn",
        "PoolId": "pool-1",
        "Status": "ACTIVE",
        "MessageType": "TRANSACTIONAL",
        "TwoWayEnabled": False,
        "SelfManagedOptOutsEnabled": False,
        "OptOutListName": "Default",
        "SharedRoutesEnabled": False,
        "DeletionProtectionEnabled": False,
        "CreatedTimestamp": 0,
    }
    stub.add_response("describe_pools", {"Pools": [pool]}, {"PoolIds": ["pool-1"]})
    turned = {"PoolId": "pool-1", "TwoWayEnabled": True, "TwoWayChannelArn": TOPIC}
    stub.add_response("update_pool", {}, turned)
    stub.add_response("put_keyword", {}, {**KEYWORD, "OriginationIdentity": "pool-1"})
    first, *_ = brought(client, TOPIC, "pool-1", None, "prod")
    assert "no receipts come" in first


def test_replies_that_somebody_else_listens_to_are_not_taken_away(aws: tuple[Any, Stubber]) -> None:
    client, stub = aws
    numbers = {"PhoneNumbers": [{**PHONE, "TwoWayEnabled": True, "TwoWayChannelArn": f"{TOPIC}-another"}]}
    stub.add_response("describe_phone_numbers", numbers)
    with pytest.raises(CommandError, match="nightdesk-prod-sms-another"):
        list(brought(client, TOPIC, "phone-1", None, "prod"))


# --- Twilio -----------------------------------------------------------------------------------------------

ADDRESS = "https://nightdesk.example/prod/sms/twilio"
STAGE = read_settings(GOOD | TWILIO)
NUMBERS = (
    f"https://api.twilio.example/2010-04-01/Accounts/{TWILIO['TWILIO_ACCOUNT_SID']}/IncomingPhoneNumbers"
)


def number(url: str, method: str = "POST") -> dict[str, Any]:
    return {"incoming_phone_numbers": [{"sid": "PN1", "sms_url": url, "sms_method": method}]}


@pytest.mark.parametrize("present", [number(""), number(ADDRESS, "GET"), number(f"{ADDRESS}/")])
@responses.activate
def test_a_twilio_number_is_pointed_at_us_byte_for_byte(present: dict[str, Any]) -> None:
    responses.get(f"{NUMBERS}.json", json=present)
    responses.post(f"{NUMBERS}/PN1.json", json={})
    assert "from now on" in pointed(STAGE, "a-token", ADDRESS)
    assert parse_qs(str(responses.calls[1].request.body)) == {"SmsUrl": [ADDRESS], "SmsMethod": ["POST"]}


@responses.activate
def test_a_number_that_is_right_already_is_left_alone() -> None:
    responses.get(f"{NUMBERS}.json", json=number(ADDRESS))
    assert "already" in pointed(STAGE, "a-token", ADDRESS)
    assert len(responses.calls) == 1


@responses.activate
def test_a_number_of_another_account_and_a_wrong_token_are_said() -> None:
    responses.get(f"{NUMBERS}.json", json={"incoming_phone_numbers": []})
    with pytest.raises(CommandError, match="correct SmsSender"):
        pointed(STAGE, "a-token", ADDRESS)
    responses.replace("GET", f"{NUMBERS}.json", status=401, json={"message": "Authenticate"})
    with pytest.raises(CommandError, match="401: Authenticate"):
        pointed(STAGE, "a-token", ADDRESS)


def test_a_messaging_service_is_pointed_by_hand() -> None:
    service = read_settings(GOOD | TWILIO | {"SMS_SENDER": "MG0123456789abcdef0123456789abcdef"})
    assert ADDRESS in pointed(service, "a-token", ADDRESS)


def door(secret: str) -> Any:
    """Return what answers as our address does, under one token."""

    def answer(request: Any) -> tuple[int, dict[str, str], str]:
        try:
            verify(ADDRESS, request.headers, request.body, [secret])
        except Rejected as refused:
            return refused.status, {}, ""
        return 200, {}, "<Response/>"

    return answer


@responses.activate
def test_an_address_that_believes_us_and_no_forger_is_proven() -> None:
    responses.add_callback("POST", ADDRESS, door("a-token"))
    assert proven(ADDRESS, "a-token") == []


@responses.activate
def test_an_address_that_does_not_know_the_token_yet_or_believes_everybody_is_told_apart() -> None:
    responses.add_callback("POST", ADDRESS, door("an-old-token"))
    (fault,) = proven(ADDRESS, "a-token")
    assert "genuine request was answered 403" in fault
    responses.reset()
    responses.post(ADDRESS, status=200)
    (fault,) = proven(ADDRESS, "a-token")
    assert "forged request was answered 200" in fault
