"""Each family of error is one status and one sentence, counted; a bug is nobody's to hide."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from chalice.app import Request, Response

from chalicelib.errors import (
    Conflict,
    Misconfigured,
    NightdeskError,
    NotFound,
    OutcomeUnknown,
    Permanent,
    Rejected,
    Transient,
)
from chalicelib.web.http import delivery_of, done, refusal, said, translated

STATUSES = [
    (Rejected("no signature", status=401), 401),
    (Rejected("wrong signature"), 403),
    (NotFound("no such app"), 404),
    (Conflict("ben has it", holder="ben"), 409),
    (Transient("the queue is throttled"), 503),
    (OutcomeUnknown("no answer"), 503),
    (Permanent("the token is revoked"), 500),
    (Misconfigured("set slack/signing_secret"), 500),
]


@pytest.mark.parametrize(("error", "status"), STATUSES, ids=lambda value: type(value).__name__)
def test_a_family_of_error_is_a_status(error: NightdeskError, status: int) -> None:
    answer = refusal(error)
    assert answer.status_code == status
    assert json.loads(answer.body)["error"]


def test_a_conflict_names_the_holder() -> None:
    body = json.loads(refusal(Conflict("ben has it", holder="ben")).body)
    assert body == {"error": "ben has it", "holder": "ben"}


@pytest.mark.parametrize(
    "error",
    [
        NotFound("create /nightdesk/x"),
        Transient("table nightdesk-prod throttled"),
        Permanent("token xyz"),
        Misconfigured("/nightdesk/prod/x"),
    ],
)
def test_what_is_wrong_inside_is_not_told_to_strangers(error: NightdeskError) -> None:
    told = json.loads(refusal(error).body)["error"]
    assert told in (
        "There is nothing at this address.",
        "This cannot be taken right now; please send it again.",
    )
    assert ("nothing" in told) == isinstance(error, NotFound)


def test_a_transient_error_passes_on_when_to_come_back() -> None:
    answer = refusal(Transient("busy", retry_after=timedelta(seconds=2.2)))
    assert answer.headers["Retry-After"] == "3"


def test_a_refusal_is_counted_by_family_and_a_success_is_not() -> None:
    counted: list[str] = []

    def view(*, fail: bool) -> Response:
        if fail:
            raise Rejected("no")
        return done()

    assert translated(view, counted.append)(fail=False).status_code == 200
    assert counted == []
    assert translated(view, counted.append)(fail=True).status_code == 403
    assert counted == ["Rejected"]


def test_a_bug_is_not_translated() -> None:
    """Chalice logs it with its traceback and answers 500."""

    def view() -> Response:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        translated(view, lambda _: None)()


def test_what_repeats_the_callers_words_is_plain_text() -> None:
    """A reflected challenge must never be run by a browser."""
    answer = said("<script>alert(1)</script>")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(("body", "encoded"), [("caf\u00e9", False), ("Y2Fmw6k=", True)])
def test_a_delivery_is_the_exact_bytes_that_were_sent(body: str, *, encoded: bool) -> None:
    """Signatures cover bytes; API Gateway may hand them over in base64."""
    event = {
        "body": body,
        "isBase64Encoded": encoded,
        "headers": {"X-Signature": "s"},
        "multiValueQueryStringParameters": {"hub.mode": ["subscribe"]},
        "pathParameters": {},
        "stageVariables": {},
        "requestContext": {"httpMethod": "POST", "resourcePath": "/hooks/{platform}/{app}"},
        "httpMethod": "POST",
    }
    delivery = delivery_of(Request(event))
    assert (delivery.body, delivery.header("x-signature")) == ("caf\u00e9".encode(), "s")
    assert delivery.query == {"hub.mode": "subscribe"}
