"""Translates between HTTP and our words: requests into deliveries, the families of error into statuses.

It decides nothing else. Answers to machines are empty or one JSON sentence; whatever repeats a caller's own
words goes out as plain text, which no browser runs.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import ParamSpec

from chalice.app import Request, Response

from chalicelib.errors import Conflict, NightdeskError, NotFound, Rejected, Transient
from chalicelib.observability import HTTP_REFUSED
from chalicelib.services.platform_port import Delivery
from chalicelib.wiring import container

P = ParamSpec("P")

ANY_TYPE = ["*/*"]
"""Without a list of content types Chalice answers form posts with 415, and so breaks Slack and Twilio."""

PLAIN = "text/plain; charset=utf-8"
JSON = "application/json; charset=utf-8"


def delivery_of(request: Request) -> Delivery:
    """Return the request as it was sent: the body's exact bytes, which signatures cover."""
    return Delivery.from_event(request.to_original_event())


def done() -> Response:
    """Return the empty 200 that machines want."""
    return said("")


def said(body: str, status: int = 200, content_type: str = PLAIN) -> Response:
    """Return a body that may repeat the caller's own words: as text unless the caller's protocol says otherwise."""
    return Response(status_code=status, body=body, headers={"Content-Type": content_type})


def speaks_http(view: Callable[P, Response]) -> Callable[P, Response]:
    """Let a route raise our errors: each is counted, and answered with its status and one sentence."""
    return translated(
        view, lambda family: container().meter.count(HTTP_REFUSED, family=family, route=view.__name__)
    )


def translated(view: Callable[P, Response], count: Callable[[str], None]) -> Callable[P, Response]:
    """Return the route with its errors told to ``count`` by family. What is not ours is a bug: Chalice's 500."""

    @wraps(view)
    def spoken(*args: P.args, **kwargs: P.kwargs) -> Response:
        try:
            return view(*args, **kwargs)
        except NightdeskError as error:
            count(type(error).__name__)
            return refusal(error)

    return spoken


def refusal(error: NightdeskError) -> Response:
    """Return the answer an error means to a caller: 401, 403, 404, 409, 503 or 500."""
    body: dict[str, str] = {"error": _sentence(error)}
    if isinstance(error, Conflict) and error.holder:
        body["holder"] = error.holder
    answer = said(json.dumps(body), _status(error), JSON)
    answer.headers.update(_when(error))
    return answer


def _status(error: NightdeskError) -> int:
    match error:
        case Rejected():
            return error.status
        case NotFound():
            return HTTPStatus.NOT_FOUND
        case Conflict():
            return HTTPStatus.CONFLICT
        case Transient():
            return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.INTERNAL_SERVER_ERROR


def _sentence(error: NightdeskError) -> str:
    """Tell a stranger only what they need: what is missing or broken inside is for our logs and metrics."""
    if isinstance(error, NotFound):
        return "There is nothing at this address."
    known = isinstance(error, Rejected | Conflict)
    return str(error) if known else "This cannot be taken right now; please send it again."


def _when(error: NightdeskError) -> dict[str, str]:
    after = error.retry_after if isinstance(error, Transient) else None
    return {} if after is None else {"Retry-After": str(math.ceil(after.total_seconds()))}
