"""How the page speaks HTTP: strict headers, careful cookies, forms of any kind, and words for every failure."""

from __future__ import annotations

import pytest

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
from chalicelib.services.platform_port import Delivery
from chalicelib.web.page import in_words
from chalicelib.web.page_http import (
    DOOR,
    LONGEST_FORM,
    Cookie,
    Sheet,
    cookies_of,
    form_of,
    headers_of,
    response_of,
)
from chalicelib.web.page_view import Views

FAULTS = [
    (NotFound("this link was used already"), 404, "This link was used already"),
    (Rejected("this form is not whole"), 403, "This form is not whole"),
    (Transient("table nightdesk-prod throttled"), 503, "press again"),
    (OutcomeUnknown("no answer"), 503, "press again"),
    (Misconfigured("set /nightdesk/prod/x"), 503, "press again"),
    (Permanent("the token xyz is dead"), 503, "press again"),
    (Conflict("ben has it", holder="ben"), 503, "press again"),
]


@pytest.mark.parametrize(("fault", "status", "words"), FAULTS, ids=lambda value: type(value).__name__)
def test_every_failure_is_a_page_with_words_and_is_counted(
    fault: NightdeskError, status: int, words: str
) -> None:
    counted: list[str] = []

    def view() -> Sheet:
        raise fault

    sheet = in_words(view, counted.append, lambda: counted.append("bug"))()
    assert sheet.status == status
    assert words in sheet.html
    assert counted == [type(fault).__name__]
    for inside in ("nightdesk-prod", "/nightdesk/prod", "xyz"):
        assert inside not in sheet.html


def test_a_bug_is_a_page_with_words_and_goes_to_the_log() -> None:
    counted: list[str] = []

    def view() -> Sheet:
        raise ZeroDivisionError("secret detail")

    sheet = in_words(view, counted.append, lambda: counted.append("bug"))()
    assert (sheet.status, counted) == (500, ["bug"])
    assert "Something broke here" in sheet.html
    assert "secret detail" not in sheet.html


def test_a_page_is_told_to_no_other_site_and_kept_by_nobody() -> None:
    headers = headers_of(Views().style_hash)
    policy = headers["Content-Security-Policy"].split("; ")
    assert policy[0] == "default-src 'none'"
    assert {"frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} <= set(policy)
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("secure", [True, False])
def test_cookies_are_for_this_site_and_no_script_and_for_https_where_there_is_one(*, secure: bool) -> None:
    sheet = Sheet(status=303, location="case/1", cookie=Cookie("nightdesk-1", "s3cret", 7200))
    answer = response_of(sheet, {}, secure=secure)
    assert answer.headers["Location"] == "case/1"
    cookie = str(answer.headers["Set-Cookie"])
    assert cookie.startswith("nightdesk-1=s3cret; Max-Age=7200; HttpOnly; SameSite=Strict")
    assert cookie.endswith("; Secure") == secure
    assert "Path" not in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (None, {}),
        ("", {}),
        (f"{DOOR}=abc; other=1", {DOOR: "abc", "other": "1"}),
        ("a=first; a=second", {"a": "first"}),
        ("broken; a==x=", {"broken": "", "a": "=x="}),
        (";;;", {}),
    ],
)
def test_cookies_are_read_whatever_a_browser_sends(header: str | None, found: dict[str, str]) -> None:
    headers = {} if header is None else {"Cookie": header}
    cookies = cookies_of(Delivery("GET", headers=headers))
    assert {name: value for name, value in cookies.items() if name} == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"act=claim&text=a+b%0A", {"act": "claim", "text": "a b\n"}),
        ("text=é".encode(), {"text": "é"}),
        (b"\xff\xfe", {}),
        (b"", {}),
        (b"a=1&a=2", {"a": "2"}),
        (b"&".join(b"x=1" for _ in range(60)), {}),
        (b"text=" + b"x" * LONGEST_FORM, {}),
    ],
)
def test_a_form_is_its_fields_and_anything_else_has_none(body: bytes, found: dict[str, str]) -> None:
    assert form_of(Delivery("POST", body=body)) == found
