"""Calls Slack's Web API on ``slack_sdk``, whose own retries are off: one call is made at most once.

It only says which family a failure belongs to (see ``failures``); what to do then is its caller's. Nothing here
logs a message's words, a token or an address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from chalicelib.notifiers.slack.failures import TOO_RICH, failure, network_failures

if TYPE_CHECKING:
    import logging

    from slack_sdk.web import SlackResponse, WebClient

Answer = Mapping[str, Any]


class TooRich(Exception):
    """Slack refused the blocks; nothing was posted."""


class SlackApi:
    """Slack's Web API as the app's bot user. ``token`` is asked for at every call: a rotated one takes effect."""

    def __init__(self, *, token: Callable[[], str], api_url: str, timeout_seconds: int) -> None:
        self._token = token
        self._api_url = api_url
        self._timeout = timeout_seconds

    def call(self, method: str, where: str, **arguments: dict[str, Any]) -> Answer:
        """Make one call about ``where``. Raises: TooRich, NotFound, Transient, Permanent, OutcomeUnknown."""
        from slack_sdk.errors import SlackApiError

        with network_failures(where):
            try:
                answer = self._client().api_call(method, **arguments)  # type: ignore[arg-type]
            except SlackApiError as error:
                raise _refused(error.response, where) from error
        return _said(answer)

    def pages(self, method: str, what: str, query: Answer, *, at_most: int) -> Iterator[Answer]:
        """Walk the items named ``what`` of a list, page by page."""
        cursor = ""
        for _ in range(at_most):
            page = self.call(method, str(query.get("channel", method)), params={**query, "cursor": cursor})
            yield from page.get(what, ())
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return

    def _client(self) -> WebClient:
        from slack_sdk.web import WebClient

        return WebClient(
            token=self._token(),
            base_url=self._api_url,
            timeout=self._timeout,
            retry_handlers=[],
            logger=mute(),
        )


def _refused(response: SlackResponse, where: str) -> Exception:
    word = str(_said(response).get("error", ""))
    if word in TOO_RICH and (response.req_args.get("json") or {}).get("blocks"):
        return TooRich(word)
    return failure(response.status_code, word, response.headers, where=where)


def _said(response: SlackResponse) -> Answer:
    return response.data if isinstance(response.data, dict) else {}


def mute() -> logging.Logger:
    """Return a logger that stays silent at any level: the package would write whole messages when debugging."""
    import logging

    logger = logging.getLogger("nightdesk.slack_sdk")
    logger.setLevel(logging.CRITICAL)
    return logger
