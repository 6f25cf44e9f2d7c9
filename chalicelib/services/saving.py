"""Saves and wakes: commits rows, then sends a message for every row among them that is due soon.

The message is a convenience, never the only hope: if we die between the commit and the send, the tick finds
the row in the due index within a minute. Nothing here decides what is due.
"""

from __future__ import annotations

from datetime import timedelta

from chalicelib.domain.conversation import Conversation
from chalicelib.services.ports import Clock, Due, Hand, Message, Put, Queue, Queues, Ref, Store, Wake, Write

SOON = timedelta(seconds=90)
"""Whoever writes ``next_due_at`` within this also sends that wake itself (DESIGN 8): the tick looks 60 s ahead."""


class Saving:
    """Commits, then wakes what it made due."""

    def __init__(self, store: Store, queues: Queues, clock: Clock) -> None:
        self._store = store
        self._queues = queues
        self._clock = clock

    def commit(self, *writes: Write) -> None:
        """Write all or nothing, then wake each row due within ``SOON``. Raises: Lost, Transient."""
        self._store.commit(*writes)
        horizon = self._clock.now() + SOON
        for write in writes:
            due = _due(write)
            if due is not None and due.at <= horizon:
                self.wake(due)

    def wake(self, due: Due) -> None:
        """Send one row to whoever works it, held back until it is due. Raises: Transient."""
        message, queue = self._route(due)
        queue.send(message, delay=self._clock.delay_until(due.at))

    def _route(self, due: Due) -> tuple[Message, Queue]:
        if due.ref.kind == Conversation.__name__:
            return Wake(due.ref, due.at), self._queues.wake
        return Hand(due.ref), self._queues.outbound


def _due(write: Write) -> Due | None:
    if not isinstance(write, Put):
        return None
    at = getattr(write.item, "next_due_at", None)
    return None if at is None else Due(Ref(type(write.item).__name__, write.item.identity), at)
