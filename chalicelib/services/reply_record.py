"""Enters what became of a reply into the books: sent, or not under way any more. Sends nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.items import Handover, Happened, Reply, StoredPost, TimelineRow
from chalicelib.domain.posts import Direction, Kind
from chalicelib.domain.versions import is_tombstone
from chalicelib.services.bookkeeping import Books, until_won
from chalicelib.services.ports import Store
from chalicelib.services.reply_echo import confirmed
from chalicelib.services.reply_port import Sent


class ReplyRecord:
    """The books' side of sending."""

    def __init__(self, store: Store, books: Books) -> None:
        self._store = store
        self._books = books

    def sent(self, leased: Reply, sent: Sent, now: datetime) -> None:
        """Enter a reply that is out, unless its echo has been entered already. Raises: Transient."""
        until_won(lambda: self._sent(leased, sent, now))

    def ended(self, reply: Reply, words: str, now: datetime) -> None:
        """Save a reply that is not under way any more, and say so where people look. Raises: Transient.

        One whose fate nobody knows stays open: its echo may still come.
        """
        until_won(lambda: self._ended(reply, words, now))

    def _sent(self, leased: Reply, sent: Sent, now: datetime) -> None:
        reply = self._store.get(Reply, *leased.identity) or leased
        found = self._books.load(reply.conversation_id)
        stored = self._store.get(StoredPost, found.platform, found.account, sent.external_id)
        if stored is not None and stored.direction is Direction.OUTBOUND and reply.state is Handover.SENT:
            return
        row = _over(stored, _posted(found, reply, sent, now))
        after, settled, own = confirmed(found, reply, row)
        words = (
            "The customer was acknowledged; the clock runs on."
            if reply.automatic
            else f"{reply.by} answered."
        )
        line = TimelineRow(found.id, own.created_at, Happened.REPLY, own.external_id, words, by=reply.by)
        self._books.save({found.id: found}, (after,), (own, settled, line), now)

    def _ended(self, reply: Reply, words: str, now: datetime) -> None:
        present = self._store.get(Reply, *reply.identity)
        if present is None or present.rev != reply.rev - 1:
            return  # its echo came meanwhile and settled it
        found = self._books.load(reply.conversation_id)
        still_open = tuple(i for i in found.sending if i != reply.id or reply.state is Handover.UNKNOWN)
        line = TimelineRow(found.id, now, Happened.NOTE, reply.id, words, by=reply.by)
        freed = replace(found, sending=still_open)
        self._books.save({found.id: found}, (freed,), (reply, line), now)


def failed_words(reply: Reply, why: str) -> str:
    """Say that a reply did not go out; one that no person wrote asks nobody to do anything."""
    what = "The acknowledgement" if reply.automatic else f"{reply.by}'s answer"
    return f"{what} was not sent: {why}. The clock runs on."


def lost_words(reply: Reply) -> str:
    """Say that nobody will know whether a reply arrived."""
    if reply.automatic:
        return "Nobody knows whether the acknowledgement arrived; it is not sent again. The clock runs on."
    return f"Nobody knows whether {reply.by}'s answer arrived: look, and answer again if it did not."


def _over(stored: StoredPost | None, posted: StoredPost) -> StoredPost:
    """Return the row of our reply: its echo's where that was taken for a native one, the tombstone's fate kept."""
    if stored is None:
        return posted
    if not is_tombstone(stored):
        return replace(stored, rev=stored.rev + 1)
    return replace(
        posted,
        rev=stored.rev + 1,
        deleted_at=stored.deleted_at,
        deleted_by_brand=stored.deleted_by_brand,
        restored_at=stored.restored_at,
    )


def _posted(conversation: Conversation, reply: Reply, sent: Sent, now: datetime) -> StoredPost:
    at = min(sent.created_at or now, now)
    return StoredPost(
        platform=conversation.platform,
        account=conversation.account,
        external_id=sent.external_id,
        kind=Kind.DM if reply.private else Kind.COMMENT,
        direction=Direction.OUTBOUND,
        thread_id=conversation.thread_id,
        conversation_id=conversation.id,
        created_at=at,
        received_at=now,
        parent_id=reply.to_post_id,
        post_id=conversation.post_id,
        author_id=conversation.account,
        text=reply.text,
        edited_at=at,
    )
