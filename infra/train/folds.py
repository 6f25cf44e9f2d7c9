"""Which examples stand aside to measure: whole brands, whole files of our own posts, whole events at once."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infra.train.examples import Example

FOLDS: Final = 3


def fold_of(group: str) -> int:
    """Return the fold in which a group stands aside: by its name alone, so that a new file moves no other."""
    return zlib.crc32(group.encode()) % FOLDS


def split(examples: Sequence[Example], fold: int) -> tuple[list[Example], list[Example]]:
    """Return what is learnt from and what stands aside in ``fold``."""
    aside = [e for e in examples if fold_of(e.group) == fold]
    return [e for e in examples if fold_of(e.group) != fold], aside
