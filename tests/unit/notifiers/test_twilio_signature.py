"""Twilio's signature: what the vendor's own library signs we accept, whatever is in it, and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from chalicelib.errors import Rejected
from chalicelib.notifiers.sms.twilio_signature import sign, verify

URL = "https://nightdesk.example/prod/sms/twilio"
TOKEN = "a-token"
FORM = "application/x-www-form-urlencoded; charset=UTF-8"
PARAMS = {"From": "+447700900004", "Body": "C1, merci é 😀 & ok=1", "FromCity": "", "MessageSid": "SM1"}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


class Repeated(dict[str, list[str]]):
    """Parameters as a web framework holds them: several values for one name."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


def vendors(url: str = URL, params: dict[str, str] | None = None, token: str = TOKEN) -> str:
    return str(RequestValidator(token).compute_signature(url, PARAMS if params is None else params))


def accepted(
    signature: str | None,
    *,
    url: str | None = URL,
    body: bytes | None = None,
    secrets: tuple[str, ...] = (TOKEN,),
    headers: Mapping[str, str] | None = None,
) -> bool:
    given = {"Content-Type": FORM, **(headers or {})}
    if signature is not None:
        given["X-Twilio-Signature"] = signature
    try:
        verify(url, given, urlencode(PARAMS).encode() if body is None else body, secrets)
    except Rejected:
        return False
    return True


@given(st.dictionaries(TEXTS.filter(bool), st.lists(TEXTS, min_size=1, max_size=3), max_size=5))
def test_whatever_form_the_vendor_signs_is_genuine(values: dict[str, list[str]]) -> None:
    """Repeated names, blanks, any script: sorted by name, then by value, each pair once."""
    signature = RequestValidator(TOKEN).compute_signature(URL, Repeated(values))
    body = urlencode(values, doseq=True).encode()
    assert accepted(signature, body=body)
    assert sign(URL, body, TOKEN).decode() == signature


@given(st.binary(max_size=60), st.text(max_size=40), st.text(max_size=60))
def test_whatever_a_stranger_sends_is_refused_and_never_breaks_us(
    body: bytes, signature: str, url: str
) -> None:
    """Bytes that are no UTF-8, ports that are no number, signatures that are no base64."""
    assert not accepted(signature or "x", body=body, url=url or None)
    assert not accepted(signature or "x", body=body, url=f"https://h:{url}/")


@pytest.mark.parametrize(
    ("called", "signed"),
    [
        (URL, "https://nightdesk.example:443/prod/sms/twilio"),
        ("https://nightdesk.example:443/prod/sms/twilio", URL),
        ("http://nightdesk.example/sms", "http://nightdesk.example:80/sms"),
        ("https://https:8443/sms", "https://https/sms"),
    ],
)
def test_a_port_may_be_in_the_signed_address_or_not(called: str, signed: str) -> None:
    """Twilio's own servers differ about it."""
    assert accepted(vendors(signed), url=called)


@pytest.mark.parametrize(
    "url",
    [
        "http://nightdesk.example/prod/sms/twilio",
        "https://nightdesk.example/sms/twilio",
        f"{URL}/",
        f"{URL}?about=x",
        "https://nightdesk.example:8443/prod/sms/twilio",
    ],
)
def test_another_address_is_another_signature(url: str) -> None:
    """Byte for byte: the stage's path, the scheme, the query, the slash."""
    assert not accepted(vendors(url))


def test_either_token_is_good_while_one_is_rotated() -> None:
    assert accepted(vendors(token="old"), secrets=("new", "old"))
    assert not accepted(vendors(token="older"), secrets=("new", "old"))
    assert not accepted(vendors(), secrets=())


def test_headers_may_come_in_any_case() -> None:
    verify(URL, {"x-twilio-signature": vendors()}, urlencode(PARAMS).encode(), [TOKEN])


def test_no_proof_is_401_and_a_wrong_one_403() -> None:
    for signature, status in ((None, 401), ("", 401), ("wrong", 403)):
        with pytest.raises(Rejected) as refused:
            verify(URL, {} if signature is None else {"X-Twilio-Signature": signature}, b"", [TOKEN])
        assert refused.value.status == status


def test_a_shared_key_may_sign_with_sha256_and_nothing_unknown() -> None:
    signature = str(RequestValidator(TOKEN).compute_signature(URL, PARAMS, "HMAC_SHA256"))
    header = "X-Twilio-Webhooks-Signature-Settings"
    assert accepted(signature, headers={header: "key=webhooks_1,algorithm=HMAC_SHA256"})
    assert not accepted(signature)
    assert not accepted(signature, headers={header: "algorithm=HMAC_MD5"})
    assert accepted(vendors(), headers={header: "key=webhooks_1"})


def test_a_json_body_is_proven_by_the_hash_in_the_signed_address() -> None:
    body = '{"text":"héllo"}'.encode()
    url = f"{URL}?bodySHA256={hashlib.sha256(body).hexdigest()}"
    signature = vendors(url, {})
    json = {"Content-Type": "application/json"}
    assert accepted(signature, url=url, body=body, headers=json)
    assert not accepted(signature, url=url, body=body.replace(b"h", b"H"), headers=json)
    assert not accepted(vendors(URL, {}), body=body, headers=json)


def test_a_form_of_a_million_fields_is_not_sorted_for_a_stranger() -> None:
    assert not accepted(vendors(), body=b"a=1&" * 600)
