"""Hides a public post that shows personal data: the wish is saved, then the platform is asked, until it says yes or no.

Asking a platform twice hides once, so whatever may pass is simply asked again. The conversation stays as it is: its
customer still waits for an answer, and the platform's own news of the hiding does not close it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.alert_words import asked
from chalicelib.domain.conversation import Conversation
from chalicelib.domain.hiding import Hiding, can_hide
from chalicelib.domain.items import Handover, Happened, StoredPost, TimelineRow
from chalicelib.domain.personal_data import mask
from chalicelib.errors import Conflict, NightdeskError, NotFound, Transient
from chalicelib.services.bookkeeping import Books, Change, until_won
from chalicelib.services.hide_port import Hider
from chalicelib.services.ports import Clock, Put, Store
from chalicelib.services.saving import Saving

WAITS = tuple(timedelta(minutes=wait) for wait in (1, 2, 5, 10, 30, 60))
"""After how long a platform that could not say is asked again; after the last of these a person must do it."""


class Hidings:
    """Wishes to hide, and what became of them."""

    def __init__(
        self, *, store: Store, saving: Saving, books: Books, clock: Clock, hiders: Callable[[str], Hider]
    ) -> None:
        self._store = store
        self._saving = saving
        self._books = books
        self._clock = clock
        self._hiders = hiders

    def hide(
        self, conversation_id: str, *, by: str, at: datetime, post_id: str | None = None
    ) -> Conversation:
        """Save the wish to hide a post, the one that is shown unless told; the same wish twice is one.

        Raises: Conflict where it cannot be hidden, NotFound, Transient.
        """
        return self._books.change(conversation_id, lambda found: self._wish(found, by, at, post_id), at)

    def deliver(self, identity: tuple[str, ...]) -> None:
        """Ask the platform for one wish, if it is due. Raises: Transient."""
        until_won(lambda: self._deliver(identity))

    def _wish(self, found: Conversation, by: str, at: datetime, post_id: str | None) -> Change:
        entry = asked(found)
        name = post_id or (entry.id if entry else "")
        row = self._store.get(StoredPost, found.platform, found.account, name)
        if row is None or row.conversation_id != found.id:
            raise Conflict("there is no such post to hide")
        if not can_hide(row):
            raise Conflict(f"{row.platform} does not let us hide this: ask them to delete it")
        known = self._store.get(Hiding, found.id, row.external_id)
        if known is not None and known.state is not Handover.FAILED:
            return Change(found)
        wish = Hiding(found.id, row.external_id, by, at, rev=known.rev + 1 if known else 1, next_due_at=at)
        line = _line(found.id, at, row.external_id, f"{by} hides it: it shows personal data.", by)
        return Change(found, (replace(row, hidden_by=by, rev=row.rev + 1), wish, line))

    def _deliver(self, identity: tuple[str, ...]) -> None:
        wish, now = self._store.get(Hiding, *identity), self._clock.now()
        if wish is None or wish.next_due_at is None or wish.next_due_at > now:
            return
        found = self._books.load(wish.conversation_id)
        try:
            self._hiders(found.platform).hide(app=found.app, account=found.account, post_id=wish.post_id)
        except Transient as fault:
            self._later(wish, found, fault, now)
        except NotFound:
            self._end(wish, Handover.SENT, "It was gone already.", now)
        except NightdeskError as fault:
            self._fail(wish, found, fault, now)
        else:
            self._end(wish, Handover.SENT, "It is hidden from the public.", now)

    def _later(self, wish: Hiding, found: Conversation, fault: Transient, now: datetime) -> None:
        if wish.attempts >= len(WAITS):
            return self._fail(wish, found, fault, now)
        wait = max(WAITS[wish.attempts], fault.retry_after or timedelta(0))
        again = replace(
            wish,
            attempts=wish.attempts + 1,
            outcome=mask(str(fault)),
            next_due_at=now + wait,
            rev=wish.rev + 1,
        )
        return self._saving.commit(Put(again))

    def _end(self, wish: Hiding, state: Handover, words: str, now: datetime) -> None:
        """Record how it ended."""
        self._saving.commit(*map(Put, _ended(wish, state, words, now)))

    def _fail(self, wish: Hiding, found: Conversation, fault: NightdeskError, now: datetime) -> None:
        """Record that everybody still reads it: people are warned of it again, and may wish it again."""
        rows: tuple[object, ...] = _ended(wish, Handover.FAILED, f"It could not be hidden: {fault}", now)
        post = self._store.get(StoredPost, found.platform, found.account, wish.post_id)
        if post is not None and post.hidden_by is not None and post.deleted_at is None:
            rows += (replace(post, hidden_by=None, rev=post.rev + 1),)
        self._books.save({found.id: found}, (found,), rows, now, shown=(found.id,))


def _ended(wish: Hiding, state: Handover, words: str, now: datetime) -> tuple[Hiding, TimelineRow]:
    said = mask(words)
    over = replace(wish, state=state, outcome=said, next_due_at=None, rev=wish.rev + 1)
    return over, _line(wish.conversation_id, now, f"{wish.post_id}|{wish.rev}", said, wish.by)


def _line(conversation_id: str, at: datetime, source: str, words: str, by: str) -> TimelineRow:
    return TimelineRow(conversation_id, at, Happened.NOTE, f"hide|{source}", words, by=by)
