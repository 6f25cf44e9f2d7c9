"""How much we answer a phone that texts us: automatic answers must end, whoever or whatever is at the other end.

A sender can be spoofed, and another machine may answer ours. What a text asks for is done all the same; only the
answer is left out. Pure.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.pager_rows import PhoneTalk

PATIENCE = 5
"""How many texts in a row that make no sense are answered."""

MOST = 12
"""How many texts of one phone are answered in ``SPELL``: a bad night's claims, one by one."""

SPELL = timedelta(minutes=10)


def heard(talk: PhoneTalk | None, phone: str, now: datetime, *, sensible: bool) -> tuple[PhoneTalk, bool]:
    """Return the phone's row as it is after one more text, and whether that text is to be answered."""
    before = talk or PhoneTalk(phone, 0, rev=0)
    fresh = before.since_at is None or now - before.since_at >= SPELL
    answered = 0 if fresh else before.answered
    willing = answered < MOST and (sensible or before.muddled < PATIENCE)
    after = replace(
        before,
        muddled=0 if sensible else min(before.muddled + 1, PATIENCE),
        answered=answered + willing,
        since_at=now if fresh else before.since_at,
        rev=before.rev + 1,
    )
    return after, willing
