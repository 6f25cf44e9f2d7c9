"""Failures to answer that call for something particular; each is ``Permanent`` to whoever does not care which."""

from __future__ import annotations

from datetime import datetime

from chalicelib.errors import Permanent


class TokenDead(Permanent):
    """The account's access token works no more: every call for the account must stop, and its owner be paged."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, runbook="dead-token")


class TokenMissing(TokenDead):
    """No access token was ever stored: the account is heard by webhook alone, and can be neither answered nor read."""


class WindowClosed(Permanent):
    """The platform takes no more free text for this person; ``closed_at`` is when that began, where known."""

    def __init__(self, reason: str, *, closed_at: datetime | None = None) -> None:
        super().__init__(reason, runbook="window-closed")
        self.closed_at = closed_at


class AnswerElsewhere(Permanent):
    """The platform lets only its own app answer this one; ``url`` is where. An answer typed there counts."""

    def __init__(self, reason: str, *, url: str) -> None:
        super().__init__(reason, runbook="answer-elsewhere")
        self.url = url
