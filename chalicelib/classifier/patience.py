"""A client of AWS that answers within two seconds or not at all: nobody waits longer for a second opinion."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.aws import session
from chalicelib.errors import Permanent, Transient

CONNECT_SECONDS, SECONDS = 0.4, 2.0


def quick_client(service: str, *, calls: int = 1, **where: Any) -> Any:  # noqa: ANN401 - built by name
    """Return a client that tries once; an opinion that takes so many ``calls`` stays within ``SECONDS``."""
    from botocore.config import Config

    patience = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=(SECONDS - CONNECT_SECONDS) / calls,
        retries={"total_max_attempts": 1},
    )
    return session().create_client(service, config=patience, **where)


@contextmanager
def answering(name: str) -> Iterator[None]:
    """Turn whatever AWS does but answer into an error of ours. Raises: Permanent, Transient."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "?")
        raise Permanent(f"{name} refused: {code}") from error
    except BotoCoreError as error:
        raise Transient(f"{name} did not answer ({type(error).__name__})") from error
