"""Asks somebody else about what our own judge doubts, or cannot read; it may raise a judgement and never lower it.

Off unless the stage names whom to ask. Personal data is masked before the call, which has two seconds; without an
answer our own stands. A stranger's text could talk a language model into anything, so its word closes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from chalicelib.domain.corrections import ASKING
from chalicelib.domain.judgement import (
    Band,
    Context,
    Judgement,
    PostKind,
    Priority,
    Sentiment,
    Urgency,
    higher,
)
from chalicelib.domain.personal_data import mask
from chalicelib.errors import NightdeskError
from chalicelib.services.ports import Clock, Judge, Meter

ENGLISH = "en"
LONGEST = 2_000
"""How many characters of a post are shown to others."""

MOST = 10
"""How many questions one process asks in a ``REST``: a flood of doubt must not hold up intake."""

REST = timedelta(minutes=1)
"""For how long nobody is asked after there was no answer."""

SECOND_OPINION = "SecondOpinion"


@dataclass(frozen=True, slots=True)
class Heard:
    """What somebody else thinks of a post, as far as they said."""

    needs_response: bool = False
    kind: PostKind = PostKind.UNKNOWN
    sentiment: Sentiment = Sentiment.UNKNOWN
    urgency: int = Urgency.ROUTINE
    language: str | None = None


class Adviser(Protocol):
    """Somebody else to ask. ``name`` is what judgements record, its version included."""

    name: str

    def ask(self, text: str, language: str) -> Heard:
        """Return an opinion of masked words, within two seconds. Raises: NightdeskError where there is none."""
        ...


class AdvisedJudge:
    """A ``Judge`` that asks an adviser where ours doubts."""

    def __init__(self, judge: Judge, adviser: Adviser, clock: Clock, meter: Meter) -> None:
        self._judge = judge
        self._adviser = adviser
        self._clock = clock
        self._meter = meter
        self._left, self._until = MOST, datetime.min.replace(tzinfo=UTC)

    def classify(self, text: str | None, context: Context) -> Judgement:
        own = self._judge.classify(text, context)
        if not text or not _is_doubtful(own) or not self._may_ask():
            return own
        try:
            heard = self._adviser.ask(mask(text)[:LONGEST], own.language)
        except NightdeskError:
            self._left = 0
            self._meter.count(SECOND_OPINION, outcome="none")
            return replace(own, reasons=(*own.reasons, f"{self._adviser.name} gave no second opinion"))
        self._meter.count(SECOND_OPINION, outcome="heard")
        return _advised(own, heard, self._adviser.name)

    def _may_ask(self) -> bool:
        """Count one question against this minute's; none is left after a failure."""
        now = self._clock.now()
        if now >= self._until:
            self._left, self._until = MOST, now + REST
        self._left -= 1
        return self._left >= 0


def _is_doubtful(own: Judgement) -> bool:
    """Tell whether ours is in two minds, or cannot read the language; a critical rule needs no second opinion."""
    if own.urgency == Urgency.CRITICAL:
        return False
    return own.band is Band.REVIEW or (own.kind is PostKind.UNKNOWN and own.language != ENGLISH)


def _advised(own: Judgement, heard: Heard, name: str) -> Judgement:
    """Return our judgement raised by theirs: never less urgent, never further from people than it was."""
    needs = own.needs_response or heard.needs_response
    said = f"{name} thinks it {'needs an answer' if heard.needs_response else 'needs none'}"
    return replace(
        own,
        needs_response=needs,
        band=Band.QUEUE if needs else own.band,
        kind=_kind(own, heard, needs=needs),
        sentiment=heard.sentiment if own.sentiment is Sentiment.UNKNOWN else own.sentiment,
        urgency=max(own.urgency, heard.urgency) if needs else own.urgency,
        priority=higher(own.priority, _priority(heard)) if needs else own.priority,
        language=heard.language or own.language,
        reasons=(*own.reasons, said),
        model=f"{own.model}+{name}",
    )


def _kind(own: Judgement, heard: Heard, *, needs: bool) -> PostKind:
    """Return the kind of whoever knows one; what needs an answer is a complaint or a request."""
    if needs and own.kind not in ASKING and heard.kind in ASKING:
        return heard.kind
    if own.kind is PostKind.UNKNOWN:
        return heard.kind
    return PostKind.REQUEST if needs and not own.needs_response else own.kind


def _priority(heard: Heard) -> Priority:
    match heard.urgency:
        case Urgency.CRITICAL:
            return Priority.URGENT
        case Urgency.ELEVATED:
            return Priority.HIGH
        case _:
            return Priority.NORMAL if heard.needs_response else Priority.LOW
