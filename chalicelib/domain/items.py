"""Everything Nightdesk keeps beside the conversation: plain rows, one dataclass each.

A row with a ``rev`` is written by optimistic lock: ``rev`` 1 must not exist yet, ``rev`` n replaces n - 1.
A row without one is written once and the same each time, so repeating the write changes nothing.
A row with ``next_due_at`` set is in the due index: the tick finds it, whoever died over it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from chalicelib.domain.judgement import Judgement
from chalicelib.domain.posts import Direction, Kind, Media
from chalicelib.domain.team import Channel


def stamp(at: datetime) -> str:
    """Return an instant as ISO-8601 UTC with microseconds and ``Z``: it sorts as text."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class StoredPost:
    """A post as the table holds it: identity (platform, account, external id), which is the dedupe.

    ``edited_at`` is the event time of the newest create or edit applied (an older one never overwrites it).
    A ``deleted_at`` without ``edited_at`` is a tombstone: the delete came before its create. ``edited`` says
    that the newest text is an edit's, ``create_unseen`` that only edits came so far, ``owed_from`` since when its
    words were judged to owe an answer. ``label_month`` is where its label is kept, if a person or the sample made one;
    ``sampled``: people are asked by chance whether it rightly needs no answer, and nobody has said. ``hidden_by``: who
    had it hidden for the personal data it shows, which answers nobody.
    ``history``: only the first import told of it. ``needs_fetch`` is what has still to be asked for.
    """

    platform: str
    account: str
    external_id: str
    kind: Kind
    direction: Direction
    thread_id: str
    conversation_id: str | None
    created_at: datetime
    received_at: datetime
    rev: int = 1
    parent_id: str | None = None
    post_id: str | None = None
    author_id: str | None = None
    text: str | None = None
    media: tuple[Media, ...] = ()
    permalink: str | None = None
    needs_fetch: tuple[str, ...] = ()
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    deleted_by_brand: bool = False
    restored_at: datetime | None = None
    edited: bool = False
    create_unseen: bool = False
    owed_from: datetime | None = None
    tags: tuple[str, ...] = ()
    automatic: bool = False
    judgement: Judgement | None = None
    label_month: str | None = None
    sampled: bool = False
    hidden_by: str | None = None
    parent_text: str | None = None
    history: bool = False

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.platform, self.account, self.external_id)


@dataclass(frozen=True, slots=True)
class ThreadLink:
    """From a thread id, a parent post id or ``contact:<id>`` to a conversation found under it."""

    platform: str
    account: str
    anchor: str
    conversation_id: str
    at: datetime

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.platform, self.account, self.anchor, self.conversation_id)


class Happened(StrEnum):
    """What a timeline row tells."""

    POST = "post"
    EDIT = "edit"
    DELETE = "delete"
    REPLY = "reply"
    MAYBE_REPLY = "maybe_reply"
    JUDGED = "judged"
    CLOCK = "clock"
    STEP = "step"
    PAGE = "page"
    TELL = "tell"
    CLAIM = "claim"
    RELEASE = "release"
    TAKE_OVER = "take_over"
    EXPIRED = "expired"
    FALLBACK = "fallback"
    SKIPPED = "skipped"
    PAUSE = "pause"
    CLOSED = "closed"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One thing that happened, append-only: identity (conversation, at, kind, source id)."""

    conversation_id: str
    at: datetime
    kind: Happened
    source_id: str
    words: str
    by: str | None = None
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.conversation_id, stamp(self.at), self.kind, self.source_id)


class Handover(StrEnum):
    """How far a page, a card, a digest or a reply has got."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Page:
    """One intent to reach one person on one contact, put in the transaction that advances the conversation.

    Identity: conversation, epoch, step, n (nth firing), person, contact index.
    """

    conversation_id: str
    epoch: int
    step: str
    n: int
    person: str
    contact: int
    channel: Channel
    due_at: datetime
    why: str
    rev: int = 1
    schedule: str | None = None
    state: Handover = Handover.PENDING
    attempts: int = 0
    lease_until: datetime | None = None
    sent_at: datetime | None = None
    provider_id: str | None = None
    digest_id: str | None = None
    code: int | None = None
    outcome: str | None = None
    next_due_at: datetime | None = None

    @property
    def key(self) -> str:
        """Return the page's name everywhere: the key of its send, and of every message about it."""
        return "|".join(self.identity)

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.conversation_id, str(self.epoch), self.step, str(self.n), self.person, str(self.contact))


@dataclass(frozen=True, slots=True)
class Card:
    """The one Slack message of a conversation in a channel, edited in place.

    It is due while ``rendered_rev`` is behind ``wanted_rev``, both revisions of the conversation. While
    ``digest_id`` is set it waits for the channel's summary, which is due in its place.
    """

    conversation_id: str
    channel: str
    wanted_rev: int
    rev: int = 1
    rendered_rev: int = 0
    ts: str | None = None
    slack_channel: str | None = None
    digest_id: str | None = None
    state: Handover = Handover.PENDING
    attempts: int = 0
    lease_until: datetime | None = None
    outcome: str | None = None
    next_due_at: datetime | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.conversation_id, self.channel)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer typed in Nightdesk: saved before it is sent, never sent twice.

    ``correlation`` travels with the send where the platform allows, so that its echo is known as ours.
    """

    conversation_id: str
    id: str
    text: str
    by: str
    at: datetime
    to_post_id: str
    correlation: str
    rev: int = 1
    private: bool = False
    automatic: bool = False
    state: Handover = Handover.PENDING
    attempts: int = 0
    lease_until: datetime | None = None
    external_id: str | None = None
    outcome: str | None = None
    next_due_at: datetime | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.conversation_id, self.id)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A genuine update we could not take in, kept for a person to list and replay; it expires.

    ``body`` is the update's own JSON text, or the whole delivery's when that does not parse.
    """

    day: str
    id: str
    platform: str
    app: str
    at: datetime
    why: str
    path: str
    body: str
    chunk: int = 0
    chunks: int = 1
    replayed_at: datetime | None = None
    expires_at: datetime | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.day, self.id, str(self.chunk))


@dataclass(frozen=True, slots=True)
class ConfigVersion:
    """One immutable version of the team file, as text, with the holiday dates resolved when it was pushed."""

    id: str
    text: str
    at: datetime
    by: str
    holidays: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.id,)


@dataclass(frozen=True, slots=True)
class ActiveConfig:
    """Which version is in force; the single pointer, moved by optimistic lock."""

    version: str
    at: datetime
    by: str
    rev: int = 1

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return ()


@dataclass(frozen=True, slots=True)
class OverrideBook:
    """All run-time overrides of one schedule in one row, so that its ``rev`` guards against overlap."""

    schedule: str
    rev: int = 1
    rows: tuple[tuple[str, str, str, str, str, str], ...] = field(default=())
    """(id, from_at, until_at, who, away or "", by), instants ISO-8601 UTC."""

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.schedule,)


@dataclass(frozen=True, slots=True)
class ClockRow:
    """The instant a story has reached, read only where the stage's Clock parameter is ``table``."""

    at: datetime
    rev: int = 1

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return ()
