"""Sends text messages with Twilio's REST API: the port ``SmsSender``. Never retries, never redirects.

Twilio takes no idempotency key, so after a time-out nobody knows, and the caller must not repeat. A token that it
refuses is read anew at once, so that a rotation takes effect with the next text. Sources: https://www.twilio.com/docs/messaging/api/message-resource,
https://www.twilio.com/docs/api/errors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.errors import Misconfigured, NightdeskError, OutcomeUnknown, Permanent, Transient
from chalicelib.notifiers.sms.about import ABOUT, written
from chalicelib.notifiers.sms.lifetime import USEFUL_FOR

if TYPE_CHECKING:
    import requests

TIMEOUT = (3.05, 5.0)
"""Seconds to connect and to wait for bytes: together less than the function that sends may run."""

SERVICE = "MG"
"""What the id of a messaging service begins with."""

BUSY = frozenset({20429, 14107, 21611})
"""Too many requests, and a sender whose queue is full: nothing was taken."""

OPTED_OUT = frozenset({21610})
NUMBER = frozenset({21211, 21214, 21217, 21265, 21401, 21407, 21421, 21604, 21612, 21614, 21635})
"""Not a number, not a mobile one, a landline, or one that no route leads to."""

ONE_PLACE = frozenset({21408, 21608})
"""A country that is switched off, and a number that a trial account has not verified: others are reached."""

_LONGEST_WAIT = 86_400
_OK, _CREATED, _STRANGER, _TOO_MANY, _BROKEN = 200, 201, 401, 429, 500


class TwilioSmsSender:
    """Hands texts to Twilio. ``sender`` is a number of ours or the id of a messaging service (``MG…``).

    ``token`` is the auth token as it is known, ``renewed`` as it is now: asked for when Twilio refuses the former.
    """

    def __init__(
        self,
        *,
        account: str,
        token: Callable[[], str],
        renewed: Callable[[], str],
        sender: str,
        callback: str,
        api_url: str,
        timeout: tuple[float, float] = TIMEOUT,
    ) -> None:
        self._account = account
        self._token = token
        self._renewed = renewed
        self._sender = sender
        self._callback = callback
        self._address = f"{api_url}Accounts/{account}/Messages.json"
        self._timeout = timeout
        self._opened: requests.Session | None = None
        self.hears = hears(sender)

    def send(self, *, phone: str, text: str, key: str) -> str:
        form = self._form(phone, text, key)
        token = _known(self._token)
        response = self._posted(form, token, key)
        if response.status_code == _STRANGER and (renewed := _known(self._renewed)) != token:
            response = self._posted(form, renewed, key)  # nothing was taken, so this is the first hand-over
        return _taken(response, key)

    def _posted(self, form: Mapping[str, str], token: str, key: str) -> requests.Response:
        from requests import RequestException

        try:
            return self._session().post(
                self._address,
                data=form,
                auth=(self._account, token),
                timeout=self._timeout,
                allow_redirects=False,
            )
        except RequestException as fault:
            raise _lost(fault, key) from None  # its words hold the address, and may hold the number

    def _form(self, phone: str, text: str, key: str) -> dict[str, str]:
        origin = "MessagingServiceSid" if self._sender.startswith(SERVICE) else "From"
        return {
            "To": phone,
            origin: self._sender,
            "Body": text,
            "StatusCallback": f"{self._callback}?{ABOUT}={written(key)}",
            "ValidityPeriod": str(int(USEFUL_FOR.total_seconds())),
        }

    def _session(self) -> requests.Session:
        if self._opened is None:
            import requests

            self._opened = requests.Session()
        return self._opened


def hears(sender: str) -> bool:
    """Tell whether people can text back: to a number or a service, not to a name such as ``ACMEAIR``."""
    return sender.startswith(SERVICE) or sender.lstrip("+").isdigit()


def _known(token: Callable[[], str]) -> str:
    """Return a token. Raises: Permanent where none is stored, Transient."""
    try:
        return token()
    except Misconfigured as missing:
        raise Permanent(str(missing), runbook="sms-account") from missing


def _taken(response: requests.Response, key: str) -> str:
    """Return the message's id. Raises: Transient, Permanent, OutcomeUnknown."""
    body = _json(response)
    if response.status_code in (_OK, _CREATED):
        if sid := body.get("sid"):
            return str(sid)
        raise OutcomeUnknown(f"Twilio's answer names no message; page {key} may have been sent")
    if response.status_code >= _BROKEN:
        raise OutcomeUnknown(f"Twilio broke off ({response.status_code}); page {key} may have been sent")
    raise _refusal(response.status_code, _code(body), response.headers.get("Retry-After"))


def _refusal(status: int, code: int, wait: str | None) -> NightdeskError:
    """Name the family of a definite no; the number itself is never repeated in words."""
    if status == _TOO_MANY or code in BUSY:
        return Transient(f"Twilio is busy ({code or status})", retry_after=_retry_after(wait))
    if code in OPTED_OUT:
        return Permanent(
            f"this phone has opted out of our messages (Twilio {code}): its owner must text START",
            runbook="sms-opted-out",
        )
    if code in NUMBER:
        return Permanent(
            f"Twilio cannot send to this phone number ({code}): correct it in the team file",
            runbook="sms-number",
        )
    if code in ONE_PLACE:
        return Permanent(f"Twilio does not send to where this phone is ({code})", runbook="sms-destination")
    return Permanent(
        f"Twilio refuses to send for this account ({status}, error {code})", runbook="sms-account"
    )


def _lost(fault: Exception, key: str) -> NightdeskError:
    """Tell a connection that never stood, which sent nothing, from one that broke after the request left."""
    from requests import ConnectTimeout
    from urllib3.exceptions import NewConnectionError

    reason = getattr(fault.args[0], "reason", None) if fault.args else None
    if isinstance(fault, ConnectTimeout) or isinstance(reason, NewConnectionError):
        return Transient("Twilio cannot be reached")
    return OutcomeUnknown(f"Twilio did not answer in time; page {key} may have been sent")


def _json(response: requests.Response) -> Mapping[str, object]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _code(body: Mapping[str, object]) -> int:
    code = body.get("code")
    return code if isinstance(code, int) else 0


def _retry_after(seconds: str | None) -> timedelta | None:
    if (
        seconds is None
        or not (seconds.isascii() and seconds.isdigit())
        or len(seconds) > len(str(_LONGEST_WAIT))
    ):
        return None
    return timedelta(seconds=min(int(seconds), _LONGEST_WAIT))
