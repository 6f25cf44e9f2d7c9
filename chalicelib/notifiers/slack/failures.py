"""Says which family of error each of Slack's answers belongs to; sends nothing and retries nothing.

Source: the error lists of https://docs.slack.dev/reference/methods/chat.postMessage, chat.update and views.open. Slack
says of ``internal_error`` and ``fatal_error`` that part of the work may have been done, so their outcome is
unknown; every other word is a definite refusal.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from http import HTTPStatus
from http.client import HTTPException
from urllib.error import URLError

from chalicelib.errors import Conflict, NightdeskError, NotFound, OutcomeUnknown, Permanent, Transient
from chalicelib.services.dialog_port import TooLate

LATER = frozenset(
    {"ratelimited", "rate_limited", "service_unavailable", "request_timeout", "message_limit_exceeded"}
)
UNSURE = frozenset({"internal_error", "fatal_error"})
GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
CLOSED = frozenset({"view_not_found", "not_found", "hash_conflict"})
TOO_RICH = frozenset(
    {
        "msg_too_long",
        "msg_blocks_too_long",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_attachments",
        "too_many_attachments",
    }
)
TOKEN = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "token_revoked",
        "token_expired",
        "account_inactive",
        "missing_scope",
        "no_permission",
        "access_denied",
        "org_login_required",
    }
)
STALE = frozenset({"expired_trigger_id", "trigger_expired", "invalid_trigger_id"})
USED = frozenset({"exchanged_trigger_id", "trigger_exchanged"})
"""The form this press asked for is open: Slack, or an impatient finger, sent the press twice."""
CHANNEL = frozenset(
    {
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "restricted_action",
        "user_not_found",
        "user_disabled",
    }
)

UNSURE_STATUS = frozenset({500, 502, 504})


def failure(status: int, word: str, headers: Mapping[str, str], *, where: str) -> NightdeskError:
    """Return the error that an unsuccessful answer means: its HTTP status and Slack's ``error`` word."""
    word = word if re.fullmatch("[a-z_]+", word) else ""
    said = word or str(status)
    if status == HTTPStatus.TOO_MANY_REQUESTS or word in LATER:
        return Transient(f"Slack is busy ({said})", retry_after=_retry_after(headers))
    if status in UNSURE_STATUS or word in UNSURE or (status == HTTPStatus.OK and not word):
        return OutcomeUnknown(f"Slack broke off ({said}); the message to {where} may have been posted")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Transient(f"Slack is not available ({said})")
    return _refusal(said, where)


@contextmanager
def network_failures(where: str) -> Iterator[None]:
    """Translate what the network does to a request: what never left is definite, silence afterwards is not."""
    try:
        yield
    except URLError as error:
        raise _unreached(error.reason, where) from error
    except (OSError, HTTPException) as error:
        raise OutcomeUnknown(f"Slack did not answer; the message to {where} may have been posted") from error


def _unreached(reason: object, where: str) -> Transient:
    """Judge what ``urllib`` wraps: a failure to connect or to send, of which a time-out or a cut leaves doubt."""
    if isinstance(reason, ConnectionRefusedError | socket.gaierror):
        return Transient(f"Slack cannot be reached ({type(reason).__name__})")
    return OutcomeUnknown(f"Slack did not take the message to {where} ({type(reason).__name__})")


def _refusal(word: str, where: str) -> NightdeskError:
    if word in GONE:
        return NotFound(f"the Slack message in {where} is gone ({word})")
    if word in STALE | USED | CLOSED:
        return _about_form(word)
    if word in TOKEN:
        return Permanent(f"Slack refuses our token ({word}): install the app again", runbook="slack-token")
    if word in CHANNEL:
        return Permanent(
            f"Slack cannot post to {where} ({word}): invite the app to it", runbook="slack-channel"
        )
    return Permanent(f"Slack refused the message to {where} ({word})", runbook="slack-refused")


def _about_form(word: str) -> NightdeskError:
    if word in STALE:
        return TooLate("Slack opens a form only within three seconds of a press, and this took longer")
    return (
        Conflict("this form is open already") if word in USED else NotFound("the form was closed meanwhile")
    )


def _retry_after(headers: Mapping[str, str]) -> timedelta | None:
    seconds = {name.lower(): value for name, value in headers.items()}.get("retry-after", "")
    return timedelta(seconds=int(seconds)) if re.fullmatch("[0-9]{1,6}", seconds) else None
