"""What the operator's `texts` asks of Twilio and of our own address: where a number's texts go, who is believed.

Source: https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import requests

from chalicelib.notifiers.sms.twilio_signature import sign
from chalicelib.settings import Settings
from infra.failures import CommandError

SECONDS = 15
HARMLESS = {"MessageSid": "SM0", "MessageStatus": "queued"}
"""A status on the way, which changes nothing."""

_OK = 200


def pointed(stage: Settings, token: str, address: str) -> str:
    """Have the stage's number bring its texts to our address, and say what came of it. Raises: CommandError."""
    if not stage.sms_sender.startswith("+"):
        return f"Point {stage.sms_sender} in Twilio's console: incoming messages, webhook {address}, POST."
    numbers = f"{stage.twilio_api_url}Accounts/{stage.twilio_account_sid}/IncomingPhoneNumbers"
    keys = (stage.twilio_account_sid, token)
    found = _asked("GET", f"{numbers}.json", keys, {"PhoneNumber": stage.sms_sender})
    ours = found.get("incoming_phone_numbers") or []
    if not ours:
        raise CommandError(
            f"Twilio's account has no number {stage.sms_sender}: correct SmsSender and deploy."
        )
    if (ours[0].get("sms_url"), ours[0].get("sms_method")) == (address, "POST"):
        return f"Replies to {stage.sms_sender} come to us already."
    _asked("POST", f"{numbers}/{ours[0]['sid']}.json", keys, {"SmsUrl": address, "SmsMethod": "POST"})
    return f"Replies to {stage.sms_sender} come to us from now on."


def proven(address: str, token: str) -> list[str]:
    """Return what is wrong with our address's answers to a genuine request and to a forged one."""
    answers = {"genuine": (_answer(address, token), 200), "forged": (_answer(address, f"not-{token}"), 403)}
    return [
        f"The {name} request was answered {got}, not {due}: a token stored just now is used within five minutes."
        for name, (got, due) in answers.items()
        if got != due
    ]


def _answer(address: str, token: str) -> int:
    body = urlencode(HARMLESS).encode()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Twilio-Signature": sign(address, body, token).decode(),
    }
    return requests.post(address, data=body, headers=headers, timeout=SECONDS).status_code


def _asked(method: str, address: str, keys: tuple[str, str], given: dict[str, str]) -> dict[str, Any]:
    """Call Twilio. Raises: CommandError with its own words."""
    where = {"params": given} if method == "GET" else {"data": given}
    answer = requests.request(method, address, auth=keys, timeout=SECONDS, **where)  # type: ignore[arg-type]
    body: dict[str, Any] = answer.json() if "json" in answer.headers.get("Content-Type", "") else {}
    if answer.status_code != _OK:
        said = body.get("message", "nothing of use")
        raise CommandError(
            f"Twilio answered {answer.status_code}: {said}. Check the token and TwilioAccountSid."
        )
    return body
