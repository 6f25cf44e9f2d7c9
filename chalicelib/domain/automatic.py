"""Which replies no human typed: listed automations, and answers too swift for hands.

A machine's reply never stops a clock, so doubt counts as a machine: a person reverses that with one click.
Whom a reply answers is not decided here (``whose_reply``).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.domain.team import Account

SWIFT = timedelta(seconds=10)
"""A native reply this soon after a post is a machine's (DESIGN 4)."""

APP = "app:"
TELLING = 20
"""A listed text at least this long is also known by its beginning: away messages end in names and hours."""


def is_listed(account: Account, text: str | None, app_id: str | None) -> bool:
    """Tell whether the account's ``automations`` name this sender's app or these words."""
    said = _words(text)
    return any(_names(listed, said, app_id) for listed in account.automations)


def is_swift(reply_at: datetime, post_at: datetime) -> bool:
    """Tell whether a reply came sooner after a post than a person types."""
    return timedelta(0) <= reply_at - post_at <= SWIFT


def _names(listed: str, said: str, app_id: str | None) -> bool:
    if listed.startswith(APP):
        return app_id is not None and app_id == listed.removeprefix(APP).strip()
    wanted = _words(listed)
    if not wanted or not said:
        return False
    return said == wanted or (len(wanted) >= TELLING and said.startswith(wanted))


def _words(text: str | None) -> str:
    """Return the words alone: case, spaces and closing punctuation differ between a list and the wire."""
    return " ".join((text or "").casefold().split()).rstrip(".!?… ")
