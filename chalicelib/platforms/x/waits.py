"""How long X asks us to wait, by its own clock. Source: docs.x.com/x-api/fundamentals/rate-limits."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.platforms.http import Answered, retry_after
from chalicelib.platforms.payload import as_instant


def wait_of(answered: Answered) -> timedelta | None:
    """Return how long until the limit resets, by X's own clock (the ``Date`` header)."""
    headers = {name.lower(): value for name, value in answered.headers.items()}
    reset, sent = as_instant(headers.get("x-rate-limit-reset")), _http_date(headers.get("date"))
    if reset is None or sent is None:
        return retry_after(headers.get("retry-after"))
    return min(max(reset - sent, timedelta(seconds=1)), timedelta(days=1))


def _http_date(value: str | None) -> datetime | None:
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(value) if value else None
    except ValueError:
        return None
