"""What the use cases need from the world, as Protocols. Adapters implement them; only ``wiring`` picks them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from chalicelib.domain.alert import AlertView
from chalicelib.domain.judgement import Context, Judgement
from chalicelib.domain.team import Override, TeamFile
from chalicelib.errors import Conflict, Transient

T = TypeVar("T")

SHARDS = 8
"""How many shards the due index has: the tick walks each of 0 to SHARDS - 1."""


class Lost(Conflict):
    """A conditional write lost: ``rows`` are the (type name, identity) whose condition failed. Reload, decide again.

    Its words, which end in logs, name kinds alone: identities may be phone numbers.
    """

    def __init__(self, rows: Sequence[tuple[str, tuple[str, ...]]]) -> None:
        super().__init__(f"changed meanwhile: {', '.join(kind for kind, _ in rows)}")
        self.rows = tuple(rows)


@dataclass(frozen=True, slots=True)
class Put:
    """Write this row. With a ``rev``: 1 must not exist, n replaces n - 1. Without: written as it is."""

    item: Any


@dataclass(frozen=True, slots=True)
class Check:
    """Demand, in the same transaction, that a row still has the ``rev`` it was read with."""

    kind: type
    identity: tuple[str, ...]
    rev: int


@dataclass(frozen=True, slots=True)
class Remove:
    """Delete this row, which must still have this ``rev`` where it has one."""

    item: Any


Write = Put | Check | Remove


@dataclass(frozen=True, slots=True)
class Ref:
    """The name of a row: its dataclass' name and its identity. What wake and outbound messages carry."""

    kind: str
    identity: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """A row of the due index: something is to be done with it at ``at``."""

    ref: Ref
    at: datetime


class Store(Protocol):
    """One table. Every access pattern has its key; nothing scans."""

    def get(self, kind: type[T], *identity: str) -> T | None:
        """Read one row consistently, or None."""
        ...

    def commit(self, *writes: Write) -> None:
        """Write all or nothing, at most 100 rows. Raises: Lost naming the rows, Transient when throttled."""
        ...

    def children(
        self, kind: type[T], *parent: str, limit: int | None = None, newest_first: bool = False
    ) -> Sequence[T]:
        """Read the rows of a kind under a parent (a conversation's pages, an anchor's links), consistently."""
        ...

    def due(self, shard: int, until: datetime) -> Iterator[Due]:
        """Walk one shard of the due index up to ``until``, earliest first, page by page."""
        ...

    def open_work(self, team: str, until: datetime | None = None) -> Iterator[tuple[str, datetime]]:
        """Walk a team's open work page by page: (id, deadline), or where it is paused (id, end of the pause)."""
        ...


@dataclass(frozen=True, slots=True)
class Inbound:
    """One verified delivery, or a part of one, on its way to intake.

    ``swept``: we found it, nobody delivered it; ``history``: by the first import, so that it owes nothing.
    """

    platform: str
    app: str
    received_at: datetime
    body: bytes
    swept: bool = False
    history: bool = False


@dataclass(frozen=True, slots=True)
class Wake:
    """Look at this row at ``due_at``; watch re-reads it and does nothing if nothing is due."""

    ref: Ref
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Hand:
    """Deliver this row (a page, card, digest or reply)."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class Whisper:
    """Tell one Slack user something through an interaction's response address; kept nowhere."""

    response_url: str
    text: str


@dataclass(frozen=True, slots=True)
class Sweep:
    """Compare one stream of one account (its comments, say) with what the table holds."""

    platform: str
    account: str
    stream: str


