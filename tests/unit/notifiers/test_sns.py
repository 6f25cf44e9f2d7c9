"""What SNS answers, by botocore's own stubs, and which family of error each answer is."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.stub import Stubber

from chalicelib.errors import OutcomeUnknown, Permanent, Transient
from chalicelib.notifiers.sms.sns import SnsSmsSender

PHONE = "+447700900001"


def client(endpoint: str | None = None, **config: Any) -> Any:
    session = boto3.session.Session("a", "b", region_name="eu-west-1")
    return session.client(
        "sns", endpoint_url=endpoint, config=Config(retries={"total_max_attempts": 1}, **config)
    )


def answering(code: str, message: str = "no", status: int = 400) -> SnsSmsSender:
    made = client()
    stub = Stubber(made)
    stub.add_client_error("publish", code, message, status)
    stub.activate()
    return SnsSmsSender(made)


def send(sender: SnsSmsSender) -> str:
    return sender.send(phone=PHONE, text="Acme Air: answer by 03:00", key="c|1|2|0|ana|0")


@contextmanager
def deaf_server() -> Iterator[str]:
    """Run a server that accepts a request and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken: list[socket.socket] = []
        thread = threading.Thread(target=lambda: taken.append(server.accept()[0]), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join(5)
        for connection in taken:
            connection.close()


def test_a_text_is_published_once_to_the_number_as_transactional() -> None:
    """Carriers then give reliability precedence over cost."""
    made = client()
    with Stubber(made) as stub:
        wanted = {
            "PhoneNumber": PHONE,
            "Message": "Acme Air: answer by 03:00",
            "MessageAttributes": {
                "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}
            },
        }
        stub.add_response("publish", {"MessageId": "m-1"}, wanted)
        assert send(SnsSmsSender(made)) == "m-1"
        stub.assert_no_pending_responses()


@pytest.mark.parametrize("code", ["Throttling", "ThrottledException", "ServiceUnavailable"])
def test_a_busy_service_definitely_did_not_send(code: str) -> None:
    with pytest.raises(Transient) as error:
        send(answering(code, status=503))
    assert not isinstance(error.value, OutcomeUnknown)


def test_an_internal_error_leaves_the_outcome_unknown() -> None:
    with pytest.raises(OutcomeUnknown):
        send(answering("InternalError", status=500))


@pytest.mark.parametrize(
    ("code", "message", "runbook"),
    [
        ("OptedOut", "", "sms-opted-out"),
        ("InvalidParameter", "Phone number is opted out", "sms-opted-out"),
        ("InvalidParameter", f"{PHONE} is not valid to publish to", "sms-number"),
        ("AuthorizationError", "", "sms-account"),
        ("InvalidClientTokenId", "", "sms-account"),
    ],
)
def test_what_cannot_work_names_the_page_of_the_runbook_and_never_the_number(
    code: str, message: str, runbook: str
) -> None:
    with pytest.raises(Permanent) as error:
        send(answering(code, message))
    assert error.value.runbook == runbook
    assert PHONE not in str(error.value)


def test_silence_after_the_request_is_out_leaves_the_outcome_unknown() -> None:
    with deaf_server() as address, pytest.raises(OutcomeUnknown):
        send(SnsSmsSender(client(address, read_timeout=0.2)))


def test_a_service_that_cannot_be_reached_definitely_did_not_send() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        address = f"http://127.0.0.1:{gone.getsockname()[1]}"
    with pytest.raises(Transient) as error:
        send(SnsSmsSender(client(address)))
    assert not isinstance(error.value, OutcomeUnknown)


def test_the_senders_own_client_never_repeats_and_gives_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A retry inside the client would be a second hand-over that nobody recorded."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    config: Any = SnsSmsSender()._client.meta.config  # noqa: SLF001  (its settings are the rule)
    assert (config.connect_timeout, config.read_timeout) == (3, 5)
    assert config.retries["total_max_attempts"] == 1
