"""How good a judge is: the figures of the model card, each with a bootstrap interval; nothing here trains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from sklearn.metrics import f1_score, roc_auc_score

if TYPE_CHECKING:
    from collections.abc import Callable

Array: TypeAlias = Any  # numpy's, whose types a checkout without the train extra does not have

ROUNDS: Final = 400


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value with its 95 % bootstrap interval, over ``count`` posts."""

    value: float
    low: float
    high: float
    count: int

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}] n={self.count}"


def figure(measure: Callable[[Array], float], count: int, seed: int = 11) -> Figure:
    """Return ``measure`` over all places 0..count-1 and the interval over resamples of them."""
    chance = np.random.default_rng(seed)
    drawn = []
    for _ in range(ROUNDS):
        value = measure(chance.integers(0, count, count))
        if not np.isnan(value):
            drawn.append(value)
    low, high = np.quantile(drawn, (0.025, 0.975)) if drawn else (np.nan, np.nan)
    return Figure(float(measure(np.arange(count))), float(low), float(high), count)


def auc(truth: Array, scores: Array) -> Figure:
    """Area under the receiver's curve."""

    def measure(places: Array) -> float:
        some = truth[places]
        return float("nan") if some.min() == some.max() else float(roc_auc_score(some, scores[places]))

    return figure(measure, len(truth))


def share(hits: Array) -> Figure:
    """Share of true values: recall, accuracy or volume, by what is passed in."""
    return figure(lambda places: float(hits[places].mean()), len(hits))


def macro_f1(truth: Array, said: Array) -> Figure:
    """Mean of the classes' F1."""
    return figure(lambda places: float(f1_score(truth[places], said[places], average="macro")), len(truth))


def threshold_for_recall(truth: Array, scores: Array, recall: float, sure: float = 0.0) -> float:
    """Return the highest threshold that keeps this share of the posts that need an answer.

    ``sure`` asks for a margin: that this share of resamples of those posts, drawn with replacement, keep ``recall``.
    """
    needing = np.sort(scores[truth == 1])
    allowed = int((1 - recall) * len(needing))
    missed = next(m for m in range(allowed, -1, -1) if _holds(m, len(needing), allowed, sure))
    return float(needing[missed])


def _holds(missed: int, count: int, allowed: int, sure: float, seed: int = 11) -> bool:
    """Tell whether ``sure`` of the resamples miss no more than is allowed, when ``missed`` are missed as they stand."""
    drawn = np.random.default_rng(seed).binomial(count, missed / count, 20_000)
    return float((drawn <= allowed).mean()) >= sure
