"""Everything the judge learns from, the labels we trust most first; the text of the shared sets is only ever in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.train.examples import Example, own_posts, without_repeats
from infra.train.generate import generated
from infra.train.shared_sets import shared

if TYPE_CHECKING:
    from pathlib import Path


def labelled(folder: Path, seed: int) -> list[Example]:
    """Return every labelled example, each visible text once."""
    return list(without_repeats([*own_posts(), *shared(folder, seed), *generated(seed)]))
