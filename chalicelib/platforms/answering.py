"""What every platform's outbound side is made of: planning a reply as data, and reading what came of it.

Pure: no clock, no network. ``replying`` makes the calls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.errors import NightdeskError, OutcomeUnknown, Permanent
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.payload import as_id, as_instant, as_items, dig
from chalicelib.services.reply_faults import WindowClosed
from chalicelib.services.reply_port import Outgoing, Sent

DAY = timedelta(hours=24)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Limit:
    """The longest text, in ``unit`` as a person says it; ``measure`` counts a text in that unit."""

    most: int
    unit: str = "characters"
    measure: Callable[[str], int] = len

    def demand(self, text: str, where: str) -> None:
        """Refuse a text that is too long, before the platform does. Raises: Permanent with both numbers."""
        length = self.measure(text)
        if length > self.most:
            raise Permanent(f"the answer has {length} {self.unit} and {where} takes {self.most}: shorten it")


class Dialect(Protocol):
    """One platform's outbound side, as pure functions of the reply and of the answer."""

    def limit(self, outgoing: Outgoing) -> Limit:
        """Return how long this reply may be."""
        ...

    def plan(self, outgoing: Outgoing, now: datetime) -> Call:
        """Return the first call. Raises: Permanent when the platform would not take it, saying what to do."""
        ...

    def fault(self, answered: Answered, call: Call, outgoing: Outgoing) -> NightdeskError | None:
        """Return the failure an answer means, or None."""
        ...

    def read(self, answered: Answered, call: Call, outgoing: Outgoing) -> Sent | Call:
        """Return what the reply is called, or the next call to make. Raises: OutcomeUnknown."""
        ...

    def search(self, outgoing: Outgoing) -> Call | None:
        """Return the call that lists where the reply would stand, or None where the platform shows nothing."""
        ...

    def found(self, answered: Answered, outgoing: Outgoing, since: datetime) -> Sent | None:
        """Return the reply if it stands there, said by us no earlier than ``since``."""
        ...


def demand_open(asked_at: datetime | None, now: datetime, window: timedelta, words: str) -> None:
    """Refuse what a window no longer allows; an unknown beginning is left to the platform. Raises: WindowClosed."""
    if asked_at is not None and now - asked_at > window:
        raise WindowClosed(words, closed_at=asked_at + window)


def named(answered: Answered, *path: str | int) -> Sent:
    """Return what a good answer calls the reply. Raises: OutcomeUnknown."""
    external = as_id(dig(answered.body, *path))
    if external is None:
        raise OutcomeUnknown("the platform took the answer without saying what it is called")
    return Sent(external)


def first_match(
    items: object, outgoing: Outgoing, since: datetime, *, text: str, at: str, ours: Mapping[str, str]
) -> Sent | None:
    """Return the first item with our words, said by us (``ours``: path to author id → id) since then."""
    for item in as_items(items):
        when = as_instant(dig(item, at))
        by_us = all(as_id(dig(item, *path.split("."))) in {value, None} for path, value in ours.items())
        external = as_id(dig(item, "id"))
        fits = by_us and when is not None and when >= since and _same_words(dig(item, text), outgoing.text)
        if fits and external:
            return Sent(external, when)
    return None


def _same_words(one: object, other: str) -> bool:
    """Compare texts as platforms keep them: white space may have been changed."""
    return isinstance(one, str) and one.split() == other.split()
