"""The team file, parsed: who works what, who may be woken, what is promised, and how it escalates.

Plain values only. Reading and validating is ``teamfile``'s; deciding who is on call is ``schedule``'s.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NOBODY = "nobody"

SAMPLE = 0.02
"""The share of posts closed as needing no answer that people check, unless the team file says otherwise."""


class Channel(StrEnum):
    """A way to reach a person."""

    SLACK = "slack"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach a person, ``after`` the page is due; its position in ``Person.reach`` is its index."""

    channel: Channel
    after: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be paged; ``phone`` is E.164, ``slack`` a member id."""

    name: str
    phone: str | None = None
    slack: str | None = None
    email: str | None = None
    reach: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """A brand's page, profile or number, bound to exactly one app (the registration whose secret signs).

    ``template`` is the approved message (``name/language``, one variable) that carries an answer where the platform takes
    no free text any more.
    """

    name: str
    platform: str
    id: str
    app: str
    team: str
    handle: str | None = None
    automations: tuple[str, ...] = ()
    backfill_horizon: timedelta = timedelta(hours=24)
    template: str | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """The people who work a queue; ``quiet`` holds back ``tell`` only, a page never waits."""

    name: str
    channel: str
    tz: str
    quiet: str | None = None


@dataclass(frozen=True, slots=True)
class PolicyMatch:
    """What a policy rule asks of a post; None matches anything."""

    account: str | None = None
    platform: str | None = None
    surface: str | None = None
    priority: str | None = None
    topic: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """A promise: first and next response within these targets, escalated by the named ladder."""

    when: PolicyMatch
    first: timedelta
    next: timedelta
    escalation: str
    hours: str | None = None


@dataclass(frozen=True, slots=True)
class Hours:
    """An opening calendar for low-priority work: ``open`` and ``closed`` are window expressions."""

    name: str
    tz: str
    open: tuple[str, ...]
    closed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offset:
    """When a step is due: ``remaining`` is the share of the time still to go (0.6), or ``delta`` from the deadline.

    Exactly one of the two is set.
    """

    remaining: float | None = None
    delta: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of an escalation policy. ``page`` names schedules or people, ``tell`` Slack channels."""

    at: Offset
    tell: tuple[str, ...] = ()
    page: tuple[str, ...] = ()
    repeat: timedelta | None = None
    widen: tuple[timedelta, ...] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of a schedule; the last active layer whose turn is not ``nobody`` wins."""

    name: str
    rotate: tuple[str, ...]
    every: str | None = None
    start: str | None = None
    when: str | None = None
    from_: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """Who may be woken, hour by hour; always exactly one person, at worst the ``fallback``."""

    name: str
    tz: str
    fallback: str
    layers: tuple[Layer, ...] = ()
    gap_ok: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Override:
    """A temporary change of who is on call, half-open [from_at, until_at).

    With ``away`` it only replaces that person's turns; without, it covers the schedule whole.
    """

    schedule: str
    from_at: datetime
    until_at: datetime
    who: str
    away: str | None = None
    by: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A team's own judgement rule, above the model: it may raise, never lower."""

    match: tuple[str, ...]
    priority: str | None = None
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Digest:
    """Flood control for SMS: the least time between two messages to one phone."""

    sms_gap: timedelta = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The one automatic line to who waits without a human: ``after`` says when, as the share still to go.

    An empty ``accounts`` is all of them; ``surface`` None is both.
    """

    after: Offset
    text: str
    surface: str | None = None
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TeamFile:
    """A whole validated configuration; ``version`` is the id of the immutable row it was stored as.

    ``holidays`` maps a country code to the dates resolved when the version was activated.
    """

    version: str
    brand: str
    accounts: Mapping[str, Account] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)
    policies: tuple[Policy, ...] = ()
    hours: Mapping[str, Hours] = field(default_factory=dict)
    escalation: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    digest: Digest = field(default_factory=Digest)
    rules: tuple[Rule, ...] = ()
    holidays: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    acknowledgement: Acknowledgement | None = None
    sample: float = SAMPLE

    def account_for(self, platform: str, app: str, account_id: str) -> Account | None:
        """Return the account bound to this app, or None: an app cannot speak for another's accounts."""
        matches = (
            a for a in self.accounts.values() if (a.platform, a.app, a.id) == (platform, app, account_id)
        )
        return next(matches, None)


@dataclass(frozen=True, slots=True)
class Duty:
    """The answer to "who is on call": one person, and a reason a human understands ("nights, turn 2")."""

    person: str
    reason: str
