"""What every AWS adapter shares: how its client is made, and which failures may well pass.

botocore is imported only when the first client is made, so that importing an adapter costs nothing. Not boto3: it
would load S3's transfers and add resources to every client of every cold start. A failure not known to pass is
raised as it came: it is a bug or a missing permission, and belongs in an alarm.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from chalicelib.errors import Transient

CONNECT_SECONDS = 2
READ_SECONDS = 3
ATTEMPTS = 3

PASSING = frozenset(
    {
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "LimitExceeded",
        "OverLimit",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "ReplicatedWriteConflictException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestTimeout",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "Throttling",
        "ThrottlingError",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
"""AWS's words for failures that pass, those among a transaction's cancellation reasons included."""

_SERVER_FAULT = 500


def make_client(service: str) -> Any:  # noqa: ANN401 - botocore builds clients by name
    """Return a low-level client that gives up within seconds: its callers live in functions that time out."""
    from botocore.config import Config

    patience = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    )
    return session().create_client(service, config=patience)


@cache
def session() -> Any:  # noqa: ANN401 - botocore is unknown until it is loaded
    """Return the session that all clients share, and with it what they have read from disk."""
    from botocore.session import get_session

    return get_session()


@contextmanager
def translating(doing: str) -> Iterator[None]:
    """Raise Transient for AWS failures that may pass, naming what was being done; let all others through."""
    from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: A004

    try:
        yield
    except ClientError as error:
        if not _passes(error):
            raise
        raise Transient(f"{doing}: AWS answered {code_of(error)}; it is tried again") from error
    except (ConnectionError, HTTPClientError) as error:
        raise Transient(f"{doing}: no answer from AWS ({type(error).__name__}); it is tried again") from error


def code_of(error: Any) -> str:  # noqa: ANN401 - a botocore ClientError, unknown until boto3 is loaded
    """Return AWS's code of a ``ClientError``."""
    return str(error.response["Error"]["Code"])


def _passes(error: Any) -> bool:  # noqa: ANN401
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return code_of(error) in PASSING or status >= _SERVER_FAULT
