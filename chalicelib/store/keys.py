"""Every key and every index of the one table; nothing else may spell one.

====================  ==============================  =====================================  ====================
row                   pk                              sk                                     read by
====================  ==============================  =====================================  ====================
StoredPost            P#platform#account#external_id  P                                      get (the dedupe)
Conversation          V#id                            C                                      get
TimelineRow           V#conversation                  T#at#kind#source_id                    children, oldest first
Page                  V#conversation                  P#epoch#step#n#person#contact          get, children
Card                  V#conversation                  S#channel                              get, children
Reply                 V#conversation                  R#id                                   get, children
Drafting              V#conversation                  D#person                               get, children
ThreadLink            L#platform#account#anchor       L#conversation                         children
Quarantined           Q#day                           Q#id#chunk                             children by day, by id
ConfigVersion         F                               F#id                                   get, children
ActiveConfig          A                               A                                      get
OverrideBook          O                               O#schedule                             get, children
ClockRow              K                               K                                      get
Gate                  G#person                        G#channel                              get
Digest                B#person#channel                B#id                                   get
DigestMember          M#person#channel#digest         M#page                                 children
ReplyCode             N#phone                         N#letter#number                        get, children
LinkTicket            T#hash                          T                                      get
LinkSession           T#hash                          S                                      get
OptOut                U#phone                         U                                      get
PhoneTalk             U#phone                         H                                      get
HeardText             E#id                            E                                      get
Notice                X#id                            X                                      get
ShiftMark             Y                               Y#schedule                             get
SelfTestMark          Z                               Z                                      get
Cursor                C#platform#account              C#stream                               get, children
Heard                 H#platform#account#hour         H#at#id                                children by hour
Incident              I#key                           I                                      get
Fetching              R#platform#account#post         R                                      get
Known                 R#platform#account#about        K                                      get
Label                 J#month                         J#id                                   get, children by month
Hiding                V#conversation                  H#post                                 get
FollowUp              V#conversation                  F#person                               get, children
ReplyUse              W#platform#account#day          W#said                                 get
PlaybookVersion       F                               K#id                                   get
ActivePlaybooks       A                               K                                      get
====================  ==============================  =====================================  ====================

A conversation's rows share its partition, so one query reads a story. Identity fields live in the key alone.
``%`` and ``#`` inside a part are written ``%25`` and ``%23``; whole numbers are padded to sort as numbers.

==========  =============================  ===================  =============================================
index       partition                      sort                 holds (keys only)
==========  =============================  ===================  =============================================
``due``     ``due_shard``, D#0 to D#7      ``next_due_at``      every row with ``next_due_at`` set
``queue``   ``queue``, Q#team              ``queue_at``         conversations that wait, by deadline, or are paused, by the end of it
==========  =============================  ===================  =============================================

``expires_at`` (epoch seconds) is the table's time to live; open conversations never carry it.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import get_type_hints

from chalicelib.domain.conversation import Conversation, State
from chalicelib.domain.draft_rows import Drafting
from chalicelib.domain.follow_up_rows import FollowUp
from chalicelib.domain.hiding import Hiding
from chalicelib.domain.items import (
    ActiveConfig,
    Card,
    ClockRow,
    ConfigVersion,
    OverrideBook,
    Page,
    Quarantined,
    Reply,
    StoredPost,
    ThreadLink,
    TimelineRow,
    stamp,
)
from chalicelib.domain.labels import Label
from chalicelib.domain.link_rows import LinkSession
from chalicelib.domain.pager_rows import (
    Digest,
    DigestMember,
    Gate,
    HeardText,
    LinkTicket,
    Notice,
    OptOut,
    PhoneTalk,
    ReplyCode,
    SelfTestMark,
    ShiftMark,
)
from chalicelib.domain.playbook_rows import ActivePlaybooks, PlaybookVersion
from chalicelib.domain.polling_rows import Cursor, Fetching, Heard, Incident, Known
from chalicelib.domain.reply_rows import ReplyUse
from chalicelib.services.ports import SHARDS, Ref

PK = "pk"
SK = "sk"
DUE_INDEX = "due"
DUE_SHARD = "due_shard"
NEXT_DUE_AT = "next_due_at"
QUEUE_INDEX = "queue"
QUEUE = "queue"
QUEUE_AT = "queue_at"
TTL = "expires_at"

_SEPARATOR = "#"
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the rows of one kind live: a letter and identity fields for the pk, a mark and the rest for the sk."""

    kind: type
    letter: str
    parents: tuple[str, ...]
    mark: str
    sorts: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the identity's fields, in the identity's order."""
        return self.parents + self.sorts


LAYOUTS = (
    Layout(StoredPost, "P", ("platform", "account", "external_id"), "P"),
    Layout(Conversation, "V", ("id",), "C"),
    Layout(TimelineRow, "V", ("conversation_id",), "T", ("at", "kind", "source_id")),
    Layout(Page, "V", ("conversation_id",), "P", ("epoch", "step", "n", "person", "contact")),
    Layout(Card, "V", ("conversation_id",), "S", ("channel",)),
    Layout(Reply, "V", ("conversation_id",), "R", ("id",)),
    Layout(Drafting, "V", ("conversation_id",), "D", ("person",)),
    Layout(ThreadLink, "L", ("platform", "account", "anchor"), "L", ("conversation_id",)),
    Layout(Quarantined, "Q", ("day",), "Q", ("id", "chunk")),
    Layout(ConfigVersion, "F", (), "F", ("id",)),
    Layout(ActiveConfig, "A", (), "A"),
    Layout(OverrideBook, "O", (), "O", ("schedule",)),
    Layout(ClockRow, "K", (), "K"),
    Layout(Gate, "G", ("person",), "G", ("channel",)),
    Layout(Digest, "B", ("person", "channel"), "B", ("id",)),
    Layout(DigestMember, "M", ("person", "channel", "digest_id"), "M", ("page_key",)),
    Layout(ReplyCode, "N", ("phone",), "N", ("letter", "number")),
    Layout(LinkTicket, "T", ("hashed",), "T"),
    Layout(LinkSession, "T", ("hashed",), "S"),
    Layout(OptOut, "U", ("phone",), "U"),
    Layout(PhoneTalk, "U", ("phone",), "H"),
    Layout(HeardText, "E", ("id",), "E"),
    Layout(Notice, "X", ("id",), "X"),
    Layout(ShiftMark, "Y", (), "Y", ("schedule",)),
    Layout(SelfTestMark, "Z", (), "Z"),
    Layout(Cursor, "C", ("platform", "account"), "C", ("stream",)),
    Layout(Heard, "H", ("platform", "account", "hour"), "H", ("at", "id")),
    Layout(Incident, "I", ("key",), "I"),
    Layout(Fetching, "R", ("platform", "account", "post_id"), "R"),
    Layout(Known, "R", ("platform", "account", "about"), "K"),
    Layout(Label, "J", ("month",), "J", ("id",)),
    Layout(Hiding, "V", ("conversation_id",), "H", ("post_id",)),
    Layout(FollowUp, "V", ("conversation_id",), "F", ("by",)),
    Layout(ReplyUse, "W", ("platform", "account", "day"), "W", ("said",)),
    Layout(PlaybookVersion, "F", (), "K", ("id",)),
    Layout(ActivePlaybooks, "A", (), "K"),
)

_BY_KIND = {layout.kind: layout for layout in LAYOUTS}
_BY_NAME = {layout.kind.__name__: layout for layout in LAYOUTS}
_BY_MARKS = {(layout.letter, layout.mark): layout for layout in LAYOUTS}


def layout_of(kind: type) -> Layout:
    """Return where rows of this kind live. Raises: LookupError naming a kind that has no place."""
    try:
        return _BY_KIND[kind]
    except KeyError:
        raise LookupError(f"{kind.__name__} has no key: add its line to LAYOUTS in store/keys.py") from None


def kind_named(name: str) -> type:
    """Return the row class a ``Ref`` speaks of. Raises: LookupError."""
    try:
        return _BY_NAME[name].kind
    except KeyError:
        raise LookupError(f"{name} is no row of the table: LAYOUTS in store/keys.py lists them") from None


def key_of(kind: type, identity: Sequence[str]) -> tuple[str, str]:
    """Return (pk, sk) of one row. Raises: ValueError when the identity has too few or too many parts."""
    layout = layout_of(kind)
    if len(identity) != len(layout.fields):
        raise ValueError(f"{kind.__name__} is named by {layout.fields}, not by {tuple(identity)}")
    parts = _written(layout, identity)
    cut = len(layout.parents)
    return _join(layout.letter, parts[:cut]), _join(layout.mark, parts[cut:])


def prefix_of(kind: type, parent: Sequence[str]) -> tuple[str, str]:
    """Return the pk and the beginning of the sk of every row under a parent.

    Raises: ValueError when the parent does not name a whole partition, or names one row.
    """
    layout = layout_of(kind)
    cut = len(layout.parents)
    if not cut <= len(parent) < len(layout.fields):
        raise ValueError(f"{kind.__name__} rows lie under {layout.parents}, not under {tuple(parent)}")
    parts = _written(layout, parent)
    return _join(layout.letter, parts[:cut]), _join(layout.mark, parts[cut:]) + _SEPARATOR


def ref_of(pk: str, sk: str) -> Ref:
    """Return the name of the row at a key: what an index of keys only can tell. Raises: LookupError."""
    letter, *parents = pk.split(_SEPARATOR)
    mark, *sorts = sk.split(_SEPARATOR)
    try:
        layout = _BY_MARKS[letter, mark]
    except KeyError:
        raise LookupError(f"no row is kept at {pk} / {sk}") from None
    parts = zip(_is_number(layout), [*parents, *sorts], strict=True)
    identity = tuple(str(int(part)) if number else _plain(part) for number, part in parts)
    return Ref(layout.kind.__name__, identity)


def due_shard(number: int) -> str:
    """Return the partition of one shard of the due index."""
    return f"D#{number}"


def shard_of(pk: str, sk: str) -> int:
    """Return a row's shard: it follows from its key, so it never moves."""
    return zlib.crc32(f"{pk}\n{sk}".encode()) % SHARDS


