"""Proves that a request comes from our Twilio account, from its raw bytes and the address Twilio was given.

The signature covers the address byte for byte, then each form parameter's name and value, sorted; of a JSON body
it covers the hash that the address carries. Source: https://www.twilio.com/docs/usage/security#validating-requests
and the vendor's ``RequestValidator``. Whatever a stranger sends ends as ``Rejected``; nothing is parsed for meaning.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import parse_qs, parse_qsl, urlsplit

from chalicelib.errors import Rejected

HASHES = {"HMAC_SHA1": "sha1", "HMAC_SHA256": "sha256"}
DEFAULT_PORTS = {"https": 443, "http": 80}
MOST_FIELDS = 500
"""Twilio sends about twenty; whoever sends more is not asked to have them sorted."""


def verify(url: str | None, headers: Mapping[str, str], body: bytes, secrets: Sequence[str]) -> None:
    """Demand a signature by any of the account's tokens (two while one is being rotated).

    Raises: Rejected, 401 when no proof was given and 403 when it is wrong.
    """
    given = {name.lower(): value for name, value in headers.items()}
    signature = given.get("x-twilio-signature")
    if not signature:
        raise Rejected("X-Twilio-Signature is required", status=401)
    if not url:
        raise Rejected("the signature covers the public address, and none is known")
    algorithm = _algorithm(given.get("x-twilio-webhooks-signature-settings", ""))
    signed = _signed(url, given.get("content-type", ""), body)
    wanted = (
        _digest(_bytes(form) + signed, secret, algorithm) for form in _spellings(url) for secret in secrets
    )
    if not any(hmac.compare_digest(one, _bytes(signature)) for one in wanted):
        raise Rejected(
            "the signature does not match: check the auth token and that PublicBaseUrl is what Twilio calls"
        )


def sign(url: str, body: bytes, secret: str) -> bytes:
    """Return the value of ``X-Twilio-Signature`` for a form posted to an address."""
    return _digest(_bytes(url) + _form(body), secret, "sha1")


def _digest(base: bytes, secret: str, algorithm: str) -> bytes:
    return base64.b64encode(hmac.new(_bytes(secret), base, algorithm).digest())


def _algorithm(settings: str) -> str:
    """Return the hash that a shared key's settings name (``key=…,algorithm=HMAC_SHA256``). Raises: Rejected."""
    parts = dict(part.strip().partition("=")[::2] for part in settings.split(","))
    name = (parts.get("algorithm", "").strip() or "HMAC_SHA1").upper()
    if name not in HASHES:
        raise Rejected("the signature's algorithm is unknown")
    return HASHES[name]


def _signed(url: str, content_type: str, body: bytes) -> bytes:
    """Return what is signed after the address. Raises: Rejected for a body that the signature would not cover."""
    if not body or "json" not in content_type.lower():
        return _form(body)
    claimed = parse_qs(urlsplit(url).query).get("bodySHA256", [""])[0]
    if not hmac.compare_digest(_bytes(claimed.lower()), hashlib.sha256(body).hexdigest().encode()):
        raise Rejected("the body is not the one whose hash was signed")
    return b""


def _form(body: bytes) -> bytes:
    """Return each parameter's name and value, sorted by both, a repeated pair once; bytes that are no UTF-8 stay."""
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "surrogateescape"),
            keep_blank_values=True,
            errors="surrogateescape",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError as fault:
        raise Rejected("no form of Twilio's has so many fields") from fault
    values: dict[str, set[str]] = defaultdict(set)
    for name, value in pairs:
        values[name].add(value)
    text = "".join(name + value for name in sorted(values) for value in sorted(values[name]))
    return text.encode("utf-8", "surrogateescape")


def _spellings(url: str) -> Iterator[str]:
    """Yield the address as it is, without its port and with it: Twilio signs either."""
    yield url
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return
    host, start = parts.netloc, url.find("//") + 2
    default = f"{host}:{DEFAULT_PORTS.get(parts.scheme, 80)}"
    yield url[:start] + (default if port is None else host.rpartition(":")[0]) + url[start + len(host) :]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
