"""Our senders and our door against the carriers' stand-ins, and the stand-ins against the vendors' own libraries."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
import requests
from twilio.request_validator import RequestValidator

from chalicelib.errors import OutcomeUnknown, Permanent, Transient
from chalicelib.notifiers.sms.end_user_messaging import EndUserMessagingSender
from chalicelib.notifiers.sms.end_user_messaging_events import read
from chalicelib.notifiers.sms.twilio import TwilioSmsSender
from chalicelib.notifiers.sms.twilio_events import TwilioDoor
from chalicelib.services.platform_port import Delivery
from chalicelib.services.ports import Receipt, SmsSender, Text
from infra.standin import sms_voice_api, twilio_api
from infra.standin.server import Standin
from infra.standin.world import Text as Shown
from tests.fakes import FakeSecrets
from tests.standin.conftest import Deployed

PHONE = "+447700900001"
KEY = "c|1|-33%|0|ana|0"


def twilio(
    standin: Standin, deployed: Deployed, *, token: str = twilio_api.TOKEN, **changes: str
) -> SmsSender:
    given = {
        "account": twilio_api.ACCOUNT,
        "sender": twilio_api.NUMBER,
        "callback": f"{deployed.url}/sms/twilio",
        "api_url": standin.twilio_api_url,
        **changes,
    }
    return TwilioSmsSender(token=lambda: token, renewed=lambda: token, timeout=(1, 1), **given)


@pytest.fixture
def voice(standin: Standin, monkeypatch: pytest.MonkeyPatch) -> SmsSender:
    for name, value in {
        "ACCESS_KEY_ID": "a",
        "SECRET_ACCESS_KEY": "b",
        "DEFAULT_REGION": "eu-west-1",
    }.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    return EndUserMessagingSender(
        sender=sms_voice_api.SENDER,
        configuration_set=sms_voice_api.CONFIGURATION_SET,
        endpoint_url=standin.sms_voice_api_url,
    )


@pytest.fixture
def told(standin: Standin) -> list[str]:
    """What the stand-in publishes to the stack's topic."""
    published: list[str] = []
    standin.voice.connect(published.append)
    return published


def send(by: SmsSender, text: str = "Acme Air: answer by 03:00") -> str:
    return by.send(phone=PHONE, text=text, key=KEY)


# --- Twilio -----------------------------------------------------------------------------------------------


def test_twilio_takes_our_text_and_the_phone_shows_it(standin: Standin, deployed: Deployed) -> None:
    sid = send(twilio(standin, deployed))
    assert [(text.phone, text.carrier) for text in standin.world.texts] == [(PHONE, "twilio")]
    assert standin.twilio.sent[-1].sid == sid
    assert standin.world.complaints == []


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("429", Transient),
        ("21610", Permanent),
        ("revoked", Permanent),
        ("500", OutcomeUnknown),
        ("garbage", OutcomeUnknown),
        ("timeout", OutcomeUnknown),
        ("timeout_after_write", OutcomeUnknown),
    ],
)
def test_twilio_fails_as_told_and_we_know_which_family_it_is(
    standin: Standin, deployed: Deployed, how: str, expected: type[Exception]
) -> None:
    """Only the time-out after the write reaches the phone."""
    standin.failures.ask("twilio", how, seconds=2)
    with pytest.raises(expected) as error:
        send(twilio(standin, deployed))
    assert type(error.value) is expected
    assert len(standin.world.texts) == (how == "timeout_after_write")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"token": "another"}, "20003"),
        ({"account": "AC" + "0" * 32}, "20003"),
        ({"sender": "+447700900999"}, "21606"),
    ],
)
def test_twilio_knows_its_account_and_its_numbers(
    standin: Standin, deployed: Deployed, changes: dict[str, str], code: str
) -> None:
    with pytest.raises(Permanent, match=code):
        send(twilio(standin, deployed, **changes))
    assert standin.world.texts == []


@pytest.mark.parametrize(("text", "code"), [("", "21602"), ("x" * 1601, "21617")])
def test_twilio_complains_about_what_no_text_may_be(
    standin: Standin, deployed: Deployed, text: str, code: str
) -> None:
    with pytest.raises(Permanent, match=code):
        send(twilio(standin, deployed), text)
    assert standin.world.complaints


def test_a_phone_that_texts_stop_is_blocked_until_it_texts_start(
    standin: Standin, deployed: Deployed
) -> None:
    """By Twilio itself, which tells us too."""
    standin.twilio.text(PHONE, " stop ")
    with pytest.raises(Permanent) as error:
        send(twilio(standin, deployed))
    assert error.value.runbook == "sms-opted-out"
    standin.twilio.text(PHONE, "START")
    send(twilio(standin, deployed))
    assert len(deployed.got) == 2


