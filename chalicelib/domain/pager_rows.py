"""The pager's own rows, beside pages and cards: gates, digests, codes, links, opt-outs, notices, shift marks.

Plain rows, one dataclass each, by the rules of ``items``: a ``rev`` is the optimistic lock, a set
``next_due_at`` puts the row in the due index. Nothing here decides anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.items import Handover
from chalicelib.domain.team import Channel

NOTICE = "notice:"
"""What the id of a notice begins with, so that a page tells it from a conversation."""


@dataclass(frozen=True, slots=True)
class Gate:
    """One person on one channel: when the next message may leave, and the digest that gathers until then.

    For a Slack channel ``person`` is its name, and ``passed`` counts the new messages since the gate opened.
    """

    person: str
    channel: Channel
    next_at: datetime
    rev: int = 1
    digest_id: str | None = None
    passed: int = 0

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.person, self.channel)


@dataclass(frozen=True, slots=True)
class Digest:
    """Pages to one person that leave as one message at ``due_at``; once ``frozen`` nobody joins any more.

    It is in the due index from its opening until each of its pages has been settled, sent or not.
    """

    person: str
    channel: Channel
    id: str
    due_at: datetime
    rev: int = 1
    frozen: bool = False
    state: Handover = Handover.PENDING
    attempts: int = 0
    lease_until: datetime | None = None
    sent_at: datetime | None = None
    provider_id: str | None = None
    code: int | None = None
    outcome: str | None = None
    next_due_at: datetime | None = None
    expires_at: datetime | None = None

    @property
    def key(self) -> str:
        """Return the digest's name everywhere: the key of its send, and what a ``B`` code stands for."""
        return "|".join(self.identity)

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.person, self.channel, self.id)


@dataclass(frozen=True, slots=True)
class DigestMember:
    """One page of a digest, by its key. Written when it joins, never changed."""

    person: str
    channel: Channel
    digest_id: str
    page_key: str
    expires_at: datetime | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.person, self.channel, self.digest_id, self.page_key)


@dataclass(frozen=True, slots=True)
class ReplyCode:
    """What ``C47`` or ``B7`` means to one phone: ``subject`` is a conversation's id or a digest's key.

    ``closed_at`` is when we first saw the subject closed: a day later the number may mean something else.
    """

    phone: str
    letter: str
    number: int
    subject: str
    at: datetime
    rev: int = 1
    closed_at: datetime | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.phone, self.letter, str(self.number))


@dataclass(frozen=True, slots=True)
class LinkTicket:
    """A link in a text message: the hash of its token, what it opens and for whom, and whether it was used."""

    hashed: str
    conversation_id: str
    person: str
    at: datetime
    until: datetime
    rev: int = 1
    used_at: datetime | None = None
    expires_at: datetime | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.hashed,)


@dataclass(frozen=True, slots=True)
class OptOut:
    """A phone whose owner, or whose carrier, said it takes no more texts; ``back_at`` is when it did again."""

    phone: str
    at: datetime
    why: str
    rev: int = 1
    back_at: datetime | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.phone,)


@dataclass(frozen=True, slots=True)
class PhoneTalk:
    """How we have answered a phone lately: ``muddled`` texts in a row made no sense, ``answered`` since ``since_at``."""

    phone: str
    muddled: int
    rev: int = 1
    answered: int = 0
    since_at: datetime | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.phone,)


@dataclass(frozen=True, slots=True)
class HeardText:
    """A text somebody sent us, by its provider's id, and the one answer it gets: acted on once, answered once.

    Without an ``answer`` and still pending, it has been heard and not acted on yet.
    """

    id: str
    phone: str
    text: str
    at: datetime
    rev: int = 1
    answer: str | None = None
    state: Handover = Handover.PENDING
    attempts: int = 0
    lease_until: datetime | None = None
    outcome: str | None = None
    next_due_at: datetime | None = None
    expires_at: datetime | None = None

    @property
    def key(self) -> str:
        """Return the key of its answer's send; no page has such a one."""
        return f"answer|{self.id}"

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.id,)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person must hear that is no conversation: an incident, a handoff, a moved shift.

    Its id begins with ``notice:``; pages carry it as their ``conversation_id`` and go out while it is open.
    """

    id: str
    at: datetime
    headline: str
    lines: tuple[str, ...] = ()
    urgent: bool = True
    rev: int = 1
    closed_at: datetime | None = None
    expires_at: datetime | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.id,)


@dataclass(frozen=True, slots=True)
class ShiftMark:
    """Who was last known to be on call in a schedule; due when the next shift begins."""

    schedule: str
    person: str
    since_at: datetime
    rev: int = 1
    next_due_at: datetime | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.schedule,)


@dataclass(frozen=True, slots=True)
class SelfTestMark:
    """The last weekly self-test: the post it sent, and how that ended."""

    post_id: str
    started_at: datetime
    rev: int = 1
    ended_at: datetime | None = None
    passed: bool = False

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return ()
