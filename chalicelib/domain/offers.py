"""What a message about a conversation offers: the buttons that matter now, and the rest behind *More*.

Pure. What may be done at all is ``case``'s to say; this chooses and orders, for a reader half asleep.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.case import Act, open_acts
from chalicelib.domain.conversation import Closure, Conversation, State
from chalicelib.domain.settling import customers, is_living, is_machine

CORRECT = "correct"
HUMAN_TYPED = "human_typed"
HIDE = "hide"

MOST_MORE = 5
"""Lines that a menu of Slack's holds."""

_ORDER = (
    Act.WAS_FOR_THEM,
    Act.WAS_NOT_FOR_THEM,
    Act.CLAIM,
    Act.RESUME,
    Act.REPLY,
    Act.ANSWER_NEEDED,
    Act.NO_ANSWER_NEEDED,
    Act.TAKE_OVER,
    Act.RENEW,
    Act.CLOSE,
    Act.PAUSE,
)
_REPLIED_TO = frozenset({State.WAITING, State.PAUSED, State.ANSWERED})


@dataclass(frozen=True, slots=True)
class Offer:
    """Buttons in their order, and the lines of the menu after them."""

    buttons: tuple[str, ...]
    more: tuple[str, ...]


def offered(conversation: Conversation, now: datetime) -> Offer:
    """Return what to offer everybody who sees the message: whose press may do what is decided at the press."""
    acts = open_acts(conversation, now, ()) | _also(conversation)
    buttons = tuple(act.value for act in _ORDER if act in acts)
    return Offer(buttons, _more(conversation, acts)[:MOST_MORE])


def _also(conversation: Conversation) -> frozenset[Act]:
    """Return what a message offers without having asked the platform: the form says if it is not possible."""
    acts = {Act.REPLY} if conversation.state in _REPLIED_TO else set()
    closed_by_us = conversation.closure is Closure.BY_PERSON
    return frozenset(acts | ({Act.ANSWER_NEEDED} if closed_by_us else set()))


def _more(conversation: Conversation, acts: frozenset[Act]) -> tuple[str, ...]:
    if not any(is_living(post) for post in customers(conversation.entries)):
        return ()
    handed = tuple(act.value for act in (Act.RELEASE, Act.HAND_OVER) if act in acts)
    typed = (HUMAN_TYPED,) if _has_machine(conversation) else ()
    later = (Act.FOLLOW_UP.value,) if Act.FOLLOW_UP in acts else ()
    return (*handed, *typed, *later, CORRECT)


def _has_machine(conversation: Conversation) -> bool:
    """Tell whether a reply typed elsewhere is held for a machine's, which a person may know better."""
    replies = (e for e in conversation.entries if e not in customers(conversation.entries))
    return any(e.native and is_machine(e, conversation.entries) for e in replies)
