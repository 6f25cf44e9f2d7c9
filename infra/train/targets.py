"""What each question should answer for each post: our own labels, softened by the teacher where it has an opinion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from infra.train import corrections
from infra.train.softlabels import HEADS, key_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from infra.train.examples import Example
    from infra.train.softlabels import Opinion

Array: TypeAlias = Any  # numpy's, whose types a checkout without the train extra does not have

TRUST: Final = {
    corrections.SOURCE: 0.95,
    "own": 0.75,
    "gold": 0.75,
    "care": 0.75,
    "generated": 0.3,
    "ibm_care": 0.3,
}
"""How far a source's own label outweighs the teacher's; the other sets' labels were translated, and weigh less."""
OTHERWISE: Final = 0.15
WEIGHT: Final = {"own": 1.0, "gold": 1.5, "care": 1.5, "ibm_care": 1.0, "generated": 0.35}
NOT_TO_BRANDS: Final = 0.08
"""What a post that was not written to a brand counts for whether an answer is needed: enough to know the words."""
TOPIC_WEIGHT: Final = {**WEIGHT, "generated": 0.7}
TOPIC_TRUST: Final = 0.85
"""The grammar knows its topics better than its teacher, whose posts to brands are mostly about technology."""
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
            weights.append(weight_of(example, head))
    table, counted = np.array(shares), np.array(weights)
    return (places, *_topics(table, counted)) if head == "topic" else (places, table, counted)


def weight_of(example: Example, head: str) -> float:
    """Return what the example counts for this question; a team's own correction counts as its team wants."""
    if example.source == corrections.SOURCE:
        return example.weight
    if head == "topic":
        return TOPIC_WEIGHT.get(example.source, NOT_TO_BRANDS)
    usual = NOT_TO_BRANDS if head == "needs" else example.weight
    return WEIGHT.get(example.source, usual)


def _shares(example: Example, opinion: Opinion | None, head: str) -> Array | None:
    label = label_of(example, head)
    own: Array | None = None if label is None else np.array([float(label == each) for each in HEADS[head]])
    if opinion is None:
        return own
    thought: Array = np.array(opinion[head])
    if own is None:
        return thought
    trust = TRUST.get(example.source, OTHERWISE)
    if head == "topic" and example.source == "generated":
        trust = TOPIC_TRUST
    mixed: Array = trust * own + (1 - trust) * thought
    return mixed


def _topics(table: Array, weights: Array) -> tuple[Array, Array]:
    """Spread each post over the real topics; what is most likely none hardly counts, and what is rare counts more."""
    last = HEADS["topic"].index("other")
    real = np.delete(table, last, axis=1)
    mass = real.sum(1)
    counted = weights * np.where(mass >= LEAST_SURE, mass, 0.0)
    shares = real / np.maximum(mass, 1e-9)[:, None]
    common = (shares * counted[:, None]).sum(0)
    return shares, counted * (shares @ (common.mean() / common) ** 0.5)
