"""A request comes through API Gateway unchanged, whichever of its two event formats brings it."""

from __future__ import annotations

import base64

from chalicelib.platforms.base import AppSecrets, Delivery


def test_a_rest_event_keeps_its_bytes_and_its_headers_have_no_case() -> None:
    delivery = Delivery.from_event(
        {
            "httpMethod": "post",
            "headers": {"X-Hub-Signature-256": "sha256=1"},
            "multiValueHeaders": {"X-Hub-Signature-256": ["sha256=0", "sha256=1"], "X-Other": ["a", "b"]},
            "queryStringParameters": {"hub.mode": "subscribe"},
            "multiValueQueryStringParameters": {"hub.mode": ["subscribe"], "tag": ["a", "b"]},
            "body": '{"t":"ä"}',
            "isBase64Encoded": False,
        }
    )
    assert delivery.method == "POST"
    assert delivery.body == '{"t":"ä"}'.encode()
    assert delivery.header("x-hub-signature-256") == "sha256=1"
    assert delivery.header("X-OTHER") == "b"
    assert delivery.query == {"hub.mode": "subscribe", "tag": "b"}


def test_an_http_api_event_says_the_same_in_other_words() -> None:
    delivery = Delivery.from_event(
        {
            "requestContext": {"http": {"method": "GET"}},
            "rawQueryString": "hub.mode=subscribe&hub.challenge=%3Cb%3E&empty=",
            "headers": {"x-a": "1"},
        }
    )
    assert (delivery.method, delivery.body) == ("GET", b"")
    assert delivery.query == {"hub.mode": "subscribe", "hub.challenge": "<b>", "empty": ""}


def test_base64_is_undone_only_where_api_gateway_says_so() -> None:
    raw = b"\xff\x00 not text"
    coded = base64.b64encode(raw).decode()
    assert Delivery.from_event({"body": coded, "isBase64Encoded": True}).body == raw
    assert Delivery.from_event({"body": coded, "isBase64Encoded": False}).body == coded.encode()


def test_what_api_gateway_cannot_have_made_is_no_crash() -> None:
    assert Delivery.from_event({"body": "a", "isBase64Encoded": True}).body == b"a"
    assert Delivery.from_event({"body": "\ud800"}).body == b"\xed\xa0\x80"
    assert Delivery.from_event({"headers": None, "requestContext": None}).header("x") is None


def test_nothing_secret_stands_in_a_repr() -> None:
    assert "hush" not in repr(AppSecrets(secrets=("hush",), verify_token="hush"))
