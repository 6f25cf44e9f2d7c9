"""Saves and wakes: commits rows, then sends a message for every row among them that is due soon.

The message is a convenience, never the only hope: if we die between the commit and the send, the tick finds
the row in the due index within a minute. Nothing here decides what is due.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.polling_rows import Fetching
from chalicelib.errors import Transient
from chalicelib.services.ports import (
    Clock,
    Due,
    Fetch,
    Hand,
    Held,
    Message,
    Put,
    Queue,
    Queues,
    Ref,
    Refused,
    Store,
    Wake,
    Write,
)

SOON = timedelta(seconds=90)
"""Whoever writes ``next_due_at`` within this also sends that wake itself (DESIGN 8): the tick looks 60 s ahead."""


class Saving:
    """Commits, then wakes what it made due."""

    def __init__(self, store: Store, queues: Queues, clock: Clock) -> None:
        self._store = store
        self._queues = queues
        self._clock = clock

    def commit(self, *writes: Write) -> None:
        """Write all or nothing, then wake each row due within ``SOON``. Raises: Lost, Transient: nothing is written.

        A wake that is refused is the tick's: whoever has leased something must go on and send it.
        """
        self._store.commit(*writes)
        horizon = self._clock.now() + SOON
        dues = [due for write in writes if (due := _due(write)) is not None]
        with suppress(Refused):
            self.wake(*(due for due in dues if due.at <= horizon))

    def wake(self, *dues: Due) -> None:
        """Send rows to whoever works them, each held back until it is due. Raises: Refused, all being offered."""
        held = [Held(_message(due), self._clock.delay_until(due.at)) for due in dues]
        works = ((Wake, self._queues.wake), (Hand, self._queues.outbound), (Fetch, self._queues.sweep))
        refused = sum(
            self._sent(queue, [each for each in held if isinstance(each.message, kind)])
            for kind, queue in works
        )
        if refused:
            raise Refused(refused, f"{refused} of {len(dues)} rows could not be woken; the tick finds them")

    def _sent(self, queue: Queue, held: Sequence[Held]) -> int:
        """Return how many the queue refused for the moment: that one is short costs the other nothing."""
        if not held:
            return 0
        try:
            queue.send_each(*held)
        except Refused as fault:
            return fault.count
        except Transient:
            return len(held)
        return 0


def _message(due: Due) -> Message:
    """Return what tells whoever works the row: a conversation is advanced, a post asked about, the rest delivered."""
    match due.ref.kind:
        case Conversation.__name__:
            return Wake(due.ref, due.at)
        case Fetching.__name__:
            return Fetch(*due.ref.identity)
        case _:
            return Hand(due.ref)


def _due(write: Write) -> Due | None:
    if not isinstance(write, Put):
        return None
    at = getattr(write.item, "next_due_at", None)
    return None if at is None else Due(Ref(type(write.item).__name__, write.item.identity), at)
