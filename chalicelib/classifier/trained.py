"""The trained judge: small linear models over hashed words, under the readable rules, in the standard library alone.

The rules keep their say: critical words always queue, what cannot be read goes to a person, the team's rules raise.
Between those the weights decide, and the words that weighed most are the reasons.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.classifier import language as languages
from chalicelib.classifier import topics
from chalicelib.classifier.features import (
    SIGN_VALUE,
    hashed,
    piece_features,
    sign_features,
    tokens_of,
    word_features,
)
from chalicelib.classifier.rules import (
    Case,
    Opinion,
    concluded,
    critical_reasons,
    elevated_reasons,
    made_critical,
    unreadable,
)
from chalicelib.classifier.weights import Weights
from chalicelib.domain.judgement import Band, PostKind, Sentiment, Urgency

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalicelib.classifier.text import Text
    from chalicelib.classifier.weights import Column, Section
    from chalicelib.domain.judgement import Context, Judgement
    from chalicelib.domain.team import Rule

QUOTED: Final = 3
"""How many of the heaviest words a reason quotes."""
NEEDING: Final = (PostKind.COMPLAINT, PostKind.REQUEST)


@dataclass(frozen=True, slots=True)
class Reading:
    """A post's hashed features, in the three groups that are valued apart."""

    tokens: Sequence[str]
    words: Sequence[int]
    pieces: Sequence[int]
    signs: Sequence[int]

    @classmethod
    def of(cls, text: Text) -> Reading:
        """Read the features of one text."""
        tokens = tokens_of(text)
        return cls(tokens, word_features(tokens), piece_features(tokens), sign_features(text, tokens))

    def scores(self, section: Section, *, pieces: bool = True) -> dict[str, float]:
        """Return the section's score for each of its labels."""
        groups = [
            (section.places(group), SIGN_VALUE if group is self.signs else len(group) ** -0.5)
            for group in (self.words, self.pieces if pieces else (), self.signs)
            if group
        ]
        return {column.label: _score(column, groups) for column in section.columns}


def _score(column: Column, groups: Sequence[tuple[Sequence[int], float]]) -> float:
    return column.bias + column.scale * sum(value * column.total(places) for places, value in groups)


def likelihood(score: float) -> float:
    """Return the logistic of a score."""
    return 1 / (1 + math.exp(-score)) if score >= 0 else 1 - 1 / (1 + math.exp(score))


def shares(scores: Mapping[str, float]) -> dict[str, float]:
    """Return the softmax of scores by label."""
    highest = max(scores.values())
    raised = {label: math.exp(score - highest) for label, score in scores.items()}
    total = sum(raised.values())
    return {label: value / total for label, value in raised.items()}


def best(scores: Mapping[str, float], among: Sequence[str]) -> str:
    """Return the likeliest of the labels that are allowed."""
    return max(among, key=lambda label: scores[label])


