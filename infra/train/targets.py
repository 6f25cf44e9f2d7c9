"""What each question should answer for each post: our own labels, softened by the teacher where it has an opinion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from infra.train.softlabels import HEADS, key_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from infra.train.examples import Example
    from infra.train.softlabels import Opinion

Array = np.ndarray[Any, np.dtype[Any]]

TRUST: Final = {"own": 0.75, "gold": 0.75, "generated": 0.3, "ibm_care": 0.3}
"""How far a source's own label outweighs the teacher's; the other sets' labels were translated, and weigh less."""
OTHERWISE: Final = 0.15
WEIGHT: Final = {"own": 1.0, "gold": 1.5, "ibm_care": 1.0, "made": 0.5, "generated": 0.35}
LEAST_SURE: Final = 0.5
"""A topic is taught only by posts that likely need an answer and likely have a topic."""


def label_of(example: Example, head: str) -> str | None:
    """Return the example's own label for a question, or None where it says nothing."""
    if head == "needs":
        return None if example.needs is None else HEADS["needs"][int(example.needs)]
    said = getattr(example, head)
    return None if said is None else str(said)


def targets(
    examples: Sequence[Example], opinions: Mapping[bytes, Opinion], head: str
) -> tuple[list[int], Array, Array]:
    """Return which examples teach this question, their shares per label, and their weights."""
    places, shares, weights = [], [], []
    for place, example in enumerate(examples):
        wanted = _shares(example, opinions.get(key_of(example.text)), head)
        if wanted is not None:
            places.append(place)
            shares.append(wanted)
            weights.append(WEIGHT.get(example.source, example.weight))
    table = np.array(shares)
    return (
        (places, *_without_other(table, np.array(weights)))
        if head == "topic"
        else (places, table, np.array(weights))
    )


def _shares(example: Example, opinion: Opinion | None, head: str) -> Array | None:
    label = label_of(example, head)
    own: Array | None = None if label is None else np.array([float(label == each) for each in HEADS[head]])
    if opinion is None:
        return own
    thought: Array = np.array(opinion[head])
    if own is None:
        return thought
    trust = TRUST.get(example.source, OTHERWISE)
    mixed: Array = trust * own + (1 - trust) * thought
    return mixed


def _without_other(table: Array, weights: Array) -> tuple[Array, Array]:
    """Spread each post over the real topics; what is most likely none of them hardly counts."""
    last = HEADS["topic"].index("other")
    real = np.delete(table, last, axis=1)
    mass = real.sum(1)
    counted = np.where(mass >= LEAST_SURE, mass, 0.0)
    return real / np.maximum(mass, 1e-9)[:, None], weights * counted
