"""The environment is read once, whole, and every fault in it is told at once."""

from __future__ import annotations

import pytest

from chalicelib.errors import Misconfigured
from chalicelib.settings import ClockKind, SmsProvider, read_settings

GOOD = {
    "STAGE": "prod",
    "TABLE": "nightdesk-prod",
    "INBOUND_QUEUE_URL": "https://sqs.example/1/inbound",
    "WAKE_QUEUE_URL": "https://sqs.example/1/wake",
    "OUTBOUND_QUEUE_URL": "https://sqs.example/1/outbound",
    "SWEEP_QUEUE_URL": "https://sqs.example/1/sweep",
    "INBOUND_DEAD_LETTERS_URL": "https://sqs.example/1/inbound-dead",
    "WAKE_DEAD_LETTERS_URL": "https://sqs.example/1/wake-dead",
    "OUTBOUND_DEAD_LETTERS_URL": "https://sqs.example/1/outbound-dead",
    "SWEEP_DEAD_LETTERS_URL": "https://sqs.example/1/sweep-dead",
    "SECRETS_PREFIX": "/nightdesk/prod",
    "SLACK_API_URL": "https://slack.example/api/",
    "GRAPH_API_URL": "https://graph.example/v26.0",
    "GRAPH_INSTAGRAM_API_URL": "https://graph-ig.example/v26.0/",
    "THREADS_API_URL": "https://graph.threads.example/v1.0",
    "X_API_URL": "https://api.x.example",
    "TWILIO_API_URL": "https://api.twilio.example/2010-04-01",
}

TWILIO = {
    "SMS_PROVIDER": "twilio",
    "SMS_SENDER": "+447700900100",
    "TWILIO_ACCOUNT_SID": "AC0123456789abcdef0123456789abcdef",
}


def test_a_whole_environment_becomes_settings() -> None:
    settings = read_settings(GOOD)
    assert (settings.stage, settings.table) == ("prod", "nightdesk-prod")
    assert settings.wake_queue_url == "https://sqs.example/1/wake"
    assert settings.outbound_dead_letters_url == "https://sqs.example/1/outbound-dead"
    assert settings.clock is ClockKind.SYSTEM
    assert settings.sms_provider is SmsProvider.SNS
    assert settings.public_base_url is None


def test_an_api_address_ends_in_one_slash_however_it_was_written() -> None:
    settings = read_settings(GOOD | {"SLACK_API_URL": "https://slack.example/api"})
    assert settings.slack_api_url == "https://slack.example/api/"
    assert settings.graph_api_url == "https://graph.example/v26.0/"


def test_what_may_be_chosen_is_chosen() -> None:
    chosen = {"CLOCK": "table", "PUBLIC_BASE_URL": "https://nightdesk.example/"}
    settings = read_settings(GOOD | TWILIO | chosen)
    assert settings.clock is ClockKind.TABLE
    assert settings.sms_provider is SmsProvider.TWILIO
    assert settings.twilio_api_url == "https://api.twilio.example/2010-04-01/"
    assert settings.public_base_url == "https://nightdesk.example"


def test_every_fault_is_told_at_once_and_names_its_variable() -> None:
    wrong = {"TABLE": " ", "CLOCK": "sundial", "WAKE_QUEUE_URL": "sqs", "SECRETS_PREFIX": "nightdesk/prod"}
    environment = {name: value for name, value in (GOOD | wrong).items() if name != "STAGE"}
    with pytest.raises(Misconfigured) as fault:
        read_settings(environment)
    lines = str(fault.value).splitlines()[1:]
    assert [line.split()[1] for line in lines] == [
        "STAGE",
        "TABLE",
        "WAKE_QUEUE_URL",
        "SECRETS_PREFIX",
        "CLOCK",
    ]
    assert "write one of system, table" in lines[-1]


@pytest.mark.parametrize("name", sorted(GOOD))
def test_no_variable_may_be_missing_whose_default_could_send_work_elsewhere(name: str) -> None:
    with pytest.raises(Misconfigured, match=f"{name} is not set"):
        read_settings({other: value for other, value in GOOD.items() if other != name})


def test_an_address_that_no_client_could_call_is_a_fault() -> None:
    with pytest.raises(Misconfigured, match="GRAPH_API_URL is 'ftp://graph'"):
        read_settings(GOOD | {"GRAPH_API_URL": "ftp://graph"})


def test_a_fault_in_an_optional_variable_is_a_fault() -> None:
    with pytest.raises(Misconfigured, match=r"PUBLIC_BASE_URL is 'nightdesk\.example'"):
        read_settings(GOOD | {"PUBLIC_BASE_URL": "nightdesk.example"})


def test_the_environment_itself_is_what_is_read_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    assert read_settings() == read_settings(GOOD)


@pytest.mark.parametrize(
    "sender", ["+447700900100", "MG0123456789abcdef0123456789abcdef", "12345", "ACMEAIR", "Acme Air"]
)
def test_twilio_may_send_from_a_number_a_service_or_a_name(sender: str) -> None:
    assert read_settings(GOOD | TWILIO | {"SMS_SENDER": sender}).sms_sender == sender


@pytest.mark.parametrize("sender", ["phone-0123456789abcdef", "pool-0123456789abcdef"])
def test_end_user_messaging_sends_from_a_number_or_a_pool_by_its_id(sender: str) -> None:
    """The id, because exactly what it names is granted to the function that sends."""
    chosen = {"SMS_PROVIDER": "end_user_messaging", "SMS_SENDER": sender, "SMS_CONFIGURATION_SET": "night"}
    settings = read_settings(GOOD | chosen)
    assert (settings.sms_sender, settings.sms_configuration_set) == (sender, "night")


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"SMS_PROVIDER": "twilio"}, ["SMS_SENDER", "TWILIO_ACCOUNT_SID"]),
        (TWILIO | {"SMS_SENDER": "07700 900100 x"}, ["SMS_SENDER"]),
        (TWILIO | {"TWILIO_ACCOUNT_SID": "SK0123456789abcdef0123456789abcdef"}, ["TWILIO_ACCOUNT_SID"]),
        ({"SMS_PROVIDER": "end_user_messaging"}, ["SMS_SENDER"]),
        ({"SMS_PROVIDER": "end_user_messaging", "SMS_SENDER": "+447700900100"}, ["SMS_SENDER"]),
        ({"SMS_PROVIDER": "end_user_messaging", "SMS_SENDER": "phone-1 x"}, ["SMS_SENDER"]),
    ],
)
def test_what_a_carrier_lacks_is_named_with_what_to_write(given: dict[str, str], named: list[str]) -> None:
    with pytest.raises(Misconfigured) as fault:
        read_settings(GOOD | given)
    lines = str(fault.value).splitlines()[1:]
    assert [line.split()[1] for line in lines] == named
    assert all("write " in line for line in lines)


def test_sns_needs_nothing() -> None:
    """For a first try."""
    assert read_settings(GOOD).sms_sender == ""
