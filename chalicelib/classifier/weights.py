"""The judge's weights: one memory-mapped file with a readable header; opening it copies nothing.

Layout: 8 bytes of magic, 4 bytes of header length (little endian), a JSON header, then the sections, each a table of
signed bytes stored column after column, then the phrases as ``phrases`` lays them out. ``infra/train`` writes it; docs/model-card.md says what it was taught.
"""

from __future__ import annotations

import json
import mmap
import struct
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from chalicelib.classifier.phrases import Phrases

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAGIC: Final = b"NDJUDGE1"
FILE: Final = Path(__file__).with_name("weights.bin")
_LENGTH: Final = struct.Struct("<I")


@dataclass(frozen=True, slots=True)
class Column:
    """One label's weights: its bytes, what one unit of them is worth, and its bias."""

    label: str
    cells: memoryview
    scale: float
    bias: float

    def total(self, buckets: Sequence[int]) -> int:
        """Return the sum over hashed features, in units of ``scale``."""
        if len(buckets) > 1:
            return sum(itemgetter(*buckets)(self.cells))  # twice as fast as one by one
        return sum(self.cells[bucket] for bucket in buckets)


@dataclass(frozen=True, slots=True)
class Section:
    """One question's table: a column per label, over ``buckets`` (a power of two) hashed features."""

    buckets: int
    columns: tuple[Column, ...]

    def places(self, hashes: Sequence[int]) -> list[int]:
        """Return which buckets the hashed features fall into."""
        last = self.buckets - 1
        return [number & last for number in hashes]


class Weights:
    """The opened file: ``header`` as written, its sections by name, and its phrases."""

    def __init__(self, data: memoryview) -> None:
        if bytes(data[: len(MAGIC)]) != MAGIC:
            raise ValueError(
                "not a weights file of this judge: run `make train` or restore chalicelib/classifier"
            )
        (length,) = _LENGTH.unpack_from(data, len(MAGIC))
        start = len(MAGIC) + _LENGTH.size
        self.header: Mapping[str, Any] = json.loads(bytes(data[start : start + length]))
        self._body = data[start + length :]
        self.sections = {name: self._section(layout) for name, layout in self.header["sections"].items()}
        self.phrases = Phrases(self._body[self.header["phrases"] :])

    @classmethod
    def opened(cls, path: Path = FILE) -> Weights:
        """Map the file into memory; the pages that are used are read when they are used."""
        with path.open("rb") as file:
            return cls(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)))

    def _section(self, layout: Mapping[str, Any]) -> Section:
        buckets, offset = layout["buckets"], layout["offset"]
        columns = tuple(
            Column(
                label,
                self._body[offset + i * buckets : offset + (i + 1) * buckets].cast("b"),
                layout["scales"][i],
                layout["biases"][i],
            )
            for i, label in enumerate(layout["labels"])
        )
        return Section(buckets, columns)


def packed(header: Mapping[str, Any], sections: Mapping[str, bytes], phrases: bytes) -> bytes:
    """Return the file's bytes: equal header, sections and phrases give equal bytes."""
    layouts, offset = {}, 0
    for name, cells in sections.items():
        layouts[name] = {**header["sections"][name], "offset": offset}
        offset += len(cells)
    whole = {**header, "sections": layouts, "phrases": offset}
    text = json.dumps(whole, sort_keys=True, separators=(",", ":")).encode()
    return b"".join((MAGIC, _LENGTH.pack(len(text)), text, *sections.values(), phrases))
