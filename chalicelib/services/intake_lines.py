"""What the timelines say of the brand's replies: whom each was given to, doubted for, or taken from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from chalicelib.domain.conversation import Conversation, Entry
from chalicelib.domain.items import Happened, StoredPost, TimelineRow
from chalicelib.domain.ledger import entry_of
from chalicelib.domain.settling import is_machine


def reply_lines(
    before: Mapping[str, Conversation], after: Iterable[Conversation], replies: Iterable[StoredPost]
) -> list[TimelineRow]:
    """Return a line for every conversation to which one of these replies now means something else."""
    rows = tuple(replies)
    pairs = ((conversation, row) for conversation in after for row in rows)
    return [_line(c, row) for c, row in pairs if _meaning(c, row) != _meaning(before.get(c.id), row)]


def _meaning(conversation: Conversation | None, row: StoredPost) -> Entry | None:
    return entry_of(conversation, row.external_id) if conversation else None


def _line(conversation: Conversation, row: StoredPost) -> TimelineRow:
    entry = entry_of(conversation, row.external_id)
    happened, words = Happened.REPLY, "The brand replied."
    if entry is None:
        happened, words = Happened.NOTE, "The brand's reply turned out to be for somebody else."
    elif entry.gone_at is not None:
        happened, words = Happened.DELETE, "The brand's reply is gone: whom it answered waits again."
    elif row.external_id in conversation.maybe_replies:
        happened, words = Happened.MAYBE_REPLY, "The brand replied to somebody here: for them?"
    elif is_machine(entry, conversation.entries):
        words = "An automatic reply went out; the clock runs on."
    elif entry.by is not None:
        words = f"{entry.by} answered."
    at = row.deleted_at if happened is Happened.DELETE and row.deleted_at else row.created_at
    return TimelineRow(conversation.id, at, happened, row.external_id, words, by=entry.by if entry else None)
