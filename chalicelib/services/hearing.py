"""Remembers what was heard when, account by account: so that silence can be told from a quiet hour.

Marks are for counting alone; one that is lost harms nobody, so none is ever the reason to take a post in again.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from chalicelib.domain.polling_rows import Heard
from chalicelib.domain.posts import Post
from chalicelib.domain.team import Account
from chalicelib.errors import Transient
from chalicelib.services.ports import Inbound, Meter, Put, Store

KEPT = timedelta(days=35)
HOUR = timedelta(hours=1)
SPARED = timedelta(minutes=1)
"""What a process hears of an account within this is one mark: a busy webhook costs no write for each post."""


class Hearing:
    """Marks new posts, and counts marks."""

    def __init__(self, store: Store, meter: Meter) -> None:
        self._store = store
        self._meter = meter
        self._marked_at: dict[tuple[str, str], datetime] = {}

    def note(self, post: Post, account: Account, inbound: Inbound) -> None:
        """Mark a new post by when it reached us, and count it where no webhook had told of it."""
        at = inbound.received_at
        if inbound.swept:
            self._meter.count("MissedByWebhook", platform=post.platform, account=account.name)
        elif self._is_marked(post.platform, account.id, at):
            return
        mark = Heard(
            post.platform,
            account.id,
            hour_of(at),
            at,
            post.external_id,
            swept=inbound.swept,
            expires_at=(at + KEPT).replace(microsecond=0),
        )
        with suppress(Transient):
            self._store.commit(Put(mark))
            if not inbound.swept:
                self._marked_at[post.platform, account.id] = at

    def _is_marked(self, platform: str, account: str, at: datetime) -> bool:
        marked_at = self._marked_at.get((platform, account))
        return marked_at is not None and timedelta(0) <= at - marked_at < SPARED

    def told(self, account: Account, at: datetime) -> int:
        """Return how many marks webhooks left in the hour of ``at``: posts, those of one minute mostly as one."""
        return sum(not mark.swept for mark in self._marks(account, at))

    def missed(self, account: Account, at: datetime) -> int:
        """Return how many posts only a sweep told of in the hour of ``at``."""
        return sum(mark.swept for mark in self._marks(account, at))

    def last(self, account: Account, now: datetime, hours: int = 48) -> datetime | None:
        """Return when the last post was heard by webhook, None if that is longer ago than ``hours``."""
        for back in range(hours):
            told = [mark.at for mark in self._marks(account, now - back * HOUR) if not mark.swept]
            if told:
                return max(told)
        return None

    def _marks(self, account: Account, at: datetime) -> list[Heard]:
        return list(self._store.children(Heard, account.platform, account.id, hour_of(at)))


def hour_of(at: datetime) -> str:
    """Return the name of an instant's hour."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H}"
