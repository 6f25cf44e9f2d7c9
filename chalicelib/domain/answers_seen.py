"""Which answers somebody has read before they add their own: by the answers' ids, for clocks may stand still.

Pure. What follows from an answer not seen is decided by whoever asks.
"""

from __future__ import annotations

from chalicelib.domain.conversation import Conversation, Entry
from chalicelib.domain.settling import counting

NONE = ""
"""What is remembered where there was no answer yet."""


def latest_answer(conversation: Conversation) -> str:
    """Return the id of the last answer that came, for a form to remember; ``NONE`` without one."""
    answers = _in_order(conversation)
    return answers[-1].id if answers else NONE


def unseen_answers(conversation: Conversation, seen: str, by: str) -> list[Entry]:
    """Return the answers that came after ``seen``, a person's own apart; all of them if it stands no longer."""
    answers = _in_order(conversation)
    ids = [answer.id for answer in answers]
    later = answers[ids.index(seen) + 1 :] if seen in ids else answers
    return [answer for answer in later if answer.by != by]


def _in_order(conversation: Conversation) -> list[Entry]:
    return sorted(counting(conversation.entries), key=lambda answer: (answer.received_at, answer.id))
