"""Judges each post by weights that never saw its brand, its file or its event: for thresholds and honest figures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from infra.train import language, softlabels
from infra.train.folds import FOLDS, fold_of_groups, split
from infra.train.judge import fit_heads, labels_of, parts_of_all, scores
from infra.train.pool import unlabelled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infra.train.examples import Example

TO_BRANDS = ("own", "gold", "ibm_care")


@dataclass(frozen=True, slots=True)
class Aside:
    """Posts to brands, and what weights that stood aside say of each: a score table per question."""

    posts: list[Example]
    scores: dict[str, Any]
    taught: int
    """How many folds had a teacher of their own; the others learnt from labels alone."""

    def said(self, head: str) -> Any:  # noqa: ANN401  an array of labels
        """Return the likeliest label of each post."""
        labels = labels_of(head)
        return np.array([labels[i] for i in self.scores[head].argmax(1)])

    def likely(self) -> Any:  # noqa: ANN401  an array
        """Return how likely each post needs an answer."""
        return 1 / (1 + np.exp(-self.scores["needs"][:, 0]))


def judged_aside(everything: Sequence[Example], build: Path, seed: int) -> Aside:
    """Fit once per fold and judge the posts to brands that stood aside in it."""
    posts: list[Example] = []
    tables: dict[str, list[Any]] = {}
    taught = 0
    for fold in range(FOLDS):
        learnt, aside = split(everything, fold)
        opinions = softlabels.read(build / f"soft_labels.{fold}.bin")
        taught += bool(opinions)
        pool = [*learnt, *(unlabelled(learnt, seed) if opinions else [])]
        mine = [e for e in aside if e.source in TO_BRANDS]
        heads = fit_heads(pool, parts_of_all(pool), opinions)
        for head, table in scores(heads, parts_of_all(mine)).items():
            tables.setdefault(head, []).append(table)
        posts += mine
    return Aside(posts, {head: np.concatenate(parts) for head, parts in tables.items()}, taught)


def gate_aside(folder: Path, seed: int) -> tuple[list[Example], Any]:
    """Return the gate's posts and the scores of gates that never saw their language, brand or file."""
    everything = language.readable([*language.foreign(folder, seed), *language.english(folder, seed)])
    folds = fold_of_groups(e.group for e in everything)
    found = np.zeros(len(everything))
    for fold in range(FOLDS):
        places = [i for i, e in enumerate(everything) if folds[e.group] == fold]
        solved = language.fit_gate([e for e in everything if folds[e.group] != fold])
        found[places] = solved.scores(language.gate_matrix([everything[i] for i in places]))[:, 0]
    return everything, found
