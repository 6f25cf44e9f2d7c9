"""The judge's sense of what words mean: three neighbouring pieces at a time, by tables made from a larger model's word meanings.

A convolution whose first layer is worked out beforehand: each piece of the vocabulary has one row of small integers for
standing before, at and after the place that is looked at, so that a place's filters are three rows added. Over a post
each filter keeps its highest value and its sum; one linear layer per question reads those. ``infra/train/phrases`` makes
the tables; this module computes exactly what was trained, in the standard library.
"""

from __future__ import annotations

import json
import re
import struct
import unicodedata
from functools import lru_cache
from operator import add, mul
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalicelib.classifier.text import Text

MAGIC: Final = b"NDPHRAS1"
MOST_PIECES: Final = 120
"""Pieces that are read of a long post: its first and its last ones, where people say what they want."""
LONGEST_WORD: Final = 40
PLACES: Final = 3
"""Before, at, after."""
_LENGTH: Final = struct.Struct("<I")
_TOKEN: Final = re.compile(r"[a-z]+|\d+|[^\w\s]")


def _plain(text: str) -> str:
    """Return the text without accents and with room for apostrophes, as the vocabulary was made: "we're" is no "were"."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return text.replace("'", " ")


class Vocabulary:
    """The pieces words are read by: whole words, beginnings, and what may follow (marked ``##``)."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self.numbers = {piece: number for number, piece in enumerate(pieces)}
        self._numbers_of = lru_cache(maxsize=1 << 14)(self._split)

    def read(self, text: Text) -> list[int]:
        """Return the numbers of the pieces of a text, in order; what no piece covers is passed over."""
        words = _TOKEN.findall(_plain(text.lowered))
        found = [number for word in words for number in self._numbers_of(word)]
        half = MOST_PIECES // 2
        return found if len(found) <= MOST_PIECES else found[:half] + found[-half:]

    def _split(self, word: str) -> tuple[int, ...]:
        """Return a word's longest known pieces from its start on; a number is read by its length."""
        rest = "0" * min(len(word), 6) if word.isdecimal() else word[:LONGEST_WORD]
        found: list[int] = []
        while rest:
            mark = "##" if found else ""
            length = next((n for n in range(len(rest), 0, -1) if mark + rest[:n] in self.numbers), 0)
            if length:
                found.append(self.numbers[mark + rest[:length]])
            rest = rest[length or 1 :]
        return tuple(found)


class Phrases:
    """The opened tables. Layout: magic, header length, JSON header, then vocabulary, rows and layers, as the header says."""

    def __init__(self, data: memoryview) -> None:
        if bytes(data[: len(MAGIC)]) != MAGIC:
            raise ValueError("not a table of phrases: run `python -m infra.train.distil` or restore the file")
        (length,) = _LENGTH.unpack_from(data, len(MAGIC))
        start = len(MAGIC) + _LENGTH.size
        header: Mapping[str, Any] = json.loads(bytes(data[start : start + length]))
        vocabulary, rows = start + length, start + length + header["vocabulary"]
        self._filters: int = header["filters"]
        self._vocabulary = Vocabulary(bytes(data[vocabulary:rows]).decode().split("\n"))
        layers = rows + len(self._vocabulary.numbers) * PLACES * self._filters
        self._rows = data[rows:layers].cast("b")
        self._scales: list[float] = header["scales"]
        self._biases: list[int] = header["biases"]
        self._rows_of = lru_cache(maxsize=1 << 12)(self._read_rows)
        self._layers = _layers(data[layers:], header["layers"], 2 * self._filters)

    def pieces(self, text: Text) -> list[int]:
        """Return the numbers of the pieces of a text, in order."""
        return self._vocabulary.read(text)

    def values(self, pieces: Sequence[int]) -> list[float]:
        """Return what the filters make of a post: the highest value of each, then the sum of each; none below nought."""
        if not pieces:
            return [0.0] * (2 * self._filters)
        rows = [self._rows_of(piece) for piece in pieces]
        nothing = (0,) * self._filters
        before = (nothing, *(row[0] for row in rows[:-1]))
        after = (*(row[2] for row in rows[1:]), nothing)
        seen = [map(add, map(add, b, row[1]), a) for b, row, a in zip(before, rows, after, strict=True)]
        columns = list(zip(*seen, strict=True))
        highest = [max(0, *column) for column in columns]
        sums = [
            (sum(column) + sum(map(abs, column))) // 2 for column in columns
        ]  # what is below nought cancels out
        shrunk = len(pieces) ** -0.5
        return [*map(mul, highest, self._scales), *(shrunk * s for s in map(mul, sums, self._scales))]

    def _read_rows(self, piece: int) -> tuple[tuple[int, ...], ...]:
        """Return what a piece adds before, at and after a place, the filters' biases in the middle one."""
        start, width = piece * PLACES * self._filters, self._filters
        before, at, after = (
            tuple(self._rows[start + n * width : start + (n + 1) * width]) for n in range(PLACES)
        )
        return before, tuple(map(add, at, self._biases)), after

    def scores(self, question: str, values: Sequence[float]) -> dict[str, float]:
        """Return a question's score for each of its labels."""
        return {
            label: bias + sum(map(mul, weights, values))
            for label, (bias, weights) in self._layers[question].items()
        }


def _layers(
    data: memoryview, layout: Mapping[str, Mapping[str, float]], width: int
) -> dict[str, dict[str, tuple[float, list[float]]]]:
    """Return each question's labels with their bias and weights; ``layout`` gives the biases, in the order of the weights."""
    numbers = iter(struct.unpack(f"<{len(data) // 4}f", data))
    return {
        question: {label: (bias, [next(numbers) for _ in range(width)]) for label, bias in labels.items()}
        for question, labels in layout.items()
    }


def packed(
    vocabulary: Sequence[str],
    rows: bytes,
    filters: Mapping[str, Sequence[float]],
    layers: Mapping[str, Mapping[str, tuple[float, Sequence[float]]]],
) -> bytes:
    """Return the tables' bytes. ``filters`` holds ``scales`` and whole-numbered ``biases``; equal tables give equal bytes."""
    words = "\n".join(vocabulary).encode()
    header = {
        **filters,
        "filters": len(filters["scales"]),
        "vocabulary": len(words),
        "layers": {q: {label: bias for label, (bias, _) in labels.items()} for q, labels in layers.items()},
    }
    text = json.dumps(header, separators=(",", ":")).encode()
    numbers = [n for labels in layers.values() for _, weights in labels.values() for n in weights]
    return b"".join(
        (MAGIC, _LENGTH.pack(len(text)), text, words, rows, struct.pack(f"<{len(numbers)}f", *numbers))
    )
