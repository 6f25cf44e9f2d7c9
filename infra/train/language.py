"""Teaches the language gate: which posts are not in English and so need a human's eyes."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import scipy.sparse

from chalicelib.classifier.language import clearly_english, gate_features, script_language
from chalicelib.classifier.text import Text
from infra.train.examples import Example, own_posts
from infra.train.linear import Fit, fit
from infra.train.shared_sets import SETS, rows, thinned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

FOLDER: Final = Path(__file__).parent / "languages"
BUCKETS: Final = 1 << 15
STRENGTH: Final = 20.0
WINDOWS: Final = (3, 5, 8, 12, 18)
"""Words cut from the declarations, which are longer and more solemn than any post."""
ENGLISH_SETS: Final = (
    "gold", "ibm_care", "vader_gt", "hint3", "sms_spam", "clinc150", "multidogo", "davidson",
)  # fmt: skip
REAL: Final = ("gold", "care", "ibm_care", "vader_gt", "sms_spam", "davidson")
"""The sets that people typed to each other, short and careless: the gate's threshold is set on them."""
BEYOND: Final = 99.0
FLAGGED: Final = 0.025
"""The share of those that may be taken for another language; of posts to brands, which are longer, fewer are."""


def foreign(folder: Path, seed: int) -> Iterator[Example]:
    """Yield posts in other languages: our own, alone and in pairs, and pieces of the declarations."""
    chance = random.Random(seed)  # noqa: S311  repeatable, not secret
    for line in (FOLDER / "others.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            code, posts = line.split(" | ", 1)
            own = posts.split(" || ")
            pairs = [", ".join(chance.sample(own, 2)) for _ in own]
            yield from (
                Example(text, "own", f"lang:{code}", needs=1.0, weight=3.0) for text in [*own, *pairs]
            )
    for row in rows(folder, "lid_udhr"):
        if row["label"] == "other":
            for text in (_window(row["text"], chance), _window(row["text"], chance)):
                yield Example(text, "lid_udhr", f"lid:{row['lang'][:3]}", needs=1.0, weight=0.5)


def english(folder: Path, seed: int) -> Iterator[Example]:
    """Yield posts in English of every voice we have."""
    lines = (FOLDER / "english.txt").read_text(encoding="utf-8").splitlines()[1:]
    everything = [Example(line, "own", "english:odd") for line in lines]
    everything += own_posts()
    for name in ENGLISH_SETS:
        everything += thinned(list(SETS[name](folder)), 2500, seed)
    for example in everything:
        yield Example(example.text, example.source, example.group, needs=0.0)


def _window(text: str, chance: random.Random) -> str:
    words = text.split()
    length = chance.choice(WINDOWS)
    start = chance.randrange(max(1, len(words) - length + 1))
    return " ".join(words[start : start + length])


def settled(text: str) -> float | None:
    """Return a score beyond any threshold where script or small words settle the language; None: ask the gate."""
    read = Text(text)
    if script_language(read.visible, read.letters) is not None:
        return BEYOND
    return -BEYOND if clearly_english(read.words) else None


def readable(examples: Sequence[Example]) -> list[Example]:
    """Return those that have a word, and that neither script nor small words settle already."""
    return [example for example in examples if Text(example.text).words and settled(example.text) is None]


def gate_matrix(examples: Sequence[Example]) -> Any:  # noqa: ANN401  scipy ships no types
    """Return the gate's features, valued as the packaged judge values them."""
    columns: list[int] = []
    values: list[float] = []
    starts = [0]
    for example in examples:
        found = gate_features(Text(example.text).words)
        columns += [number & (BUCKETS - 1) for number in found]
        values += [len(found) ** -0.5] * len(found)
        starts.append(len(columns))
    return scipy.sparse.csr_matrix((values, columns, starts), shape=(len(examples), BUCKETS))


def fit_gate(examples: Sequence[Example]) -> Fit:
    """Return the gate's one column: higher means less English."""
    wanted = np.array([example.needs or 0.0 for example in examples])
    weights = np.array([example.weight for example in examples])
    return fit(
        gate_matrix(examples), np.stack([1 - wanted, wanted], 1), weights, ("english", "other"), STRENGTH
    )
