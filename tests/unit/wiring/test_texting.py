"""Which carrier a stage has, and whom it believes about texts."""

from __future__ import annotations

import json

import pytest

from chalicelib.errors import Misconfigured, NotFound
from chalicelib.queues.messages import UnknownMessage, dumps
from chalicelib.services.ports import Text
from chalicelib.settings import read_settings
from chalicelib.wiring import Container
from chalicelib.wiring.carriers import carrier
from tests.fakes import FakeSecrets
from tests.unit.settings.test_settings import GOOD, TWILIO

BY_AWS = {"SMS_PROVIDER": "end_user_messaging", "SMS_SENDER": "phone-1"}
PUBLIC = {"PUBLIC_BASE_URL": "https://nightdesk.example/prod/"}
TOLD = json.dumps({"originationNumber": "+447700900001", "messageBody": "C1", "inboundMessageId": "m-1"})


def box(**variables: str) -> Container:
    return Container(read_settings(GOOD | variables))


def test_what_aws_publishes_is_read_where_aws_carries_our_texts() -> None:
    assert box(**BY_AWS).told(TOLD) == Text("m-1", "+447700900001", "C1")


@pytest.mark.parametrize("variables", [{}, TWILIO])
def test_it_is_believed_nowhere_else(variables: dict[str, str]) -> None:
    """Without the topic's policy in between, anybody who may queue could forge a text."""
    with pytest.raises(UnknownMessage):
        box(**variables).told(TOLD)


@pytest.mark.parametrize("variables", [{}, TWILIO, BY_AWS])
def test_our_own_messages_are_read_everywhere(variables: dict[str, str]) -> None:
    text = Text("SM1", "+447700900001", "C1")
    assert box(**variables).told(dumps(text)) == text


@pytest.mark.parametrize("variables", [{}, BY_AWS])
def test_twilios_address_leads_nowhere_where_another_carries_our_texts(variables: dict[str, str]) -> None:
    """Nothing answers there, so that no token has to be kept for it."""
    with pytest.raises(NotFound):
        _ = box(**PUBLIC, **variables).twilio_door


def test_without_a_public_address_no_signature_could_be_checked() -> None:
    with pytest.raises(Misconfigured, match="PUBLIC_BASE_URL"):
        _ = box(**TWILIO).twilio_door


@pytest.mark.parametrize(
    ("variables", "hears"),
    [({}, False), (TWILIO, True), (TWILIO | {"SMS_SENDER": "ACMEAIR"}, False), (BY_AWS, True)],
)
def test_only_where_people_can_text_back_do_texts_ask_for_it(
    variables: dict[str, str],
    hears: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    assert carrier(read_settings(GOOD | PUBLIC | variables), FakeSecrets()).hears is hears
