"""Delivers one outbound row: a page, a card, a digest, a reply, a whisper. Each has its own sender; this is the door.

A row that is gone, or whose time has not come, is nothing: messages arrive late, twice, and in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chalicelib.errors import Permanent
from chalicelib.services.ports import Ref

Deliver = Callable[[tuple[str, ...]], None]
"""Works the row of this identity. Raises: Transient to have the message come back."""


class Send:
    """Finds the sender for a row by the name of its kind."""

    def __init__(self, senders: Mapping[str, Deliver]) -> None:
        self._senders = dict(senders)

    def deliver(self, ref: Ref) -> None:
        """Deliver one row. Raises: Transient, and Permanent for a kind that nobody sends."""
        sender = self._senders.get(ref.kind)
        if sender is None:
            raise Permanent(f"nobody sends a {ref.kind}: name its sender in wiring", runbook="unknown-row")
        sender(ref.identity)
