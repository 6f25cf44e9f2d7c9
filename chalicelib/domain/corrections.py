"""A person's word about a judgement: what the judgement becomes, and what people are known to think of the post.

Pure. Whose clock starts or stops by it is ``ledger``'s to say; which post is meant is the use case's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from chalicelib.domain.judgement import Band, Judgement, PostKind, Priority, Urgency, higher
from chalicelib.domain.labels import Correction, Verdict
from chalicelib.domain.versions import PERSON

OTHER = "other"
"""The topic and the queue of what fits no other."""

ASKING = frozenset({PostKind.COMPLAINT, PostKind.REQUEST})
"""The kinds that need an answer, by the taxonomy; any other that needs one was taken for what it is not."""

QUIET = frozenset({PostKind.PRAISE, PostKind.CHATTER, PostKind.SPAM})
"""The kinds that need none by themselves; in an open conversation they wait with what does."""


@dataclass(frozen=True, slots=True)
class Word:
    """One person's correction; ``queue`` is the right one where the judge's was wrong."""

    correction: Correction
    by: str
    queue: str | None = None


def corrected(judgement: Judgement, word: Word) -> Judgement:
    """Return the judgement as the person leaves it: theirs, certain, and no longer the model's."""
    changed = _changed(judgement, word)
    reasons = (f"{word.by} says {_WORDS[word.correction]}", *judgement.reasons)
    return replace(changed, confidence=1.0, reasons=reasons, model=f"{PERSON}{word.by}")


def with_word(verdict: Verdict, word: Word, judgement: Judgement) -> Verdict:
    """Return what is known after a person spoke; ``judgement`` is what their word made of the judge's."""
    match word.correction:
        case Correction.NEEDED_ANSWER:
            return replace(verdict, needs_response=True)
        case Correction.NEEDED_NO_ANSWER:
            return replace(verdict, needs_response=False, urgency=None)
        case Correction.NOT_A_COMPLAINT:
            return replace(verdict, kind=judgement.kind)
        case Correction.WAS_URGENT:
            return replace(verdict, needs_response=True, urgency=Urgency.CRITICAL)
        case Correction.WRONG_QUEUE:
            return replace(verdict, queue=word.queue)


def objection(judgement: Judgement, word: Word, *, asked: bool) -> str | None:
    """Return why there is nothing to correct: the judge said just that. ``asked``: people were asked whether it was right."""
    kind, held = judgement.kind, judgement.needs_response
    match word.correction:
        case Correction.NEEDED_ANSWER:
            return "it is already held to need an answer" if held else None
        case Correction.NEEDED_NO_ANSWER:
            return None if held or asked else "it is already held to need none"
        case Correction.NOT_A_COMPLAINT:
            return None if kind is PostKind.COMPLAINT else f"it was never held for a complaint but for {kind}"
        case Correction.WAS_URGENT:
            return "it is already held for urgent" if judgement.priority is Priority.URGENT else None
        case Correction.WRONG_QUEUE:
            return f"it is in {word.queue} already" if judgement.queue == word.queue else None


def words_of(word: Word) -> str:
    """Return a correction as a timeline tells it."""
    more = f" It belongs to {word.queue}." if word.queue else ""
    return f"{word.by} says {_WORDS[word.correction]}.{more}"


_WORDS = {
    Correction.NEEDED_ANSWER: "this does need an answer",
    Correction.NEEDED_NO_ANSWER: "this needs no answer",
    Correction.NOT_A_COMPLAINT: "this is no complaint",
    Correction.WAS_URGENT: "this is urgent",
    Correction.WRONG_QUEUE: "this was given to the wrong queue",
}


def _changed(judgement: Judgement, word: Word) -> Judgement:
    match word.correction:
        case Correction.NEEDED_ANSWER:
            return _needing(judgement)
        case Correction.NEEDED_NO_ANSWER:
            return _needless(judgement)
        case Correction.NOT_A_COMPLAINT:
            kind = PostKind.REQUEST if judgement.needs_response else PostKind.CHATTER
            return replace(judgement, kind=kind)
        case Correction.WAS_URGENT:
            return replace(_needing(judgement), priority=Priority.URGENT, urgency=Urgency.CRITICAL)
        case Correction.WRONG_QUEUE:
            topics = tuple(topic for topic in judgement.topics if topic != judgement.topic)
            return replace(judgement, queue=word.queue or OTHER, topic=OTHER, topics=topics)


def _needing(judgement: Judgement) -> Judgement:
    """Hold it for a request of normal priority at least: what needs an answer is no praise and no chatter."""
    return replace(
        judgement,
        needs_response=True,
        kind=judgement.kind if judgement.kind in ASKING else PostKind.REQUEST,
        priority=higher(judgement.priority, Priority.NORMAL),
        band=Band.QUEUE,
    )


def _needless(judgement: Judgement) -> Judgement:
    return replace(
        judgement,
        needs_response=False,
        kind=PostKind.CHATTER if judgement.kind in ASKING else judgement.kind,
        priority=Priority.LOW,
        urgency=Urgency.ROUTINE,
        band=Band.CLOSED,
    )
