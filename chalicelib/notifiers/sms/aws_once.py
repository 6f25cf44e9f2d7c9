"""What the two AWS senders share: a client that tries once, and which family a broken connection belongs to."""

from __future__ import annotations

from typing import Any

from chalicelib.aws import session
from chalicelib.errors import NightdeskError, OutcomeUnknown, Permanent, Transient

CONNECT_SECONDS = 3
READ_SECONDS = 5


def once(service: str, endpoint_url: str | None = None) -> Any:  # noqa: ANN401 - botocore builds clients by name
    """Return a client without retries of its own: one inside it would be a hand-over that nobody recorded."""
    from botocore.config import Config

    config = Config(
        connect_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS, retries={"total_max_attempts": 1}
    )
    return session().create_client(service, config=config, endpoint_url=endpoint_url)


def network_fault(error: Exception, carrier: str, key: str) -> NightdeskError:
    """Only what fails before the request is out is definite; silence or a cut after it is not."""
    from botocore import exceptions as botocore

    if isinstance(error, botocore.ConnectTimeoutError | botocore.EndpointConnectionError):
        return Transient(f"{carrier} cannot be reached")
    if isinstance(error, botocore.HTTPClientError):
        return OutcomeUnknown(f"{carrier} did not answer in time; page {key} may have been sent")
    return Permanent(f"{carrier} cannot be called ({type(error).__name__})", runbook="sms-account")
