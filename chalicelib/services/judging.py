"""Asks the judge what a post needs, with what only the table knows; and lets people overrule the answer.

The judge sits behind a port. A judgement that nothing is needed stays visible, and one click reverses it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.conversation import Conversation, Entry, State
from chalicelib.domain.items import Happened, StoredPost, TimelineRow
from chalicelib.domain.judgement import Context, Judgement
from chalicelib.domain.ledger import with_entry
from chalicelib.domain.posts import Post
from chalicelib.domain.settling import customers, is_living
from chalicelib.domain.versions import PERSON, customer_entry
from chalicelib.errors import Conflict
from chalicelib.services.bookkeeping import Books, Change
from chalicelib.services.ports import Judge, Store


class Judging:
    """Judges posts, and reverses judgements."""

    def __init__(self, judge: Judge, store: Store, books: Books) -> None:
        self._judge = judge
        self._store = store
        self._books = books

    def judge(self, post: Post, conversation: Conversation | None, *, repeat: bool) -> Judgement:
        """Judge one version of a post. ``repeat``: this person has written about something else before."""
        context = Context(
            platform=post.platform,
            surface=post.surface,
            in_open_conversation=conversation is not None and conversation.state is State.WAITING,
            after_our_reply=conversation is not None and conversation.state is State.ANSWERED,
            repeat_contact=repeat,
            has_media=bool(post.media),
        )
        return self._judge.classify(post.text, context)

    def reverse_judgement(
        self, conversation_id: str, by: str, at: datetime, post_id: str | None = None
    ) -> Conversation:
        """Say that a post does need an answer: its clock starts, as an obligation born late.

        ``post_id`` is the latest post judged otherwise unless told. Raises: NotFound, Conflict.
        """
        return self._books.change(conversation_id, lambda found: self._reversed(found, by, at, post_id), at)

    def _reversed(self, conversation: Conversation, by: str, at: datetime, post_id: str | None) -> Change:
        entry = _judged_needless(conversation, post_id)
        row = self._store.get(StoredPost, conversation.platform, conversation.account, entry.id)
        if row is None or row.judgement is None:
            raise Conflict(f"post {entry.id} was never judged, so there is nothing to reverse")
        corrected = replace(
            row, judgement=_corrected(row.judgement, by), owed_from=row.created_at, rev=row.rev + 1
        )
        owing = replace(customer_entry(corrected), revived_at=at)
        revived = with_entry(conversation, owing)
        entries = tuple(replace(e, revived_at=at) if e.id == entry.id else e for e in revived.entries)
        line = TimelineRow(
            conversation.id,
            at,
            Happened.JUDGED,
            entry.id,
            f"{by} says this does need an answer.",
            by,
            (("was", row.judgement.model), ("was_kind", row.judgement.kind)),
        )
        return Change(replace(revived, entries=entries), (corrected, line))


def _judged_needless(conversation: Conversation, post_id: str | None) -> Entry:
    """Return the post whose judgement is to be reversed. Raises: Conflict when it owes an answer already."""
    posts = [e for e in customers(conversation.entries) if post_id in (None, e.id) and is_living(e)]
    needless = [e for e in posts if not e.owes]
    if not needless:
        raise Conflict("every post of this conversation is already held to need an answer")
    return max(needless, key=lambda e: e.at)


def _corrected(judgement: Judgement, by: str) -> Judgement:
    reasons = (f"{by} says it needs an answer", *judgement.reasons)
    return replace(judgement, needs_response=True, confidence=1.0, reasons=reasons, model=f"{PERSON}{by}")
