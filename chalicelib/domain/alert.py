"""What a person is told about a conversation: everything an alert shows, already safe to show.

Built once by ``services`` from the rows; rendered by notifiers (Block Kit) and by ``sms_text``. The quote is
masked of personal data before it gets here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Said = str | datetime
"""A piece of a sentence; an instant is shown to each reader in their own zone where that can be done."""


class Tone(StrEnum):
    """The colour an alert wears."""

    AMBER = "amber"
    RED = "red"
    ANSWERED = "answered"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier conversation of the same person; ``permalink`` is where it stands on its platform."""

    at: datetime
    platform: str
    quote: str
    outcome: str
    conversation_id: str = ""
    permalink: str | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """Something that happened to the conversation, in words."""

    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class AlertView:
    """One alert. ``tz`` is the schedule's or team's zone for local times; ``why`` names post, promise, step and turn.

    ``why_said`` is the same in pieces. ``past`` is what happened last, ``history`` are lines that have no time.
    ``mention`` is the Slack member id to address in a direct message. ``actions`` are the buttons to offer, ``more``
    the lines of the menu after them. ``reasons`` say why this priority; ``exposed`` that the post shows personal data in public, ``trouble`` that an answer of ours did not,
    or not surely, arrive.
    """

    conversation_id: str
    brand: str
    platform: str
    handle: str
    quote: str
    tone: Tone
    headline: str
    why: str
    tz: str
    received_at: datetime
    now: datetime
    deadline_at: datetime | None = None
    owner: str | None = None
    claim_until: datetime | None = None
    permalink: str | None = None
    priority: str = "normal"
    needs: str = "answer"
    code: int | None = None
    link: str | None = None
    maybe_reply_at: datetime | None = None
    mention: str | None = None
    earlier: tuple[Earlier, ...] = ()
    history: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    repeat_contact: bool = False
    trouble: str | None = None
    exposed: str | None = None
    why_said: tuple[Said, ...] = ()
    past: tuple[Past, ...] = ()
