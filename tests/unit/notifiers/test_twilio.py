"""What Twilio answers and which family of error each answer is; what its webhooks tell."""

from __future__ import annotations

import base64
import socket
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlencode

import pytest
import responses
from twilio.request_validator import RequestValidator

from chalicelib.errors import OutcomeUnknown, Permanent, Rejected, Transient
from chalicelib.notifiers.sms import about
from chalicelib.notifiers.sms.twilio import TwilioSmsSender
from chalicelib.notifiers.sms.twilio_events import TwilioDoor
from chalicelib.services.platform_port import Delivery
from chalicelib.services.ports import Receipt, Text
from chalicelib.services.rotation import current
from tests.fakes import FakeSecrets
from tests.unit.notifiers.test_sns import PHONE, deaf_server

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
API = "https://api.twilio.example/2010-04-01/"
MESSAGES = f"{API}Accounts/{ACCOUNT}/Messages.json"
CALLBACK = "https://nightdesk.example/prod/sms/twilio"
KEY = "c|1|-33%|0|ana|0"


def sender(
    api_url: str = API,
    origin: str = "+447700900100",
    timeout: float = 5,
    token: Callable[[], str] = lambda: "a-token",
    renewed: Callable[[], str] = lambda: "a-token",
) -> TwilioSmsSender:
    return TwilioSmsSender(
        account=ACCOUNT,
        token=token,
        renewed=renewed,
        sender=origin,
        callback=CALLBACK,
        api_url=api_url,
        timeout=(3.05, timeout),
    )


def send(by: TwilioSmsSender) -> str:
    return by.send(phone=PHONE, text="Acme Air: answer by 03:00", key=KEY)


@responses.activate
def test_a_text_is_posted_once_with_what_brings_its_receipt_back() -> None:
    """The callback's address carries the key in characters that nobody spells anew: the signature covers it."""
    responses.post(MESSAGES, status=201, json={"sid": "SM1"})
    assert send(sender()) == "SM1"
    (call,) = responses.calls
    form = parse_qs(str(call.request.body))
    assert form == {
        "To": [PHONE],
        "From": ["+447700900100"],
        "Body": ["Acme Air: answer by 03:00"],
        "StatusCallback": [f"{CALLBACK}?about={about.written(KEY)}"],
        "ValidityPeriod": ["600"],
    }
    credentials = base64.b64encode(f"{ACCOUNT}:a-token".encode()).decode()
    assert call.request.headers["Authorization"] == f"Basic {credentials}"


@responses.activate
def test_a_token_that_was_rotated_is_read_anew_and_the_text_goes_out_once() -> None:
    """Refused means not taken, so a second call is still the first hand-over."""
    refused = responses.post(MESSAGES, status=401, json={"code": 20003})
    taken = responses.post(MESSAGES, status=201, json={"sid": "SM1"})
    assert send(sender(renewed=lambda: "a-new-token")) == "SM1"
    assert (refused.call_count, taken.call_count) == (1, 1)
    given = base64.b64decode(responses.calls[1].request.headers["Authorization"].split()[1]).decode()
    assert given == f"{ACCOUNT}:a-new-token"


@responses.activate
def test_a_token_that_is_refused_and_the_newest_is_not_tried_again() -> None:
    refused = responses.post(MESSAGES, status=401, json={"code": 20003})
    with pytest.raises(Permanent):
        send(sender())
    assert refused.call_count == 1


def test_a_token_that_nobody_stored_is_the_accounts_trouble_and_says_what_to_create() -> None:
    """So the page goes to the next contact, and the incident names the parameter."""
    secrets = FakeSecrets()
    with pytest.raises(Permanent, match="twilio/auth_token") as error:
        send(sender(token=lambda: current(secrets, "twilio/auth_token")))
    assert error.value.runbook == "sms-account"


@responses.activate
def test_a_messaging_service_chooses_the_number_itself() -> None:
    responses.post(MESSAGES, status=201, json={"sid": "SM1"})
    service = "MG0123456789abcdef0123456789abcdef"
    send(sender(origin=service))
    form = parse_qs(str(responses.calls[0].request.body))
    assert form["MessagingServiceSid"] == [service]
    assert "From" not in form


@pytest.mark.parametrize(
    ("origin", "hears"), [("+447700900100", True), ("12345", True), ("MG01", True), ("ACMEAIR", False)]
)
def test_nobody_can_text_back_to_a_name(origin: str, hears: bool) -> None:  # noqa: FBT001
    """So no text to come from one asks for it."""
    assert sender(origin=origin).hears is hears


@pytest.mark.parametrize(("status", "code"), [(429, 20429), (429, 0), (400, 21611), (400, 14107)])
@responses.activate
def test_a_busy_service_definitely_did_not_send_and_says_until_when(status: int, code: int) -> None:
    responses.post(MESSAGES, status=status, json={"code": code}, headers={"Retry-After": "7"})
    with pytest.raises(Transient) as error:
        send(sender())
    assert not isinstance(error.value, OutcomeUnknown)
    assert error.value.retry_after == timedelta(seconds=7)


@pytest.mark.parametrize("wait", ["", "soon", "-1", "1e9", "9" * 30, "7.5"])
@responses.activate
def test_a_waiting_time_that_is_none_is_left_out(wait: str) -> None:
    responses.post(MESSAGES, status=429, body="busy", headers={"Retry-After": wait})
    with pytest.raises(Transient) as error:
        send(sender())
    assert error.value.retry_after is None


