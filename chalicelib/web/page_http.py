"""How the linked page speaks HTTP: what browsers may do with it, its cookies, its forms. No page's words, no rules.

Cookies carry no ``Path``: browsers then send them to what lies beside the address that set them, whatever domain or
stage stands before it. Source: RFC 6265, section 5.1.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from chalice.app import Response

from chalicelib.services.platform_port import Delivery

LONGEST_FORM = 100_000
DOOR = "nightdesk-door"
"""The cookie that tells one browser's repeated press from a second browser's."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie no script reads and no other site sends."""

    name: str
    value: str
    seconds: int

    def header(self, *, secure: bool) -> str:
        """Return it as ``Set-Cookie`` writes it."""
        only = "; Secure" if secure else ""
        return f"{self.name}={self.value}; Max-Age={self.seconds}; HttpOnly; SameSite=Strict{only}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One answer to a browser: a page, or (``location``) where to go on, as seen from the address asked."""

    html: str = ""
    status: int = 200
    location: str | None = None
    cookie: Cookie | None = None


def session_cookie(conversation_id: str) -> str:
    """Return the name of a conversation's cookie: who opens two links keeps both."""
    return f"nightdesk-{conversation_id}"


def cookies_of(delivery: Delivery) -> dict[str, str]:
    """Return the cookies a browser sent; the first of a name wins, as browsers send the closest first."""
    pairs = (pair.strip().partition("=") for pair in (delivery.header("cookie") or "").split(";"))
    found: dict[str, str] = {}
    for name, _, value in pairs:
        found.setdefault(name, value)
    return found


def form_of(delivery: Delivery) -> dict[str, str]:
    """Return a form's fields; what is no form, or too long for one, has none."""
    if len(delivery.body) > LONGEST_FORM:
        return {}
    try:
        return dict(parse_qsl(delivery.body.decode(), keep_blank_values=True, max_num_fields=50))
    except ValueError:
        return {}


def response_of(sheet: Sheet, headers: Mapping[str, str], *, secure: bool) -> Response:
    """Return a sheet as it is sent, with what browsers are told never to do with it."""
    sent: dict[str, str | list[str]] = {**headers}
    if sheet.location is not None:
        sent["Location"] = sheet.location
    if sheet.cookie is not None:
        sent["Set-Cookie"] = sheet.cookie.header(secure=secure)
    return Response(status_code=sheet.status, body=sheet.html, headers=sent)


def headers_of(style_hash: str) -> dict[str, str]:
    """Return the headers of every page: nothing from elsewhere, no script, no frame, no trace, no index."""
    policy = (
        "default-src 'none'",
        f"style-src '{style_hash}'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
    return {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": "; ".join(policy),
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow",
    }
