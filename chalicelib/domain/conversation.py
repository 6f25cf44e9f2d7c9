"""A conversation: one contact in one thread of one account, and everything its clock depends on.

Data and identity only. ``ledger`` decides what is owed, ``escalation`` what fires, ``claims`` who owns it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.judgement import PostKind, Priority
from chalicelib.domain.posts import Surface


class State(StrEnum):
    """Where a conversation stands. Only WAITING has a running clock."""

    WAITING = "waiting"
    ANSWERED = "answered"
    NO_ANSWER_NEEDED = "no_answer_needed"
    PAUSED = "paused"
    CLOSED = "closed"


class Closure(StrEnum):
    """Why a conversation is closed."""

    BY_PERSON = "by_person"
    WITHDRAWN = "withdrawn"
    MODERATED = "moderated"
    HISTORY = "history"


class Voice(StrEnum):
    """Who speaks in an entry: the customer, a human of the brand, or one of its machines."""

    CUSTOMER = "customer"
    HUMAN = "human"
    AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger: a post of the customer, or a reply to them, by the platform's event time.

    ``owes``: a customer's post that owes a response. ``born_at``: set when the obligation was born late (an
    edit, a reversed judgement): the deadline is then never earlier than a grace after it; ``ledger`` works it
    out from ``owed_from`` (since when its words owe, if not from the first), ``shown_at`` (hidden, and back),
    ``revived_at`` (a person, or the end of a pause) and replies that went. ``settles`` is False for a reply that was not, or not surely, for this contact.
    ``history``: unanswered from before Nightdesk came. ``held_to``: a deadline it was under when something raised it.
    ``native``: typed outside Nightdesk. ``decided_by``: the person who said what this reply is, which no rule
    overturns. ``gone_at``, ``gone``: since when and why it no longer stands. ``waived``: closed by a person.
    ``again_at``: when a person's follow-up had it owed anew, whatever was said before.
    ``check``: people are asked whether it needs an answer at all: in doubt if it owes one, else by chance.
    """

    id: str
    at: datetime
    received_at: datetime
    voice: Voice
    owes: bool = False
    parent_id: str | None = None
    born_at: datetime | None = None
    settles: bool = True
    kind: PostKind = PostKind.UNKNOWN
    priority: Priority = Priority.NORMAL
    topics: tuple[str, ...] = ()
    by: str | None = None
    native: bool = False
    decided_by: str | None = None
    owed_from: datetime | None = None
    shown_at: datetime | None = None
    revived_at: datetime | None = None
    gone_at: datetime | None = None
    gone: Closure | None = None
    waived: bool = False
    check: bool = False
    history: bool = False
    held_to: datetime | None = None
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fired:
    """A step of the ladder that has been dealt with in this epoch; ``n`` counts its firings from 0.

    ``ladder`` is the one it was fired on, ``base`` its first ``n`` there: a conversation that moves to another
    ladder under a running clock begins that one from the start, while ``n`` goes on, since it names pages.
    """

    step: str
    n: int
    at: datetime
    collapsed: bool = False
    ladder: str | None = None
    base: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """Who has it, until when. ``by_sms`` claims cannot be renewed by SMS and are allowed once an epoch."""

    owner: str
    at: datetime
    until: datetime
    renewals: int = 0
    by_sms: bool = False
    nudged: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """The unit of work. ``rev`` counts every write; ``epoch`` changes only when a clock starts or stops.

    ``account`` is the platform's id, ``account_name`` the team file's key. ``version`` is the configuration
    the running clock keeps. ``promise_at`` is the true promise (for reports), ``deadline_at`` what escalation
    works to (never before the grace of a late-born obligation, never after the platform's window).
    ``maybe_replies`` are the ids of entries that may or may not be for this contact: a person says.
    ``sending`` are the ids of Nightdesk replies whose fate is open.
    ``next_due_at`` is set exactly while something is to be done: then the row is in the due index.
    """

    id: str
    platform: str
    account: str
    account_name: str
    app: str
    team: str
    thread_id: str
    contact_id: str
    surface: Surface
    opened_at: datetime
    rev: int = 1
    epoch: int = 0
    state: State = State.ANSWERED
    version: str = ""
    post_id: str | None = None
    contact_name: str | None = None
    contact_handle: str | None = None
    permalink: str | None = None
    kind: PostKind = PostKind.UNKNOWN
    priority: Priority = Priority.NORMAL
    topics: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    maybe_replies: tuple[str, ...] = ()
    escalation: str | None = None
    hours: str | None = None
    target: timedelta | None = None
    owed_post_id: str | None = None
    started_at: datetime | None = None
    promise_at: datetime | None = None
    deadline_at: datetime | None = None
    window_until: datetime | None = None
    claim: Claim | None = None
    last_owner: str | None = None
    sms_claimed_epoch: int | None = None
    fired: tuple[Fired, ...] = ()
    paused_until: datetime | None = None
    pause_reason: str | None = None
    paused_by: str | None = None
    closure: Closure | None = None
    closed_by: str | None = None
    closed_reason: str | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    card_channels: tuple[str, ...] = ()
    repeat_contact: bool = False
    sending: tuple[str, ...] = ()
    next_due_at: datetime | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row."""
        return (self.id,)


def conversation_id(platform: str, account: str, thread_id: str, contact_id: str) -> str:
    """Return the identity of the conversation: 20 hex digits that follow from its four parts (DESIGN 4)."""
    parts = f"{platform}\x1f{account}\x1f{thread_id}\x1f{contact_id}"
    return hashlib.sha256(parts.encode()).hexdigest()[:20]


def withheld_contact(post_id: str) -> str:
    """Return the contact of a post whose author the payload withholds; enrichment links it later."""
    return f"post:{post_id}"


def is_withheld(contact_id: str) -> bool:
    """Tell whether a contact is only a post whose author was withheld."""
    return contact_id.startswith("post:")