def queue_of(team: str) -> str:
    """Return the partition of a team's open work."""
    return f"Q#{team}"


def index_keys(item: object, pk: str, sk: str) -> dict[str, str]:
    """Return the attributes that put a row into the sparse indexes, beside its ``next_due_at``."""
    keys = {}
    if getattr(item, NEXT_DUE_AT, None) is not None:
        keys[DUE_SHARD] = due_shard(shard_of(pk, sk))
    if isinstance(item, Conversation) and (at := _queued_at(item)) is not None:
        keys |= {QUEUE: queue_of(item.team), QUEUE_AT: stamp(at)}
    return keys


def _queued_at(conversation: Conversation) -> datetime | None:
    """Return the place of open work in its team's queue: its deadline, or the end of its pause."""
    match conversation.state:
        case State.WAITING:
            return conversation.deadline_at
        case State.PAUSED:
            return conversation.paused_until
        case _:
            return None


def _written(layout: Layout, parts: Sequence[str]) -> list[str]:
    named = zip(_is_number(layout), parts, strict=False)
    return [part.zfill(_DIGITS) if number else _escaped(part) for number, part in named]


@cache
def _is_number(layout: Layout) -> tuple[bool, ...]:
    hints = get_type_hints(layout.kind)
    return tuple(hints[field] is int for field in layout.fields)


def _join(first: str, rest: Sequence[str]) -> str:
    return _SEPARATOR.join([first, *rest])


def _escaped(part: str) -> str:
    return part.replace("%", "%25").replace(_SEPARATOR, "%23")


def _plain(part: str) -> str:
    return part.replace("%23", _SEPARATOR).replace("%25", "%")
