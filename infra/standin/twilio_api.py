"""Twilio as far as Nightdesk uses it: takes texts like the Messages resource, calls back signed like the service.

Sources: https://www.twilio.com/docs/messaging/api/message-resource, https://www.twilio.com/docs/api/errors. The
vendor's own ``RequestValidator`` signs what goes out, so the deployed door is tried by the library customers use.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from infra.standin.failing import Failure
from infra.standin.wire import Answer, Asked, answer_json
from infra.standin.world import Text, World

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
NUMBER = "+447700900100"
TOKEN = "the-twilio-token"  # noqa: S105  (known to this machine's stand-in alone)
WEBHOOK = "/sms/twilio"
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
MOST_CHARACTERS, MOST_SECONDS = 1600, 36_000
STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START = frozenset({"START", "UNSTOP", "YES"})
SAID = {
    20003: "Authenticate",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    21211: "Invalid 'To' Phone Number",
    21602: "Message body is required",
    21606: "The 'From' phone number provided is not a valid message-capable Twilio phone number",
    21609: "Invalid 'StatusCallback' URL",
    21610: "Attempt to send to unsubscribed recipient",
    21617: "The concatenated message body exceeds the 1600 character limit",
    21624: "Invalid validity period value",
}
STATUS = {20003: 401, 20404: 404, 20429: 429}

Post = Callable[[str, bytes, dict[str, str]], int]


@dataclass(frozen=True)
class Sent:
    """A text it took, and where its receipts go."""

    sid: str
    phone: str
    callback: str


class TwilioApi:
    """One account with one number."""

    name = "twilio"

    def __init__(self, world: World, post: Post, *, deployed: Callable[[], str]) -> None:
        self._world = world
        self._post = post
        self._deployed = deployed
        self.opted_out: set[str] = set()
        self.sent: list[Sent] = []

    def answer(self, asked: Asked) -> Answer:
        """Answer one request below ``/twilio``."""
        if not self._is_known(asked.token):
            return _no(20003)
        if asked.method != "POST" or asked.path[1:] != ["2010-04-01", "Accounts", ACCOUNT, "Messages.json"]:
            return _no(20404)
        given = {name: str(value) for name, value in asked.arguments.items()}
        code = self._fault(given)
        return self._taken(given) if code is None else _no(code)

    def refusal(self, failure: Failure) -> Answer | None:
        """Return how it refuses a call on purpose: ``429``, ``revoked``, or one of Twilio's own codes."""
        code = {"429": 20429, "revoked": 20003}.get(failure.how) or int(
            failure.how if failure.how in _CODES else 0
        )
        return _no(code, failure.seconds) if code else None

    def text(self, phone: str, words: str, *, sid: str | None = None) -> int:
        """Let a phone text us; returns the status of the webhook's answer. The same ``sid`` is the same text again."""
        self._world.add("typed", Text(phone, words, time.time(), self.name))
        self._obey(phone, words)
        name = sid or f"SM{secrets.token_hex(16)}"
        form = {
            "ToCountry": "GB",
            "ToState": "",
            "SmsMessageSid": name,
            "NumMedia": "0",
            "SmsStatus": "received",
            "Body": words,
            "FromCountry": "GB",
            "To": NUMBER,
            "NumSegments": "1",
            "MessageSid": name,
            "AccountSid": ACCOUNT,
            "From": phone,
            "ApiVersion": "2010-04-01",
        }
        return self._call(self._deployed() + WEBHOOK, form)

    def report(self, status: str, *, of: Sent | None = None, error: int | None = None) -> int:
        """Call back what became of a text, the last one unless another is named; returns the answer's status."""
        about = of or self.sent[-1]
        form = {
            "MessageSid": about.sid,
            "SmsSid": about.sid,
            "MessageStatus": status,
            "SmsStatus": status,
            "To": about.phone,
            "From": NUMBER,
            "AccountSid": ACCOUNT,
            "ApiVersion": "2010-04-01",
            **({"ErrorCode": str(error)} if error else {}),
        }
        return self._call(about.callback, form)

    def _call(self, address: str, form: Mapping[str, str]) -> int:
        """Post a signed form, where the deployed stack has that address."""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(address, dict(form)),
        }
        return self._post(address.removeprefix(self._deployed()), urlencode(form).encode(), headers)

    def _is_known(self, given: str | None) -> bool:
        wanted = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        return hmac.compare_digest((given or "").encode(), wanted.encode())

    def _fault(self, given: Mapping[str, str]) -> int | None:
        """Return the code of what is wrong with a request, as Twilio would find it."""
        checks = (
            (21211, E164.fullmatch(given.get("To", "")) is not None),
            (21606, given.get("From") == NUMBER),
            (21602, bool(given.get("Body"))),
            (21617, len(given.get("Body", "")) <= MOST_CHARACTERS),
            (21609, given.get("StatusCallback", "https://").startswith(("http://", "https://"))),
            (21624, 1 <= int(given.get("ValidityPeriod", "1")) <= MOST_SECONDS),
            (21610, given.get("To") not in self.opted_out),
        )
        code = next((code for code, is_right in checks if not is_right), None)
        if code not in (None, 21610):
            self._world.complain(f"Twilio refused a text: {SAID[code]}")
        return code

    def _taken(self, given: Mapping[str, str]) -> Answer:
        sid = f"SM{secrets.token_hex(16)}"
        self.sent.append(Sent(sid, given["To"], given.get("StatusCallback", "")))
        self._world.add("sms", Text(given["To"], given["Body"], time.time(), self.name))
        body: dict[str, Any] = {"sid": sid, "status": "queued", "to": given["To"], "error_code": None}
        return answer_json(body, 201)

    def _obey(self, phone: str, words: str) -> None:
        """Block and unblock a phone by the words that carriers reserve, before anybody of ours hears of it."""
        said = words.strip().upper()
        if said in STOP:
            self.opted_out.add(phone)
        elif said in START:
            self.opted_out.discard(phone)


_CODES = {str(code) for code in SAID}


def _no(code: int, wait: float = 1) -> Answer:
    status = STATUS.get(code, 400)
    more = f"https://www.twilio.com/docs/errors/{code}"
    body = {"code": code, "message": SAID[code], "more_info": more, "status": status}
    after = {"Retry-After": str(int(wait))} if code == 20429 else {}  # noqa: PLR2004 - Twilio's number for it
    return Answer(status, answer_json(body, status).body, headers=after)
