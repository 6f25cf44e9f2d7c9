"""Turning one provider event into a record: what every reader is given, and what happens to what none can read.

Readers are small functions in an ``EVENTS`` table keyed by the provider's own words; this module runs them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.domain.posts import (
    Direction,
    Disconnection,
    Ignored,
    Kind,
    Op,
    Post,
    Reading,
    Receipt,
    Unreadable,
)
from chalicelib.platforms.base import Own
from chalicelib.platforms.payload import Malformed, as_instant

OPENING = frozenset(
    {Kind.POST, Kind.COMMENT, Kind.MENTION, Kind.DM, Kind.STORY_REPLY, Kind.STORY_MENTION, Kind.REVIEW}
)
ANSWERING = frozenset({Kind.COMMENT, Kind.DM, Kind.STORY_REPLY})


@dataclass(frozen=True, slots=True)
class Event:
    """One provider event: its ``body``, and ``sent_at``, the envelope's own time where it has one."""

    platform: str
    account: str
    path: str
    body: Mapping[str, Any]
    own: Own
    received_at: datetime
    sent_at: datetime | None = None

    def is_ours(self, *ids: str | None) -> bool:
        """Say whether any of these ids is the account itself, or another of the app's accounts."""
        return any(i is not None and (i == self.account or i in self.own.ids) for i in ids)

    def is_our_handle(self, handle: str | None) -> bool:
        """Say whether a handle is ours; platforms ignore its case, people write it with or without the @."""
        return handle is not None and _plain(handle) in map(_plain, self.own.handles)

    def key(self, *parts: str) -> str:
        """Return an idempotency key within this account."""
        return ":".join((self.platform, self.account, *parts))

    def when(self, *stamps: object) -> tuple[datetime, str]:
        """Return the event's own time and where it came from; a useless stamp must not lose a customer."""
        for at in map(as_instant, stamps):
            if at is not None:
                return at, "payload"
        return (self.sent_at, "entry.time") if self.sent_at else (self.received_at, "receipt")


def _plain(handle: str) -> str:
    return handle.removeprefix("@").casefold()


Outcome = Post | Receipt | Disconnection
Reader = Callable[[Event], Outcome]


@dataclass(frozen=True, slots=True)
class Handled:
    """A provider event we read, and the provider's page that documents it."""

    read: Reader
    docs: str


def settled(post: Post) -> Post:
    """Fill in what follows from who spoke and what happened: the effect on the clock before any judgement."""
    created = post.op is Op.CREATE
    inbound = post.direction is Direction.INBOUND
    return replace(
        post,
        opens_case=created and inbound and post.kind in OPENING,
        stops_clock=created and not inbound and post.kind in ANSWERING,
    )


def read_event(
    event: Event, word: str | None, events: Mapping[str, Handled], ignored: Mapping[str, str]
) -> Reading:
    """Read one event by its word. Never raises: an unknown word or a lacking field is named ``unreadable``."""
    if handled := events.get(word or ""):
        try:
            return reading_of(handled.read(event))
        except Malformed as fault:
            return unreadable(event.path, f"{word}: {fault}")
    if why := ignored.get(word or ""):
        return Reading(ignored=(Ignored(event.path, why),))
    return unreadable(event.path, f"no reader knows {str(word)[:80]!r}")


def reading_of(outcome: Outcome) -> Reading:
    """Return the reading that holds this one outcome."""
    match outcome:
        case Post():
            return Reading(posts=(outcome,))
        case Receipt():
            return Reading(receipts=(outcome,))
        case Disconnection():
            return Reading(disconnections=(outcome,))


def unreadable(path: str, why: str) -> Reading:
    """Return the reading of something nobody can read."""
    return Reading(unreadable=(Unreadable(path, why),))
