"""A teacher's opinions, kept without the texts: a hash of each text and one byte per label.

With this file the small model can be trained again, byte for byte, without the teacher.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from infra.train.examples import KINDS, TOPICS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FILE: Final = Path(__file__).with_name("soft_labels.bin")
HEADS: Final[dict[str, tuple[str, ...]]] = {
    "needs": ("no", "yes"),
    "kind": KINDS,
    "sentiment": ("negative", "neutral", "positive"),
    "urgency": ("0", "1", "2"),
    "topic": tuple(TOPICS.values()),
}
KEY: Final = 8
WIDTH: Final = sum(len(labels) for labels in HEADS.values())

Opinion = dict[str, list[float]]


def key_of(text: str) -> bytes:
    """Return the text's key; the text cannot be read back from it."""
    return hashlib.sha256(text.casefold().encode("utf-8", "surrogatepass")).digest()[:KEY]


def write(path: Path, texts: Sequence[str], opinions: Iterable[Mapping[str, Sequence[float]]]) -> None:
    """Write one record per distinct text, sorted by key, so that equal opinions give equal bytes."""
    packed = {key_of(text): _packed(opinion) for text, opinion in zip(texts, opinions, strict=True)}
    path.write_bytes(b"".join(key + packed[key] for key in sorted(packed)))


def read(path: Path = FILE) -> dict[bytes, Opinion]:
    """Return the opinions by key; none if the file is absent."""
    if not path.exists():
        return {}
    data, step = path.read_bytes(), KEY + WIDTH
    return {data[i : i + KEY]: _unpacked(data[i + KEY : i + step]) for i in range(0, len(data), step)}


def _packed(opinion: Mapping[str, Sequence[float]]) -> bytes:
    return bytes(round(share * 255) for head in HEADS for share in opinion[head])


def _unpacked(record: bytes) -> Opinion:
    opinion, at = {}, 0
    for head, labels in HEADS.items():
        shares = record[at : at + len(labels)]
        opinion[head] = [share / (sum(shares) or 1) for share in shares]
        at += len(labels)
    return opinion