class TrainedJudge:
    """Judges by weights under rules. ``rules`` are the team's own; ``weights`` those of the package if left out."""

    def __init__(self, rules: Sequence[Rule] = (), weights: Weights | None = None) -> None:
        self._rules = tuple(rules)
        self._weights = weights or Weights.opened()
        self._thresholds: Mapping[str, float] = self._weights.header["thresholds"]
        self._model: str = self._weights.header["version"]

    def classify(self, text: str | None, context: Context) -> Judgement:
        """Say what a post needs; any text, or none, gives a judgement with reasons."""
        case = Case.of(text, context)
        language = self.language(case.text)
        opinion = unreadable(case.text, context, language) or self.opinion(case.text)
        if reasons := critical_reasons(case.text):
            opinion = made_critical(opinion, reasons)
        return concluded(opinion, case, self._rules, language=language, model=self._model)

    def language(self, text: Text) -> str:
        """Return the text's language: by script, else by the trained gate."""
        if (by_script := languages.script_language(text.visible, text.letters)) is not None:
            return by_script
        if languages.clearly_english(text.words):
            return languages.ENGLISH
        found = languages.gate_features(text.words)
        section = self._weights.sections["language"]
        (column,) = section.columns
        score = column.bias + column.scale * column.total(section.places(found)) * len(found) ** -0.5
        return languages.named_by(text.words) if score > self._thresholds["language"] else languages.ENGLISH

    def opinion(self, text: Text) -> Opinion:
        """Return what the weights think of readable English text."""
        reading = Reading.of(text)
        likely = likelihood(reading.scores(self._weights.sections["needs"])["yes"])
        needs = likely >= self._thresholds["queue"]
        kind = self._kind(reading, needs=needs)
        urgency, pressing = self._urgency(reading, text)
        return Opinion(
            needs_response=needs,
            kind=kind,
            sentiment=self._sentiment(reading),
            confidence=max(likely, 1 - likely),
            reasons=(self._heaviest(reading, likely, needs=needs), *(pressing if needs else ())),
            urgency=urgency if needs else Urgency.ROUTINE,
            band=self._band(likely),
            p_needs_response=likely,
            topic=self._topic(reading) if needs else topics.OTHER,
        )

    def _band(self, likely: float) -> Band:
        if likely >= self._thresholds["queue"]:
            return Band.QUEUE
        return Band.REVIEW if likely >= self._thresholds["review"] else Band.CLOSED

    def _kind(self, reading: Reading, *, needs: bool) -> PostKind:
        allowed = [k for k in PostKind if k is not PostKind.UNKNOWN and (k in NEEDING) is needs]
        return PostKind(best(reading.scores(self._weights.sections["kind"]), [k.value for k in allowed]))

    def _sentiment(self, reading: Reading) -> Sentiment:
        scores = reading.scores(self._weights.sections["sentiment"])
        return Sentiment(best(scores, list(scores)))

    def _urgency(self, reading: Reading, text: Text) -> tuple[int, tuple[str, ...]]:
        """Return the urgency the weights see; a rule that noticed the same names the words."""
        likely = shares(reading.scores(self._weights.sections["urgency"]))
        if likely["2"] >= self._thresholds["critical"]:
            return Urgency.CRITICAL, ("critical by the sound of it, though no rule names why",)
        if likely["1"] + likely["2"] >= self._thresholds["elevated"]:
            return Urgency.ELEVATED, elevated_reasons(text) or ("pressing by the sound of it",)
        return Urgency.ROUTINE, ()

    def _topic(self, reading: Reading) -> str:
        """Return the likeliest topic of the likeliest queue, or ``other`` below the floor of confidence."""
        likely = shares(reading.scores(self._weights.sections["topic"], pieces=False))
        queue = max(topics.QUEUES, key=lambda name: sum(likely[topic] for topic in topics.QUEUES[name]))
        if sum(likely[topic] for topic in topics.QUEUES[queue]) < self._thresholds["topic"]:
            return topics.OTHER
        return best(likely, topics.QUEUES[queue])

    def _heaviest(self, reading: Reading, likely: float, *, needs: bool) -> str:
        """Return the words that weighed most for what was decided, as a person would quote them."""
        section = self._weights.sections["needs"]
        (column,) = section.columns
        weighed = {
            name: column.cells[hashed(key) & (section.buckets - 1)] for name, key in _quotable(reading.tokens)
        }
        sign = 1 if needs else -1
        ranked = sorted(weighed, key=lambda name: -sign * weighed[name])
        heaviest = [f'"{name}"' for name in ranked[:QUOTED] if sign * weighed[name] > 0]
        said = "needs an answer" if needs else "needs no answer"
        because = f", most of all for {', '.join(heaviest)}" if heaviest else ""
        return f"{said} ({likely:.0%} likely to need one){because}"


def _quotable(tokens: Sequence[str]) -> list[tuple[str, str]]:
    """Return words and pairs of words with the names of their features; numbers are never quoted."""
    words = [(token, f"w {token}") for token in tokens if not token.isdecimal()]
    pairs = itertools.pairwise(tokens)
    return words + [(f"{one} {other}", f"b {one} {other}") for one, other in pairs if (one + other).isalpha()]
