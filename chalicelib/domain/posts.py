"""A post: one comment, mention, message or review, in our words whatever the platform called it.

Readers under ``platforms/`` make these records; everything after them speaks only this language.
Field meanings are those of the normalised record in docs/architecture.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What the customer (or the brand) did."""

    POST = "post"
    COMMENT = "comment"
    MENTION = "mention"
    DM = "dm"
    STORY_REPLY = "story_reply"
    STORY_MENTION = "story_mention"
    REVIEW = "review"
    REACTION = "reaction"
    SHARE = "share"


class Op(StrEnum):
    """What happened to it."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


class Direction(StrEnum):
    """Who spoke: someone else, our app, or the brand by any other means."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    SELF = "self"


class Surface(StrEnum):
    """Where others can read it."""

    PUBLIC = "public"
    PRIVATE = "private"


PRIVATE_KINDS = frozenset({Kind.DM, Kind.STORY_REPLY, Kind.STORY_MENTION})


@dataclass(frozen=True, slots=True)
class Media:
    """An attachment: ``type`` is image, video, audio, file, sticker, story, link or the platform's own word.

    Where there is no ``url`` the platform's media ``id`` fetches it.
    """

    type: str
    url: str | None = None
    id: str | None = None
    title: str | None = None
    mime: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One normalised record; ids are the platform's, ``account`` is the brand's page, profile or number.

    ``contact_id`` is the customer on a private surface (the thread's other party), else the author of an
    inbound post; None when the payload withholds it. ``tags`` are ids or handles the text mentions.
    ``app_id`` is the sending app's id where the platform tells (Messenger echoes), as a string.
    """

    platform: str
    account: str
    kind: Kind
    op: Op
    external_id: str
    thread_id: str
    created_at: datetime
    created_at_source: str
    direction: Direction
    dedupe_key: str
    parent_id: str | None = None
    post_id: str | None = None
    author_id: str | None = None
    author_name: str | None = None
    author_handle: str | None = None
    text: str | None = None
    permalink: str | None = None
    is_deleted: bool = False
    is_edited: bool = False
    media: tuple[Media, ...] = ()
    opens_case: bool = False
    stops_clock: bool = False
    needs_fetch: tuple[str, ...] = ()
    contact_id: str | None = None
    tags: tuple[str, ...] = ()
    app_id: str | None = None
    by_brand: bool = False
    """For a delete: the brand hid or removed it (``moderated``), not its author (``withdrawn``)."""
    restores: bool = False
    """For an update: a hidden post is visible again."""
    thread_known: bool = True
    """False where the payload does not say: ``thread_id`` is then the post's own id."""
    aliases: tuple[str, ...] = ()
    """Further ids of the contact (WhatsApp's business-scoped id), so that one person stays one contact."""
    correlation: str | None = None
    """The token our own send attached (Messenger ``metadata``), which proves an echo is ours."""
    followers: int | None = None
    verified: bool = False
    parent_text: str | None = None
    fetched: bool = False
    """We asked for it: it tells what its webhook withheld, and is no new word of anybody."""
    history: bool = False
    """The first import found it: it was said before Nightdesk came, and owes nothing."""

    @property
    def surface(self) -> Surface:
        """Private for direct messages and stories, else public."""
        return Surface.PRIVATE if self.kind in PRIVATE_KINDS else Surface.PUBLIC


@dataclass(frozen=True, slots=True)
class Ignored:
    """An update that is well understood and needs nothing: ``path`` in the payload, and why."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An update nobody knows how to read: it goes to quarantine under this reason, its neighbours go on."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class ProviderFault:
    """Why a platform says it could not do something: its code and its words."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """News of a reply of ours: a send that fails late restarts the clock (``failed``), any other says that it is out.

    ``correlation`` is the token that travelled with the send, where the platform gives it back.
    """

    platform: str
    account: str
    receipt_for: str
    status: str
    at: datetime
    dedupe_key: str
    recipient: str | None = None
    faults: tuple[ProviderFault, ...] = ()
    correlation: str | None = None

    @property
    def failed(self) -> bool:
        """Whether the customer never got it."""
        return self.status == "failed"


@dataclass(frozen=True, slots=True)
class Disconnection:
    """The account's owner took our access away: an incident, not a post."""

    platform: str
    account: str
    at: datetime
    dedupe_key: str
    action: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one payload, or one update of it, says."""

    posts: tuple[Post, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    unreadable: tuple[Unreadable, ...] = field(default=())
    receipts: tuple[Receipt, ...] = ()
    disconnections: tuple[Disconnection, ...] = ()
