"""Which number a phone knows a conversation by: the lowest one free, kept until a day after closure.

Nothing here stores, or reads what people text (``sms_text``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from chalicelib.domain.pager_rows import ReplyCode

CLAIM = "C"
DIGEST = "B"
REST = timedelta(hours=24)
"""How long a number means nothing after closure: an old text must not claim a new conversation."""


def code_of(codes: Sequence[ReplyCode], subject: str) -> ReplyCode | None:
    """Return the number the phone already knows this subject by."""
    return next((code for code in codes if code.subject == subject), None)


def is_free(code: ReplyCode, now: datetime) -> bool:
    """Tell whether a number may mean something else: closed, and a day has passed."""
    return code.closed_at is not None and code.closed_at + REST <= now


def allotted(
    codes: Sequence[ReplyCode], *, phone: str, letter: str, subject: str, now: datetime
) -> ReplyCode:
    """Return the row that gives ``subject`` the lowest free number of this phone and letter."""
    taken = {code.number: code for code in codes}
    number = next(n for n in count(1) if n not in taken or is_free(taken[n], now))
    fresh = ReplyCode(phone, letter, number, subject, now)
    old = taken.get(number)
    return fresh if old is None else replace(fresh, rev=old.rev + 1)
