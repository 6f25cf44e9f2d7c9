"""What the trained judge looks at: words, pairs of words, pieces of words, and what the readable rules noticed.

Everything is hashed, so there is no vocabulary to load. Training and judging use this very module.
"""

from __future__ import annotations

import re
import zlib
from functools import lru_cache
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Final

from chalicelib.classifier import lexicon, topics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.classifier.text import Text

SIGN_VALUE: Final = 0.5
"""What one noticed sign weighs beside the words, whose values share one unit of length."""
MOST_TOKENS: Final = 160
"""Tokens of a very long post that are weighed: the first and the last ones, where people say what they want."""
PIECE: Final = 4
"""Letters of a piece of a word; three and five besides cost a tenth of the judge's time and told nothing more."""
_TOKEN: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+|[?!]+|\.{2,}|[^\w\s.,;:'\"()\[\]/\\-]")
_NUMBER: Final = re.compile(r"\d+")


def hashed(name: str) -> int:
    """Return the feature's 32-bit number: the same on every machine and every run."""
    return zlib.crc32(name.encode("utf-8", "surrogatepass"))


def tokens_of(text: Text) -> list[str]:
    """Return words, numbers by their length, runs of ? and !, and single symbols such as emoji."""
    found = _TOKEN.findall(text.lowered)
    if len(found) > MOST_TOKENS:
        found = found[: MOST_TOKENS // 2] + found[-MOST_TOKENS // 2 :]
    return [_shape(token) for token in found]


def _shape(token: str) -> str:
    if token.isdecimal():
        return "0" * min(len(token), 6)
    return token if token[0].isalnum() else token[:2]


def word_features(tokens: Sequence[str]) -> list[int]:
    """Return single tokens, neighbouring pairs and pairs with one token between, the edges of the post included."""
    edged = ["^", *tokens, "$"]
    pairs = [hashed(f"b {one} {other}") for one, other in pairwise(edged)]
    apart = [hashed(f"k {one} {other}") for one, other in zip(edged, edged[2:], strict=False)]
    return list(dict.fromkeys([*map(_word, tokens), *pairs, *apart]))


@lru_cache(maxsize=1 << 14)
def _word(token: str) -> int:
    return hashed(f"w {token}")


def piece_features(tokens: Sequence[str]) -> list[int]:
    """Return the distinct pieces of every word, its edges included."""
    return list(dict.fromkeys(piece for token in tokens for piece in _pieces(token)))


@lru_cache(maxsize=1 << 14)
def _pieces(token: str) -> tuple[int, ...]:
    edged = f" {token} "
    if not token[0].isalpha():
        return ()
    return tuple(hashed("c" + edged[i : i + PIECE]) for i in range(len(edged) - PIECE + 1))


def sign_features(text: Text, tokens: Sequence[str]) -> list[int]:
    """Return what a reader notices without reading: rules that speak, questions, length."""
    lowered = text.lowered
    names = [f"s rule {name}" for _, name, _ in lexicon.noticed(lowered)]
    said = [short for short, rule in lexicon.signals().items() if rule.found_in(lowered)]
    names += [f"s said {short}" for short in said]
    names += [f"s said {one} and {other}" for one, other in combinations(said, 2)]
    names += [f"s about {topic}" for topic in topics.mentions(lowered)]
    names.append(f"s length {len(tokens).bit_length()}")
    if "?" in lowered:
        names.append("s question")
    return [hashed(name) for name in names]
