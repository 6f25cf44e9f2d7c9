"""Fits every question of the judge over its words, adds the phrases, and writes its weights file."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from chalicelib.classifier.text import Text
from chalicelib.classifier.trained import WITH_PIECES
from chalicelib.classifier.weights import packed
from infra.train import language
from infra.train.linear import fit, matrix, parts_of
from infra.train.shared_sets import READ
from infra.train.softlabels import HEADS
from infra.train.targets import targets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalicelib.classifier.phrases import Phrases
    from infra.train.examples import Example
    from infra.train.linear import Fit
    from infra.train.softlabels import Opinion

BUCKETS: Final = {
    "needs": 1 << 18,
    "kind": 1 << 16,
    "sentiment": 1 << 16,
    "urgency": 1 << 16,
    "topic": 1 << 16,
}
STRENGTH: Final = {"needs": 30.0, "kind": 6.0, "sentiment": 6.0, "urgency": 6.0, "topic": 10.0}
PIECES: Final = {head: head in WITH_PIECES for head in HEADS}
LICENCES: Final = {
    "gold.shared": "Apache-2.0",
    "ibm_care": "Apache-2.0",
    "vader_gt": "MIT",
    "crisislex": "MIT",
    "davidson": "MIT",
    "multidogo": "CDLA-Permissive-1.0",
    "banking77": "CC BY 4.0",
    "clinc150": "CC BY 3.0",
    "bitext": "CDLA-Sharing-1.0",
    "hint3": "ODbL-1.0 / DbCL-1.0",
    "sms_spam": "CC BY 4.0",
    "lid_udhr": "MIT",
}

Parts = list[tuple[list[int], list[int], list[int]]]


def labels_of(head: str) -> tuple[str, ...]:
    """Return the labels a question's table has; ``other`` is what no topic's confidence reaches."""
    return tuple(label for label in HEADS[head] if label != "other")


def fit_head(head: str, examples: Sequence[Example], parts: Parts, opinions: Mapping[bytes, Opinion]) -> Fit:
    """Return one question's weights."""
    places, wanted, weights = targets(examples, opinions, head)
    counted = [row for row, weight in enumerate(weights) if weight > 0]
    places, wanted, weights = [places[row] for row in counted], wanted[counted], weights[counted]
    rows = matrix([parts[i] for i in places], BUCKETS[head], pieces=PIECES[head])
    return fit(rows, wanted, weights, labels_of(head), STRENGTH[head])


def fit_heads(examples: Sequence[Example], parts: Parts, opinions: Mapping[bytes, Opinion]) -> dict[str, Fit]:
    """Return every question's weights."""
    return {head: fit_head(head, examples, parts, opinions) for head in HEADS}


def parts_of_all(examples: Sequence[Example]) -> Parts:
    """Return every example's hashed features."""
    return [parts_of(example.text) for example in examples]


def scores(heads: Mapping[str, Fit], phrases: Phrases, examples: Sequence[Example]) -> dict[str, Any]:
    """Return each question's scores as the packaged judge would compute them: the mean of words and phrases."""
    parts = parts_of_all(examples)
    values = [phrases.values(phrases.pieces(Text(e.text))) for e in examples]
    found = {}
    for head, solution in heads.items():
        words = solution.scores(matrix(parts, BUCKETS[head], pieces=PIECES[head]))
        meant = np.array([list(phrases.scores(head, each).values()) for each in values])
        found[head] = (words + meant) / 2
    return found


def weights_file(heads: Mapping[str, Fit], gate: Fit, phrases: bytes, header: Mapping[str, Any]) -> bytes:
    """Return the bytes of the file the product ships."""
    solved = {**heads, "language": gate}
    sections = {
        name: {"labels": list(s.labels), "buckets": s.buckets, "scales": s.scales, "biases": s.biases}
        for name, s in solved.items()
    }
    cells = {name: s.cells.tobytes() for name, s in solved.items()}
    return packed({**header, "sections": sections}, cells, phrases)


def provenance(folder: Path) -> dict[str, dict[str, str]]:
    """Return what was learnt from: each file's hash and licence, our own posts included."""
    found = {
        f"{name}.jsonl": {"sha256": _hash([folder / f"{name}.jsonl"]), "licence": licence}
        for name, licence in LICENCES.items()
    }
    here = Path(__file__).parent
    own = sorted(
        [*(here / "posts").glob("*.txt"), *language.FOLDER.glob("*.txt"), READ, here / "grammar.txt"]
    )
    found["own posts"] = {"sha256": _hash(own), "licence": "the project's own"}
    return found


def _hash(paths: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()
