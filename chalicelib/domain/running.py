"""What the row of a running clock tells by itself: since when an answer is owed, and which firings it records.

Reads one conversation and decides nothing; the ladder and the acknowledgement are built on it.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.conversation import Conversation, Fired


def owed_since(conversation: Conversation) -> datetime:
    """Return since when we could have known that an answer is owed: receipt, or the obligation's late birth."""
    owed = next((e for e in conversation.entries if e.id == conversation.owed_post_id), None)
    if owed is None:
        return conversation.started_at or conversation.opened_at
    return max(owed.received_at, owed.born_at or owed.received_at)


def fired_of(conversation: Conversation, step: str) -> Fired | None:
    """Return the latest firing of a step in this epoch."""
    return next((f for f in conversation.fired if f.step == step), None)
