"""Takes in one post of one account, whoever said it: the customer's to ``intake_questions``, the brand's to the other.

Each attempt reads anew; whoever lost a race decides again on what the winner wrote.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.correlation import reply_named
from chalicelib.domain.items import Reply, StoredPost
from chalicelib.domain.posts import Direction, Kind, Op, Post, Receipt
from chalicelib.domain.team import Account
from chalicelib.domain.versions import is_tombstone
from chalicelib.services.asking import Ask, nobody
from chalicelib.services.bookkeeping import Books, until_won
from chalicelib.services.intake_learning import Learning
from chalicelib.services.intake_questions import Questions
from chalicelib.services.intake_replies import OwnWords
from chalicelib.services.judging import Judging
from chalicelib.services.ports import Clock, Store
from chalicelib.services.reply_echo import OPEN

GESTURES = frozenset({Kind.REACTION, Kind.SHARE})
"""What is neither a question nor an answer: it opens nothing, stops nothing, and is only counted."""


class Posts:
    """Takes in posts; ``ask`` has platforms asked for what a post lacks."""

    def __init__(self, store: Store, books: Books, judging: Judging, clock: Clock, ask: Ask = nobody) -> None:
        self._store = store
        self._clock = clock
        self._questions = Questions(store, books, judging, ask)
        self._own_words = OwnWords(store, books, ask)
        self._learning = Learning(store, books, judging)

    def take(self, post: Post, account: Account, received_at: datetime) -> bool:
        """Take in one event of one post; False when it says nothing new. Raises: Transient."""
        if post.kind in GESTURES:
            return False
        return until_won(lambda: self._taken(post, account, received_at))

    def take_receipt(self, receipt: Receipt, account: Account, received_at: datetime) -> bool:
        """Take in news of a reply of ours: one that failed after all is as good as taken back.

        Any other settles a reply whose answer was lost, as an echo would. False when it changes nothing. Raises:
        Transient.
        """
        post = _failure(receipt) if receipt.failed else self._arrival(receipt, account)
        return post is not None and self.take(post, account, received_at)

    def _arrival(self, receipt: Receipt, account: Account) -> Post | None:
        """Return our reply as its echo would tell of it, if nobody knows yet that it is out."""
        named = reply_named(receipt.correlation)
        reply = self._store.get(Reply, *named) if named else None
        known = self._store.get(StoredPost, receipt.platform, account.id, receipt.receipt_for)
        if reply is None or reply.state not in OPEN or known is not None:
            return None
        return replace(
            _failure(receipt),
            op=Op.CREATE,
            is_deleted=False,
            created_at=max(receipt.at, reply.at),  # the platform counts in whole seconds
            parent_id=reply.to_post_id,
            text=reply.text,
            correlation=receipt.correlation,
            contact_id=receipt.recipient,
            stops_clock=True,
        )

    def _taken(self, post: Post, account: Account, received_at: datetime) -> bool:
        stored = self._store.get(StoredPost, post.platform, account.id, post.external_id)
        known = stored is not None and not is_tombstone(stored)
        direction = stored.direction if stored is not None and known else post.direction
        if post.fetched and stored is not None and known and direction is Direction.INBOUND:
            return self._learning.take(post, stored, self._clock.now())
        taker = self._questions if direction is Direction.INBOUND else self._own_words
        return taker.take(post, stored, account, received_at, self._clock.now())


def _failure(receipt: Receipt) -> Post:
    """Return a late failure as what it means: the customer has no such reply."""
    return Post(
        platform=receipt.platform,
        account=receipt.account,
        kind=Kind.DM,
        op=Op.DELETE,
        external_id=receipt.receipt_for,
        thread_id=receipt.receipt_for,
        created_at=receipt.at,
        created_at_source="receipt",
        direction=Direction.OUTBOUND,
        dedupe_key=receipt.dedupe_key,
        is_deleted=True,
    )
