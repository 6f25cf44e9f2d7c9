"""Says in a sentence when a step is due and whom it pages: the words of timelines and of every page's why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from chalicelib.domain.escalation_recipients import Recipient
from chalicelib.domain.team import Offset

_ZERO = timedelta(0)
_UNITS = (
    (timedelta(days=1), "d"),
    (timedelta(hours=1), "h"),
    (timedelta(minutes=1), "min"),
    (timedelta(seconds=1), "s"),
)


def duration_words(duration: timedelta) -> str:
    """Return a duration in its two largest units: ``1 h 30 min``, ``45 s``."""
    parts, rest = [], abs(duration)
    for size, unit in _UNITS:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"


def offset_words(at: Offset) -> str:
    """Return when a step is due, in words: ``33 % of the time left``, ``5 min past the deadline``."""
    if at.remaining is not None:
        share = f"{abs(at.remaining):.0%}".replace("%", " %")
        return (
            f"{share} of the time left" if at.remaining > 0 else _past(f"{share} of the time", at.remaining)
        )
    delta = at.delta or _ZERO
    if delta == _ZERO:
        return "at the deadline"
    return f"{duration_words(delta)} {'before' if delta < _ZERO else 'past'} the deadline"


def _past(share: str, remaining: float) -> str:
    return "at the deadline" if remaining == 0 else f"{share} past the deadline"


def firing_words(n: int) -> str:
    """Return which firing of a step this is, or nothing for the first."""
    if n == 0:
        return ""
    return ", repeated once" if n == 1 else f", repeated {n} times"


def people_words(recipients: Sequence[Recipient]) -> str:
    """Return who is paged and why, in one line."""
    return ", ".join(f"{r.person} ({r.reason})" for r in recipients) or "nobody"


def greeting_words(*, again: bool) -> str:
    """Return why the last owner hears of a new clock: the customer asks again, or they wished to look ``again``."""
    return "you asked to look at this again" if again else "you had this customer last, and they ask again"


def telling_words(owner: str, *, again: bool) -> str:
    """Return the same as the timeline tells it."""
    return f"Telling {owner}, who {'asked to look at this again' if again else 'had this customer last'}."
