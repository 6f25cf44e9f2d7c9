"""Judges posts by weights that never saw them: for thresholds and honest figures.

Two ways: whole brands and files stand aside in turn (every fold learns anew), and the fresh posts, written after
the teaching posts were closed, stand aside from everything, the teacher included.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from chalicelib.classifier.language import lean
from chalicelib.classifier.phrases import Phrases
from chalicelib.classifier.rules import Case, critical_reasons
from chalicelib.classifier.text import Text
from chalicelib.classifier.trained import LIKELIER_THAN_NOT
from chalicelib.domain.judgement import Context
from infra.train import language
from infra.train.examples import own_posts, without_repeats
from infra.train.folds import FOLDS, fold_of, split
from infra.train.judge import fit_heads, labels_of, parts_of_all, scores

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from infra.train.examples import Example
    from infra.train.linear import Fit

MEASURED: Final = ("own", "gold", "vader_gt")
"""The sets that are measured when whole groups stand aside; the others' labels are too weak to be held to."""
FRESH: Final = Path(__file__).parent / "fresh"
TRIAL: Final = Path(__file__).parent / "trial"


@dataclass(frozen=True)
class Aside:
    """Posts to brands, and what weights that stood aside say of each: a score table per question."""

    posts: list[Example]
    scores: dict[str, Any]

    def said(self, head: str) -> Any:  # noqa: ANN401  an array of labels
        """Return the likeliest label of each post."""
        labels = labels_of(head)
        return np.array([labels[i] for i in self.scores[head].argmax(1)])

    def likely(self) -> Any:  # noqa: ANN401  an array
        """Return how likely each post needs an answer, by the weights alone."""
        return 1 / (1 + np.exp(-self.scores["needs"][:, 0]))

    @cached_property
    def ruled(self) -> Any:  # noqa: ANN401  an array
        """Return where a critical rule speaks."""
        return np.array([bool(critical_reasons(Case.of(e.text, Context()))) for e in self.posts])

    def queueing(self) -> Any:  # noqa: ANN401  an array
        """Return what is held against the queue's threshold: certainty where a critical rule speaks."""
        return np.maximum(self.likely(), self.ruled.astype(float))

    def critical(self) -> Any:  # noqa: ANN401  an array
        """Return how likely each post is critical, by the weights alone."""
        shares = np.exp(self.scores["urgency"] - self.scores["urgency"].max(1, keepdims=True))
        return shares[:, labels_of("urgency").index("2")] / shares.sum(1)

    def urgent(self, thresholds: Mapping[str, float]) -> Any:  # noqa: ANN401  an array
        """Return which posts the judge would call critical."""
        return self.alarming() >= thresholds["critical"]

    def alarming(self) -> Any:  # noqa: ANN401  an array
        """Return what is held against the threshold of critical: certainty where a rule speaks, nothing where hardly an answer is needed."""
        return np.maximum(self.critical() * (self.likely() >= LIKELIER_THAN_NOT), self.ruled)


def fresh_posts() -> list[Example]:
    """Return the posts nothing may learn from; the thresholds are set on them."""
    return list(without_repeats(own_posts(FRESH)))


def trial_posts() -> list[Example]:
    """Return posts made to be hard, from which nothing is learnt either, and on which no threshold is set."""
    return list(without_repeats(own_posts(TRIAL)))


def judged(heads: Mapping[str, Fit], phrases: Phrases, posts: list[Example]) -> Aside:
    """Judge posts by these weights."""
    return Aside(posts, scores(heads, phrases, posts))


def judged_aside(everything: Sequence[Example], build: Path) -> Aside:
    """Fit once per fold, from labels alone, and judge the posts to brands that stood aside in it.

    ``build`` holds each fold's phrases, as `python -m infra.train.distil DATA --folds` teaches them.
    """
    posts: list[Example] = []
    tables: dict[str, list[Any]] = {}
    for fold in range(FOLDS):
        learnt, aside = split(everything, fold)
        phrases = Phrases(memoryview(fold_file(build, fold).read_bytes()))
        mine = [e for e in aside if e.source in MEASURED]
        heads = fit_heads(learnt, parts_of_all(learnt), {})
        for head, table in scores(heads, phrases, mine).items():
            tables.setdefault(head, []).append(table)
        posts += mine
    return Aside(posts, {head: np.concatenate(parts) for head, parts in tables.items()})


def fold_file(build: Path, fold: int) -> Path:
    """Return where the phrases lie that never saw what stands aside in ``fold``."""
    return build / f"phrases.{fold}.bin"


def gate_aside(folder: Path, seed: int) -> tuple[list[Example], Any]:
    """Return posts that stood aside from a gate, by language, brand or file, and its scores of them.

    What script or small words settle before the gate is asked is scored as the judge settles it.
    """
    everything = [
        e for e in (*language.foreign(folder, seed), *language.english(folder, seed)) if Text(e.text).words
    ]
    solved = language.fit_gate(language.readable([e for e in everything if fold_of(e.group) != 0]))
    aside = [e for e in everything if fold_of(e.group) == 0]
    found = solved.scores(language.gate_matrix(aside))[:, 0] + [lean(Text(e.text).words) for e in aside]
    settled = [language.settled(e.text) for e in aside]
    return aside, np.array([f if s is None else s for f, s in zip(found, settled, strict=True)])