@dataclass(frozen=True, slots=True)
class Text:
    """One text message from a phone. ``id`` is the provider's own: the same however often it is delivered."""

    id: str
    phone: str
    text: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a carrier says later about a text of ours: ``key`` is what its send carried, ``fault`` why it never came."""

    key: str
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Fetch:
    """Ask a platform for what its webhook withheld of a post."""

    platform: str
    account: str
    post_id: str


Message = Inbound | Wake | Hand | Whisper | Sweep | Fetch | Text | Receipt


@dataclass(frozen=True, slots=True)
class Held:
    """A message, and for how long its queue holds it back (at most 15 minutes)."""

    message: Message
    delay: timedelta = timedelta(0)


class Refused(Transient):
    """A queue took all but ``count`` messages; those may be sent again."""

    def __init__(self, count: int, reason: str) -> None:
        super().__init__(reason)
        self.count = count


class Queue(Protocol):
    """One standard queue: at least once, in any order."""

    def send(self, *messages: Message, delay: timedelta = timedelta(0)) -> None:
        """Queue the messages, all with one delay. Raises: Refused, when every one was offered."""
        ...

    def send_each(self, *held: Held) -> None:
        """Queue messages, each with its own delay, in few calls. Raises: Refused, when every one was offered."""
        ...


@dataclass(frozen=True, slots=True)
class Queues:
    """The three queues of DESIGN section 2, and the one for whatever asks a platform."""

    inbound: Queue
    wake: Queue
    outbound: Queue
    sweep: Queue


class Judge(Protocol):
    """Says what a post needs."""

    def classify(self, text: str | None, context: Context) -> Judgement:
        """Judge one post; never fails, whatever the text."""
        ...


class TeamSource(Protocol):
    """Configuration as activated, and run-time overrides."""

    def current(self) -> TeamFile:
        """Return the version in force (may be up to 30 s old)."""
        ...

    def version(self, version: str) -> TeamFile:
        """Return one immutable version, however old; running clocks keep theirs. Raises: NotFound."""
        ...

    def overrides(self, schedule: str) -> Sequence[Override]:
        """Return the run-time overrides of a schedule, read now."""
        ...


class Clock(Protocol):
    """Now."""

    def now(self) -> datetime:
        """Return the present instant, aware and UTC."""
        ...

    def delay_until(self, at: datetime) -> timedelta:
        """Return how long a queue should hold a message due at ``at``: never negative; zero on a story's clock."""
        ...


class SmsSender(Protocol):
    """Hands one text to a carrier. Its client's own retries are off.

    ``hears``: what people text back reaches us. Where it does not, no text asks for it.
    """

    hears: bool

    def send(self, *, phone: str, text: str, key: str) -> str:
        """Return the provider's id.

        Raises: Transient (definitely not sent), Permanent (this number or account cannot), OutcomeUnknown.
        """
        ...


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a Slack message lives: what edits need."""

    channel: str
    ts: str


class ChatSender(Protocol):
    """Slack: one message per conversation edited in place, a direct message per page."""

    def post(self, *, channel: str, view: AlertView, key: str) -> Posted:
        """Post a message carrying ``key`` as metadata. Raises: Transient, Permanent, OutcomeUnknown."""
        ...

    def edit(self, *, at: Posted, view: AlertView, key: str) -> None:
        """Render the message anew. Raises: Transient, Permanent, NotFound (post again), OutcomeUnknown."""
        ...

    def find(self, *, channel: str, key: str) -> Posted | None:
        """Look for our message by its metadata, after a time-out. Raises: Transient, Permanent."""
        ...

    def whisper(self, *, response_url: str, text: str) -> None:
        """Answer one user alone through an interaction's response address. Raises: Transient, Permanent."""
        ...


class Secrets(Protocol):
    """Secrets by name under the stage's prefix; cached briefly so that a rotation takes effect."""

    def get(self, name: str) -> str:
        """Return one secret. Raises: Misconfigured naming the full parameter to create."""
        ...

    def anew(self, name: str) -> str:
        """Return one secret as it is now, whatever was known of it. Raises: Misconfigured, Transient."""
        ...


class Vault(Secrets, Protocol):
    """Secrets that may also be written: tokens that a platform lets us renew, and no others."""

    def put(self, name: str, value: str) -> None:
        """Keep a secret in place of the one before. Raises: Transient, Misconfigured where it may not be written."""
        ...


class Meter(Protocol):
    """Counts things; the names live in ``observability``."""

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        """Add to a metric."""
        ...
