"""The small forms behind a card's buttons, as values: close it, pause it, hand it over, correct the judge.

Pure: what is known goes in, a dialog comes out. Acting on what comes back is ``submissions``'. Texts are masked here
or before; whoever shows a dialog makes them safe.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from chalicelib.domain.alert import Said
from chalicelib.domain.alert_words import handle_of
from chalicelib.domain.conversation import Conversation
from chalicelib.domain.labels import Correction
from chalicelib.domain.personal_data import mask
from chalicelib.services.dialog_port import (
    ChoiceField,
    Dialog,
    MomentField,
    TextField,
    Words,
    alarm,
    aside,
    words,
)

Memory = Mapping[str, str]

REASONS = {
    "elsewhere": "Answered elsewhere: by phone, by e-mail, in person",
    "duplicate": "The same as another conversation",
    "not_us": "Not about us",
    "needless": "Needs no answer: praise, chatter, a tag",
    "spam": "Spam or abuse",
    "other": "Something else (say what below)",
}
"""Why a conversation is closed without an answer. ``needless`` and ``spam`` also teach the judge."""

MISJUDGED = frozenset({"needless", "spam"})

CORRECTIONS = {
    Correction.WAS_URGENT: "It is urgent",
    Correction.NOT_A_COMPLAINT: "It is no complaint",
    Correction.NEEDED_NO_ANSWER: "It needs no answer",
    Correction.WRONG_QUEUE: "It is in the wrong queue (choose below)",
}

PAUSE = timedelta(hours=1)
"""How long a pause is unless somebody says otherwise."""

LATER = timedelta(days=2)
"""When somebody looks again unless they say otherwise."""


def close_dialog(conversation: Conversation, memory: Memory) -> Dialog:
    """Ask why no answer is needed."""
    items = (
        _about(conversation),
        ChoiceField("reason", "Why is no answer needed?", tuple(REASONS.items())),
        TextField("more", "Anything to add?", optional=True, long=False),
        aside("If the customer writes again, it opens again by itself."),
    )
    return Dialog("close", "No answer needed", items, "Close it", memory)


def pause_dialog(conversation: Conversation, now: datetime, memory: Memory) -> Dialog:
    """Ask until when, and why."""
    items = (
        _about(conversation),
        MomentField("until", "Until when? (your own time)", next_quarter(now + PAUSE)),
        TextField("reason", "What is it waiting for?", hint="the airline confirms the rebooking", long=False),
        aside(
            "Its clock stops until then, or until the customer asks anew. Then it is owed an answer again."
        ),
    )
    return Dialog("pause", "Pause", items, "Pause it", memory)


def hand_over_dialog(conversation: Conversation, people: Iterable[str], memory: Memory) -> Dialog:
    """Ask to whom."""
    items = (
        _about(conversation),
        ChoiceField("to", "To whom?", tuple((name, name) for name in people)),
        aside("They are told at once, and it is theirs from now on."),
    )
    return Dialog("hand_over", "Hand over", items, "Hand over", memory)


def follow_up_dialog(conversation: Conversation, now: datetime, memory: Memory) -> Dialog:
    """Ask when to look again, and at what."""
    items = (
        _about(conversation),
        MomentField("due", "When? (your own time)", next_quarter(now + LATER)),
        TextField("reason", "What is to be looked at?", hint="did the refund arrive?", long=False),
        aside("It comes back to the queue then, answered or not, and you hear of it first."),
    )
    return Dialog("follow_up", "Check on this later", items, "Remind me", memory)


def correct_dialog(conversation: Conversation, queues: Iterable[str], memory: Memory) -> Dialog:
    """Ask what the judge got wrong."""
    topics = f", about {', '.join(conversation.topics)}" if conversation.topics else ""
    items = (
        _about(conversation),
        words(f"It was judged a {conversation.kind} of {conversation.priority} priority{topics}."),
        ChoiceField("correction", "What is true?", tuple((c.value, said) for c, said in CORRECTIONS.items())),
        ChoiceField("queue", "The right queue", tuple((q, _named(q)) for q in queues), optional=True),
    )
    return Dialog("correct", "Correct the judgement", items, "Correct it", memory)


def told(title: str, *said: Said) -> Dialog:
    """Tell something that asks for nothing."""
    return Dialog("told", title, (words(*said),))


def warned(title: str, *said: Said) -> Dialog:
    """Tell something that went wrong."""
    return Dialog("told", title, (alarm(*said),))


def next_quarter(at: datetime) -> datetime:
    """Return the first quarter of an hour at or after an instant: what people choose anyway."""
    quarter = timedelta(minutes=15)
    over = timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
    return at - over + (quarter if over else timedelta(0))


def _about(conversation: Conversation) -> Words:
    return words(f"{mask(handle_of(conversation))} on {conversation.platform.capitalize()}")


def _named(queue: str) -> str:
    return queue.replace("_", " ").capitalize()