@pytest.mark.parametrize(
    ("status", "code", "runbook"),
    [
        (400, 21610, "sms-opted-out"),
        (400, 21211, "sms-number"),
        (400, 21614, "sms-number"),
        (400, 21635, "sms-number"),
        (401, 20003, "sms-account"),
        (403, 20005, "sms-account"),
        (400, 21408, "sms-destination"),
        (400, 21606, "sms-account"),
        (400, 21608, "sms-destination"),
        (404, 20404, "sms-account"),
        (307, 0, "sms-account"),
    ],
)
@responses.activate
def test_what_cannot_work_names_the_page_of_the_runbook_and_never_the_number(
    status: int, code: int, runbook: str
) -> None:
    message = f"The number {PHONE} cannot be reached"
    responses.post(MESSAGES, status=status, json={"code": code, "message": message})
    with pytest.raises(Permanent) as error:
        send(sender())
    assert error.value.runbook == runbook
    assert PHONE not in str(error.value)


@pytest.mark.parametrize(
    ("status", "body"), [(500, "{}"), (503, "{}"), (200, "<html>"), (201, "[]"), (201, "{}")]
)
@responses.activate
def test_an_answer_that_tells_nothing_leaves_the_outcome_unknown(status: int, body: str) -> None:
    """A broken server may have taken it before it broke; a hotel's network answers 200 to everything."""
    responses.post(MESSAGES, status=status, body=body)
    with pytest.raises(OutcomeUnknown):
        send(sender())
    assert len(responses.calls) == 1


def test_silence_after_the_request_is_out_leaves_the_outcome_unknown_and_the_number_unsaid() -> None:
    with deaf_server() as address, pytest.raises(OutcomeUnknown) as error:
        send(sender(f"{address}/", timeout=0.2))
    assert PHONE not in str(error.value)


def test_a_service_that_cannot_be_reached_definitely_did_not_send() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        address = f"http://127.0.0.1:{gone.getsockname()[1]}/"
    with pytest.raises(Transient) as error:
        send(sender(address))
    assert not isinstance(error.value, OutcomeUnknown)


# --- what its webhooks tell -------------------------------------------------------------------------------

INBOUND = {"From": PHONE, "To": "+447700900100", "Body": "C47", "MessageSid": "SM9", "SmsStatus": "received"}


def told(
    form: dict[str, str], query: dict[str, str] | None = None, token: str = "a-token"
) -> Text | Receipt | None:
    asked = "".join(f"?{name}={value}" for name, value in (query or {}).items())
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Twilio-Signature": RequestValidator(token).compute_signature(f"{CALLBACK}{asked}", form),
    }
    door = TwilioDoor(address=CALLBACK, secrets=FakeSecrets({"twilio/auth_token": "a-token\nold-token"}))
    return door.admit(Delivery("POST", headers, query or {}, urlencode(form).encode()))


def test_a_text_is_known_by_twilios_own_id() -> None:
    assert told(INBOUND) == Text(id="SM9", phone=PHONE, text="C47")
    assert told(INBOUND, token="old-token") == told(INBOUND)


@pytest.mark.parametrize("missing", ["From", "MessageSid"])
def test_a_text_from_nobody_is_nothing(missing: str) -> None:
    assert told({name: value for name, value in INBOUND.items() if name != missing}) is None


@pytest.mark.parametrize(("kind", "words"), [("STOP", "STOP"), ("START", "START"), ("HELP", "ARRÊTE")])
def test_a_word_that_twilio_took_for_stop_is_stop_in_any_language(kind: str, words: str) -> None:
    """Advanced Opt-Out: the account chooses the words, and Twilio has acted on them already."""
    said = told(INBOUND | {"Body": "ARRÊTE", "OptOutType": kind})
    assert isinstance(said, Text)
    assert said.text == words


@pytest.mark.parametrize(
    ("status", "code", "fault"),
    [
        ("delivered", "", None),
        ("undelivered", "30003", "Twilio says undelivered, error 30003"),
        ("failed", "", "Twilio says failed, error unknown"),
    ],
)
def test_a_final_status_is_a_receipt_about_what_its_address_says(
    status: str, code: str, fault: str | None
) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": status, "ErrorCode": code, "From": "+447700900100"}
    assert told(form, {"about": about.written(KEY)}) == Receipt(key=KEY, fault=fault)


@pytest.mark.parametrize("status", ["accepted", "queued", "sending", "sent", "canceled", "read"])
def test_a_status_on_the_way_is_nothing(status: str) -> None:
    """They come in any order."""
    assert told({"MessageSid": "SM1", "MessageStatus": status}, {"about": about.written(KEY)}) is None


@pytest.mark.parametrize("given", [{}, {"about": "!"}, {"about": ""}, {"about": "_w"}])
def test_a_receipt_about_nothing_of_ours_is_nothing(given: dict[str, str]) -> None:
    assert told({"MessageSid": "SM1", "MessageStatus": "delivered"}, given) is None


def test_what_another_account_signed_is_refused() -> None:
    with pytest.raises(Rejected):
        told(INBOUND, token="another-token")


def test_an_address_with_more_to_it_than_we_ever_wrote_is_refused() -> None:
    with pytest.raises(Rejected):
        told(INBOUND, {"bodySHA256": "x"})
