"""Only what Slack signed gets in, and nothing a stranger sends can do worse than be rejected."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.signature import SignatureVerifier

from chalicelib.errors import Rejected
from chalicelib.notifiers.slack.signature import SlackDoor, sign, verify
from chalicelib.services.platform_port import Delivery
from tests.fakes import FakeClock, FakeSecrets

NOW = datetime(2027, 1, 10, 2, 0, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
BODY = b"payload=%7B%22type%22%3A%22block_actions%22%7D"


def headers(body: bytes = BODY, *, stamp: str = STAMP, secret: str = "shh") -> dict[str, str]:
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": sign(body, stamp, secret).decode()}


def refused(given_headers: dict[str, str], body: bytes = BODY) -> int:
    with pytest.raises(Rejected) as error:
        verify(given_headers, body, ["shh"], NOW)
    return error.value.status


def test_what_slack_signed_is_let_in_whatever_the_case_of_its_headers() -> None:
    verify(headers(), BODY, ["shh"], NOW)
    verify({name.lower(): value for name, value in headers().items()}, BODY, ["shh"], NOW)


def test_while_a_secret_is_rotated_both_are_good() -> None:
    for secret in ("old", "new"):
        verify(headers(secret=secret), BODY, ["new", "old"], NOW)


@given(st.binary(max_size=200))
def test_our_signature_is_the_vendors_own(body: bytes) -> None:
    """Bytes that are no UTF-8 the vendor's code cannot sign at all; ours signs them like any others."""
    try:
        theirs = SignatureVerifier("shh").generate_signature(timestamp=STAMP, body=body)
    except UnicodeDecodeError:
        verify(headers(body), body, ["shh"], NOW)
    else:
        assert theirs is not None
        assert sign(body, STAMP, "shh") == theirs.encode()


@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
def test_a_request_older_or_younger_than_five_minutes_is_refused(seconds: int) -> None:
    stamp = str(int((NOW + timedelta(seconds=seconds)).timestamp()))
    assert refused(headers(stamp=stamp)) == 403


@pytest.mark.parametrize("seconds", [-300, 300])
def test_exactly_five_minutes_are_allowed(seconds: int) -> None:
    stamp = str(int((NOW + timedelta(seconds=seconds)).timestamp()))
    verify(headers(stamp=stamp), BODY, ["shh"], NOW)


@pytest.mark.parametrize("name", ["X-Slack-Request-Timestamp", "X-Slack-Signature"])
def test_no_proof_at_all_is_401(name: str) -> None:
    assert refused({key: value for key, value in headers().items() if key != name}) == 401


@pytest.mark.parametrize(
    "stamp", ["abc", "-1", "+1", " 1", "1_0", "1.5", "\uff11\uff12", "nan", "9" * 5000, "\udcff"]
)
def test_a_strange_timestamp_is_refused_and_never_an_error_of_ours(stamp: str) -> None:
    assert refused({"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": "v0=00"}) == 403


@pytest.mark.parametrize("signature", ["v0=", "v1=00", "v0=é", "v0=\udcff", "x" * 10_000])
def test_a_strange_signature_is_refused_and_never_an_error_of_ours(signature: str) -> None:
    """Comparing text instead of bytes raises on anything but ASCII: an attacker's 500."""
    assert refused({"X-Slack-Request-Timestamp": STAMP, "X-Slack-Signature": signature}) == 403


def test_a_signature_in_capitals_or_over_another_body_is_refused() -> None:
    good = headers()
    assert refused(good | {"X-Slack-Signature": good["X-Slack-Signature"].upper().replace("V0", "v0")}) == 403
    assert refused(good, BODY + b" ") == 403


def test_the_door_takes_its_secrets_and_its_clock_from_the_stage() -> None:
    """Two lines in one parameter are two secrets."""
    door = SlackDoor(FakeSecrets({"slack/signing_secret": "new\nshh"}), FakeClock(NOW))
    door.admit(Delivery("POST", headers(), {}, BODY))
    with pytest.raises(Rejected):
        door.admit(Delivery("POST", headers(secret="guess"), {}, BODY))
