"""The published example of the Standard Webhooks specification, and secrets of both kinds."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from chalicelib.errors import Rejected
from chalicelib.platforms.base import AppSecrets, Delivery
from chalicelib.platforms.generic import signature
from tests.platforms.generic.twin import TWIN

NOW = datetime(2026, 12, 14, 16, 0, tzinfo=UTC)


def test_a_secret_with_the_prefix_is_base64() -> None:
    secret = "whsec_" + base64.b64encode(b"twenty-four random bytes").decode()
    signature.verify(TWIN.sign(b"{}", secret, NOW), AppSecrets(secrets=(secret,)), NOW)
    with pytest.raises(Rejected):
        signature.verify(
            TWIN.sign(b"{}", secret.removeprefix("whsec_"), NOW), AppSecrets(secrets=(secret,)), NOW
        )


def test_the_specifications_own_example_is_accepted() -> None:
    """Source: standard-webhooks, the test vector every library carries."""
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    secrets = AppSecrets(secrets=("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",))
    at = datetime.fromtimestamp(1614265330, UTC)
    signature.verify(Delivery("POST", headers, body=b'{"test": 2432232314}'), secrets, at)


@pytest.mark.parametrize("stamp", ["", "soon", "-5", "١٧٩٧٢٦٤٠٠٠", "9" * 5000, "1797264000.5", " 1797264000"])
def test_a_timestamp_that_is_no_plain_number_is_refused(stamp: str) -> None:
    delivery = TWIN.sign(b"{}", "secret", NOW)
    headers = {**delivery.headers, "webhook-timestamp": stamp}
    with pytest.raises(Rejected):
        signature.verify(Delivery("POST", headers, body=b"{}"), AppSecrets(secrets=("secret",)), NOW)
