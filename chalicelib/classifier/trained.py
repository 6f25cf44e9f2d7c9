"""The trained judge: small linear models over hashed words and over phrases, under the readable rules, standard library alone.

The rules keep their say: critical words always queue, what cannot be read goes to a person, the team's rules raise.
Between those the weights decide, and the words that weighed most are the reasons.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from chalicelib.classifier import language as languages
from chalicelib.classifier import lexicon, topics
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
    with_doubt_of_length,
)
from chalicelib.classifier.weights import Weights
from chalicelib.domain.judgement import Band, PostKind, Sentiment, Urgency

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalicelib.classifier.phrases import Phrases
    from chalicelib.classifier.text import Text
    from chalicelib.classifier.weights import Column, Section
    from chalicelib.domain.judgement import Context, Judgement
    from chalicelib.domain.team import Rule

WITH_PIECES: Final = frozenset({"needs", "sentiment", "topic"})
"""The questions that also weigh pieces of words, and so bear typing errors; the others weigh words alone."""
QUOTED: Final = 3
"""How many of the heaviest words a reason quotes."""
LIKELIER_THAN_NOT: Final = 0.5
"""Below it the weights alone call no post critical, and a reason says that the post *may* need an answer."""
NEEDING: Final = (PostKind.COMPLAINT, PostKind.REQUEST)


@dataclass(frozen=True, slots=True)
class Reading:
    """A post's hashed features, in the three groups that are valued apart, and what the phrases make of it."""

    tokens: Sequence[str]
    words: Sequence[int]
    pieces: Sequence[int]
    signs: Sequence[int]
    meant: Sequence[float]

    @classmethod
    def of(cls, text: Text, phrases: Phrases) -> Reading:
        """Read the features of one text."""
        tokens = tokens_of(text)
        signs = sign_features(text, tokens)
        meant = phrases.values(phrases.pieces(text))
        return cls(tokens, word_features(tokens), piece_features(tokens), signs, meant)

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
        opinion = with_doubt_of_length(
            unreadable(case.text, context, language) or self.opinion(case), case.text
        )
        if reasons := critical_reasons(case):
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
        score += languages.lean(text.words)
        return languages.named_by(text.words) if score > self._thresholds["language"] else languages.ENGLISH

    def opinion(self, case: Case) -> Opinion:
        """Return what the weights think of readable English text."""
        reading = Reading.of(case.text, self._weights.phrases)
        likely = likelihood(self._scores("needs", reading)["yes"])
        needs = likely >= self._thresholds["queue"]
        looked_at = likely >= self._thresholds["review"] or bool(critical_reasons(case))
        urgency, pressing = self._urgency(reading, case, likely) if needs else (Urgency.ROUTINE, ())
        return Opinion(
            needs_response=needs,
            kind=self._kind(reading, case, needs=needs),
            sentiment=self._sentiment(reading),
            confidence=max(likely, 1 - likely),
            reasons=(self._heaviest(reading, case, likely, needs=needs), *pressing),
            urgency=urgency,
            band=self._band(likely),
            p_needs_response=likely,
            topic=self._topic(reading) if looked_at else topics.OTHER,
        )

    def _scores(self, question: str, reading: Reading) -> dict[str, float]:
        """Return the mean of what the words and the phrases say: each alone errs where the other does not."""
        words = reading.scores(self._weights.sections[question], pieces=question in WITH_PIECES)
        phrases = self._weights.phrases.scores(question, reading.meant)
        return {label: (score + phrases[label]) / 2 for label, score in words.items()}

    def _band(self, likely: float) -> Band:
        if likely >= self._thresholds["queue"]:
            return Band.QUEUE
        return Band.REVIEW if likely >= self._thresholds["review"] else Band.CLOSED

    def _kind(self, reading: Reading, case: Case, *, needs: bool) -> PostKind:
        """Return the likeliest kind that fits the need; what advertises and needs nothing is spam."""
        if not needs and lexicon.signals()["advertising"].found_in(case.text.lowered):
            return PostKind.SPAM
        allowed = [k for k in PostKind if k is not PostKind.UNKNOWN and (k in NEEDING) is needs]
        return PostKind(best(self._scores("kind", reading), [k.value for k in allowed]))

    def _sentiment(self, reading: Reading) -> Sentiment:
        scores = self._scores("sentiment", reading)
        return Sentiment(best(scores, list(scores)))

    def _urgency(self, reading: Reading, case: Case, needing: float) -> tuple[int, tuple[str, ...]]:
        """Return the urgency the weights see; what hardly needs an answer is not critical by its sound."""
        likely = shares(self._scores("urgency", reading))
        if likely["2"] >= self._thresholds["critical"] and needing >= LIKELIER_THAN_NOT:
            return Urgency.CRITICAL, ("critical by the sound of it, though no rule names why",)
        if likely["1"] + likely["2"] >= self._thresholds["elevated"]:
            return Urgency.ELEVATED, elevated_reasons(case) or ("pressing by the sound of it",)
        return Urgency.ROUTINE, ()

    def _topic(self, reading: Reading) -> str:
        """Return the likeliest topic of the likeliest queue, or ``other`` below the floor of confidence."""
        likely = shares(self._scores("topic", reading))
        queue = max(topics.QUEUES, key=lambda name: sum(likely[topic] for topic in topics.QUEUES[name]))
        if sum(likely[topic] for topic in topics.QUEUES[queue]) < self._thresholds["topic"]:
            return topics.OTHER
        return best(likely, topics.QUEUES[queue])

    def _heaviest(self, reading: Reading, case: Case, likely: float, *, needs: bool) -> str:
        """Return the words that weighed most for what was decided, as a person would quote them."""
        section = self._weights.sections["needs"]
        (column,) = section.columns
        sign = 1 if needs else -1
        weighed = {
            name: sign * column.cells[hashed(key) & (section.buckets - 1)]
            for name, key in _quotable(reading.tokens, case.private)
        }
        ranked = sorted(weighed, key=lambda name: -weighed[name])
        heaviest = ", ".join(f'"{name}"' for name in ranked[:QUOTED] if weighed[name] > 0)
        may = "needs an answer" if likely >= LIKELIER_THAN_NOT else "may need an answer"
        said = may if needs else "needs no answer"
        return f"{said}, most of all for {heaviest}" if heaviest else f"{said}, by the whole of its words"


def _quotable(tokens: Sequence[str], private: frozenset[str]) -> list[tuple[str, str]]:
    """Return words and neighbouring words with the names of their features; numbers and private words never."""
    allowed = [token if token.isalpha() and token not in private else "" for token in tokens]
    words = [(token, f"w {token}") for token in allowed if token]
    pairs = [(one, other) for one, other in pairwise(allowed) if one and other]
    return words + [(f"{one} {other}", f"b {one} {other}") for one, other in pairs]
