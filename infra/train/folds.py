"""Which examples stand aside to measure: whole brands, whole files of our own posts, whole events at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from infra.train.examples import Example

FOLDS: Final = 3


def fold_of_groups(groups: Iterable[str]) -> dict[str, int]:
    """Deal the groups out in turn, in the order of their names within each source."""
    return {group: place % FOLDS for place, group in enumerate(sorted(set(groups)))}


def split(examples: Sequence[Example], fold: int) -> tuple[list[Example], list[Example]]:
    """Return what is learnt from and what stands aside in ``fold``."""
    folds = fold_of_groups(e.group for e in examples)
    aside = [e for e in examples if folds[e.group] == fold]
    return [e for e in examples if folds[e.group] != fold], aside