def admitted(deployed: Deployed) -> Text | Receipt | None:
    """Let the last request that reached the deployed API through our door."""
    path, headers, body = deployed.got[-1]
    query = {name: values[0] for name, values in parse_qs(path.partition("?")[2]).items()}
    address = f"{deployed.url}/sms/twilio"
    door = TwilioDoor(address=address, secrets=FakeSecrets({"twilio/auth_token": twilio_api.TOKEN}))
    return door.admit(Delivery("POST", headers, query, body))


def test_what_a_phone_texts_comes_signed_as_the_vendor_would_and_passes_our_door(
    standin: Standin, deployed: Deployed
) -> None:
    standin.twilio.text(PHONE, "C1 & mehr €", sid="SM1")
    path, headers, body = deployed.got[-1]
    params = {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
    url = deployed.url.removesuffix("/api") + path
    assert RequestValidator(twilio_api.TOKEN).validate(url, params, headers["X-Twilio-Signature"])
    assert admitted(deployed) == Text("SM1", PHONE, "C1 & mehr €")


def test_a_receipt_comes_back_to_what_the_text_was_about(standin: Standin, deployed: Deployed) -> None:
    send(twilio(standin, deployed))
    standin.twilio.report("undelivered", error=30003)
    assert admitted(deployed) == Receipt(KEY, "Twilio says undelivered, error 30003")


# --- End User Messaging -----------------------------------------------------------------------------------


def test_end_user_messaging_takes_our_text_by_its_own_model(standin: Standin, voice: SmsSender) -> None:
    """Checked against botocore's model of the service, patterns and lengths included."""
    message = send(voice)
    assert [(text.phone, text.carrier) for text in standin.world.texts] == [(PHONE, "sms_voice")]
    assert standin.voice.sent[-1]["MessageId"] == message
    assert standin.world.complaints == []


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("429", Transient),
        ("opted_out", Permanent),
        ("revoked", Permanent),
        ("spent", Permanent),
        ("500", OutcomeUnknown),
    ],
)
def test_end_user_messaging_fails_as_told(
    standin: Standin, voice: SmsSender, how: str, expected: type[Exception]
) -> None:
    standin.failures.ask("sms_voice", how)
    with pytest.raises(expected) as error:
        send(voice)
    assert type(error.value) is expected
    assert standin.world.texts == []


def test_end_user_messaging_complains_about_what_its_model_forbids(
    standin: Standin, voice: SmsSender
) -> None:
    with pytest.raises(Permanent):
        voice.send(phone="no number", text="x", key=KEY)
    assert standin.world.complaints


def test_another_accounts_number_is_refused(standin: Standin) -> None:
    asked = requests.post(
        standin.sms_voice_api_url,
        json={"DestinationPhoneNumber": PHONE, "MessageBody": "x", "OriginationIdentity": "phone-1"},
        headers={"X-Amz-Target": sms_voice_api.TARGET},
        timeout=5,
    )
    assert asked.status_code == 400
    assert "no OriginationIdentity phone-1" in standin.world.complaints[-1]


def test_its_events_are_read_as_texts_and_receipts(
    standin: Standin, voice: SmsSender, told: list[str]
) -> None:
    send(voice)
    standin.voice.text(PHONE, "C1", sid="m-1")
    standin.voice.report("TEXT_DELIVERED")
    assert [read(body) for body in told] == [Text("m-1", PHONE, "C1"), Receipt(KEY)]


# --- the page ---------------------------------------------------------------------------------------------


def answer_form(standin: Standin, text: str) -> requests.Response:
    form = {"phone": PHONE, "text": text, "back": "1"}
    return requests.post(f"{standin.url}/_text", data=form, timeout=5, allow_redirects=False)


def test_a_text_can_be_answered_on_the_phones_page(standin: Standin, deployed: Deployed) -> None:
    send(twilio(standin, deployed))
    assert 'action="/_text"' in requests.get(standin.url, timeout=5).text
    assert answer_form(standin, "C1 <b>").status_code == 303
    said = admitted(deployed)
    assert isinstance(said, Text)
    assert (said.phone, said.text) == (PHONE, "C1 <b>")
    page = requests.get(standin.url, timeout=5).text
    assert "C1 &lt;b&gt;" in page
    assert "sms typed" in page


def test_what_sns_carried_cannot_be_answered(standin: Standin, deployed: Deployed) -> None:
    """It goes out only; the page offers nothing else."""
    standin.world.add("sms", Shown(PHONE, "Claim in Slack.", 0.0))
    assert 'action="/_text"' not in requests.get(standin.url, timeout=5).text
    assert answer_form(standin, "C1").status_code == 404
    assert deployed.got == []
