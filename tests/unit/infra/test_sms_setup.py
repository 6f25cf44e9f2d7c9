"""What a deployment refuses, keeps and says about text messages."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.settings import read_settings
from infra.failures import CommandError
from infra.sms_setup import carried, kept, require_sms, steps
from tests.unit.settings.test_settings import GOOD
from tests.unit.settings.test_settings import TWILIO as IN_FUNCTIONS

TWILIO = {
    "SmsProvider": "twilio",
    "SmsSender": "+447700900100",
    "TwilioAccountSid": "AC0123456789abcdef0123456789abcdef",
}


@pytest.mark.parametrize(
    "parameters",
    [{}, {"SmsProvider": "sns"}, TWILIO, {"SmsProvider": "end_user_messaging", "SmsSender": "pool-1"}],
)
def test_a_carrier_that_has_what_it_needs_is_deployed(parameters: dict[str, str]) -> None:
    """Refusing is an exception, so coming back at all is the rule."""
    require_sms(parameters)


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"SmsProvider": "pigeon"}, "sns, end_user_messaging, twilio"),
        ({"SmsProvider": "twilio"}, r"--set SmsSender=\.\.\.: it is not set: write your Twilio number"),
        (TWILIO | {"TwilioAccountSid": "SK1"}, r"--set TwilioAccountSid=\.\.\.: it is 'SK1': write"),
        ({"SmsProvider": "end_user_messaging", "SmsSender": "+447700900100"}, r"SmsSender=.*phone-\.\.\."),
    ],
)
def test_one_that_has_not_is_refused_before_anything_is_uploaded(
    parameters: dict[str, str], named: str
) -> None:
    """Each parameter, as it is typed, with what to write."""
    with pytest.raises(CommandError, match=named):
        require_sms(parameters)


def test_what_was_chosen_once_is_kept_and_what_has_a_default_may_change_with_it() -> None:
    """A later deployment that says nothing of texts must not fall back to SNS, nor to an API's old address."""
    given = {**TWILIO, "SmsConfigurationSet": "", "GraphApiUrl": "https://graph.facebook.com/v25.0/"}
    stack: Any = {
        "Parameters": [{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()]
    }
    assert kept(stack) == TWILIO
    assert kept(None) == kept({}) == {}


@pytest.mark.parametrize("carrier", ["twilio", "end_user_messaging"])
def test_a_carrier_that_can_be_answered_has_a_next_step_and_sns_a_better_one(carrier: str) -> None:
    """One command brings replies here."""
    assert "python -m infra texts --stage prod" in " ".join(steps({"SmsProvider": carrier}, "prod"))
    assert "nobody can text back" in " ".join(steps({}, "prod"))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "nobody can text back"),
        ({**IN_FUNCTIONS, "PUBLIC_BASE_URL": "https://nd.example"}, "https://nd.example/sms/twilio"),
        ({"SMS_PROVIDER": "end_user_messaging", "SMS_SENDER": "pool-1"}, "no receipts"),
    ],
)
def test_the_doctor_says_who_carries_texts_and_whether_they_can_be_answered(
    given: dict[str, str], words: str
) -> None:
    assert words in carried(read_settings(GOOD | given))
