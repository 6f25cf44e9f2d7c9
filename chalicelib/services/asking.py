"""Has the background ask a platform for what its webhook withheld; intake itself waits for nobody's answer.

The message is sent after the post is saved. Whoever dies in between finds the post known when the delivery comes
back, and asks then. What is worth asking is ``domain.enrichment``'s to say.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from chalicelib.services.ports import Fetch, Queue

Ask = Callable[[Fetch], None]


def nobody(_fetch: Fetch) -> None:
    """Ask nobody."""


class Asking:
    """Queues what platforms can be asked; nothing of those that cannot."""

    def __init__(self, queue: Queue, platforms: Collection[str]) -> None:
        self._queue = queue
        self._platforms = frozenset(platforms)

    def __call__(self, fetch: Fetch) -> None:
        """Queue one question. Raises: Transient, when the delivery must come back to ask again."""
        if fetch.platform in self._platforms:
            self._queue.send(fetch)
