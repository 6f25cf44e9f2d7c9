"""Fits the small model: hashed features, soft targets, one convex problem per question, weights as signed bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import scipy.optimize
import scipy.sparse

from chalicelib.classifier.features import SIGN_VALUE, piece_features, sign_features, tokens_of, word_features
from chalicelib.classifier.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Array: TypeAlias = Any  # numpy's, whose types a checkout without the train extra does not have

CLIPPED_AT: Final = 30.0
"""Weights further out than this many standard deviations are cut, so that the byte's steps stay small."""


@dataclass(frozen=True, slots=True)
class Fit:
    """One question's solution, as bytes: column ``i`` is ``cells[i] * scales[i]`` plus ``biases[i]``."""

    labels: tuple[str, ...]
    cells: Array
    scales: list[float]
    biases: list[float]

    @property
    def buckets(self) -> int:
        """How many hashed features there are."""
        return int(self.cells.shape[1])

    def scores(self, rows: Any) -> Array:  # noqa: ANN401  scipy ships no types
        """Return the scores the packaged judge would compute, a row per post."""
        weights = self.cells.T.astype(np.float64) * np.array(self.scales)
        found: Array = np.asarray(rows @ weights) + np.array(self.biases)
        return found


def parts_of(text: str) -> tuple[list[int], list[int], list[int]]:
    """Return a post's hashed words, pieces and signs."""
    read = Text(text)
    tokens = tokens_of(read)
    return word_features(tokens), piece_features(tokens), sign_features(read, tokens)


def matrix(
    parts: Iterable[tuple[list[int], list[int], list[int]]], buckets: int, *, pieces: bool = True
) -> Any:  # noqa: ANN401
    """Return the posts' features as a sparse matrix, valued exactly as the packaged judge values them."""
    values: list[float] = []
    columns: list[int] = []
    starts = [0]
    for words, fragments, signs in parts:
        for group, value in ((words, None), (fragments if pieces else [], None), (signs, SIGN_VALUE)):
            columns += [number & (buckets - 1) for number in group]
            values += [value or max(len(group), 1) ** -0.5] * len(group)
        starts.append(len(columns))
    cells = np.array(values, dtype=np.float32)
    return scipy.sparse.csr_matrix((cells, columns, starts), shape=(len(starts) - 1, buckets))


def fit(rows: Any, targets: Array, weights: Array, labels: Sequence[str], strength: float) -> Fit:  # noqa: ANN401
    """Return the weights that best predict the soft ``targets`` (a row per post), kept small by ``strength``."""
    width, count = rows.shape[1], targets.shape[1]
    total = weights.sum()
    across = rows.T.tocsr()

    def cost(flat: Array) -> tuple[float, Array]:
        table: Array = flat[:-count].reshape(width, count).astype(np.float32)
        bias = flat[-count:]
        shares, logs = _shares(np.asarray(rows @ table) + bias)
        error = (shares - targets) * (weights / total)[:, None]
        value = -float((weights / total) @ (targets * logs).sum(1)) + 0.5 * float(
            (table.astype(np.float64) ** 2).sum()
        ) / (strength * total)
        slope = np.asarray(across @ error.astype(np.float32)) + table / (strength * total)
        return value, np.concatenate([slope.ravel().astype(np.float64), error.sum(0)])

    found = scipy.optimize.minimize(
        cost,
        np.zeros(width * count + count),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 60, "ftol": 1e-6},
    )
    return as_bytes(*reduced(found.x[:-count].reshape(width, count), found.x[-count:], tuple(labels)))


def reduced(table: Array, bias: Array, labels: tuple[str, ...]) -> tuple[Array, Array, tuple[str, ...]]:
    """Of two labels only the second is stored, as its lead over the first."""
    if len(labels) != 2:  # noqa: PLR2004  a pair
        return table, bias, labels
    return table[:, 1:] - table[:, :1], bias[1:] - bias[:1], labels[1:]


def _shares(scores: Array) -> tuple[Array, Array]:
    scores = scores - scores.max(1, keepdims=True)
    logs = scores - np.log(np.exp(scores).sum(1, keepdims=True))
    return np.exp(logs), logs


def as_bytes(table: Array, bias: Array, labels: Sequence[str]) -> Fit:
    """Return the weights as signed bytes, each column with its own step."""
    used = [column[column != 0] for column in table.T]
    limits = [min(float(np.abs(u).max()), CLIPPED_AT * float(u.std())) if u.size else 1.0 for u in used]
    scales = [float(f"{limit / 127 or 1.0:.8g}") for limit in limits]
    cells = np.clip(np.round(table.T / np.array(scales)[:, None]), -127, 127).astype(np.int8)
    return Fit(tuple(labels), cells, scales, [float(f"{b:.8g}") for b in bias])
