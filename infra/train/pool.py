"""The large pool a teacher labels for the small model: every post known, mixed and varied, the same for a seed.

Variation puts words the labelled posts never used into sentences they did use: neighbours of a word in the
teacher's own vocabulary (``neighbours.txt``, one word and its neighbours a line). The text of the shared sets is
only ever in memory.
"""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from infra.train.examples import Example, own_posts, without_repeats
from infra.train.generate import generated
from infra.train.shared_sets import shared

if TYPE_CHECKING:
    from collections.abc import Sequence

NEIGHBOURS: Final = Path(__file__).with_name("neighbours.txt")
TO_BRANDS: Final = frozenset({"own", "gold", "ibm_care"})
SPLICED: Final = 6000
VARIED: Final = 10000
_WORD: Final = re.compile(r"[A-Za-z]{3,}")
_CLAUSE: Final = re.compile(r"(?<=[.!?])\s+|\s+-\s+")


def labelled(folder: Path, seed: int) -> list[Example]:
    """Return every labelled example, each visible text once, the labels we trust most first."""
    return list(without_repeats([*own_posts(), *shared(folder, seed), *generated(seed)]))


def unlabelled(examples: Sequence[Example], seed: int) -> list[Example]:
    """Return made-up posts without labels, for a teacher to label: spliced and varied from posts to brands."""
    ours = [e for e in examples if e.source in TO_BRANDS]
    like_ours = [e for e in examples if e.source == "generated"]
    table = neighbours()
    chance = random.Random(seed)  # noqa: S311  repeatable, not secret
    spliced = [splice(ours, like_ours, chance) for _ in range(SPLICED)]
    varied = [vary(chance.choice(ours if i % 4 else like_ours).text, table, chance) for i in range(VARIED)]
    return [Example(text, "made", "made") for text in [*spliced, *varied]]


def neighbours(path: Path = NEIGHBOURS) -> dict[str, list[str]]:
    """Return each word's neighbours; none if the table has not been built."""
    if not path.exists():
        return {}
    lines = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return {words[0]: words[1:] for words in lines if len(words) > 1}


def splice(ours: Sequence[Example], like_ours: Sequence[Example], chance: random.Random) -> str:
    """Return one or two clauses of one post followed by one of another, as people add things."""
    first, second = chance.choice(ours).text, chance.choice(ours if chance.random() < 0.7 else like_ours).text  # noqa: PLR2004
    one = chance.choice(_CLAUSE.split(first))
    other = chance.choice(_CLAUSE.split(second))
    return chance.choice((". ", ", ", " ", " and ", " but ", "! ", "... ")).join((one, other))


def vary(text: str, table: dict[str, list[str]], chance: random.Random) -> str:
    """Return the text with about a third of its words replaced by neighbours."""

    def swapped(match: re.Match[str]) -> str:
        choices = table.get(match[0].lower())
        return chance.choice(choices) if choices and chance.random() < 0.35 else match[0]  # noqa: PLR2004

    return _WORD.sub(swapped, text)
