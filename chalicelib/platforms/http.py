"""One HTTP call to a platform, and which family a broken connection belongs to. Never retries, never redirects.

What an answer means is each platform's ``reply`` to say. The token travels in a header and is never logged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from chalicelib.errors import OutcomeUnknown, Transient

if TYPE_CHECKING:
    import requests

TIMEOUT = (3.05, 8.0)
"""Seconds to connect and to wait for bytes: together less than the function that sends may run."""

_MAX_WAIT = 86_400


@dataclass(frozen=True, slots=True)
class Call:
    """One request as data. ``path`` is relative to the base address of ``api``, or to its host if it begins with a slash.

    ``publishes``: whether it puts something where others see it; if not, a lost answer costs nothing. ``form`` is sent
    in place of ``json`` where a platform wants one. ``scheme`` is how the token is shown.
    """

    method: str
    api: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    json: Mapping[str, Any] | None = None
    publishes: bool = True
    form: Mapping[str, str] | None = None
    scheme: str = "Bearer"


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back; ``body`` is an empty object when it was not JSON."""

    status: int
    body: object
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Whether the platform took it."""
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP's own classes


class Http:
    """Makes calls with one connection pool, opened when first used."""

    def __init__(self, *, timeout: tuple[float, float] = TIMEOUT) -> None:
        self._timeout = timeout
        self._opened: requests.Session | None = None

    def send(self, base_url: str, call: Call, token: str) -> Answered:
        """Make the call. Raises: Transient (definitely not taken), OutcomeUnknown (perhaps taken)."""
        from requests import RequestException

        try:
            response = self._session().request(
                call.method,
                _address(base_url, call.path),
                params=dict(call.params),
                json=call.json,
                data=call.form,
                headers={"Authorization": f"{call.scheme} {token}"} if token else {},
                timeout=self._timeout,
                allow_redirects=False,
            )
        except RequestException as fault:
            raise _lost(fault, call) from None
        return Answered(response.status_code, _json(response), dict(response.headers))

    def _session(self) -> requests.Session:
        if self._opened is None:
            import requests

            self._opened = requests.Session()
        return self._opened


def _address(base_url: str, path: str) -> str:
    """Return where a call goes; a path from the root leaves the version in the base address behind."""
    if not path.startswith("/"):
        return base_url + path
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc}{path}"


def unclear(answered: Answered, call: Call, platform: str) -> Transient:
    """Return the failure for an answer that tells nothing: a broken server may have published before it broke."""
    words = f"{platform} answered {answered.status}"
    if call.publishes:
        return OutcomeUnknown(f"{words}: nobody knows whether it published the answer")
    return Transient(words)


def retry_after(seconds: object) -> timedelta | None:
    """Return a provider's waiting time, if it is one."""
    text = str(seconds).strip()
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(_MAX_WAIT)):
        return None
    return timedelta(seconds=min(int(text), _MAX_WAIT))


def _lost(fault: Exception, call: Call) -> Transient:
    """Tell a connection that never stood, which sent nothing, from one that broke after the request left."""
    from requests import ConnectTimeout
    from urllib3.exceptions import NewConnectionError

    reason = getattr(fault.args[0], "reason", None) if fault.args else None
    what = type(reason or fault).__name__
    if isinstance(fault, ConnectTimeout) or isinstance(reason, NewConnectionError) or not call.publishes:
        return Transient(f"no connection to the platform: {what}")
    return OutcomeUnknown(f"the connection broke before the platform answered: {what}")


def _json(response: requests.Response) -> object:
    try:
        return response.json()
    except ValueError:
        return {}
