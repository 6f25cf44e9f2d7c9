"""A team's own posts, corrected by its people: what `python -m infra judge export` wrote, weighted.

Each line teaches only what somebody said of it: that an answer was needed, the kind, the urgency. The words are
masked, as the table keeps them. A line may also be written by hand as in ``posts/*.txt``.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from infra.train.examples import NEEDING, Example, own_post

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOURCE: Final = "corrections"
WEIGHT: Final = 2.0
"""What a team's own post counts for beside one of ours: it is written to the very brand that is judged."""


def read(path: Path | None, weight: float = WEIGHT) -> list[Example]:
    """Return the examples of an export, each of this weight. Raises: ValueError naming the line."""
    if path is None:
        return []
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    return [example for number, line in lines if line.strip() for example in _read(line, number, weight)]


def _read(line: str, number: int, weight: float) -> Iterator[Example]:
    if not line.lstrip().startswith("{"):
        yield replace(own_post(line, SOURCE, number), source=SOURCE, weight=weight)
        return
    label = json.loads(line)
    if not isinstance(label.get("text"), str):
        raise ValueError(f"{SOURCE}, line {number}: a labelled post has a text")  # noqa: TRY004 - a line's fault
    example = Example(
        text=label["text"],
        source=SOURCE,
        group=f"{SOURCE}:{number}",
        needs=_needs(label),
        kind=_kind(label),
        urgency=label.get("urgency"),
        weight=weight,
    )
    if any(known is not None for known in (example.needs, example.kind, example.urgency)):
        yield example


def _needs(label: dict[str, Any]) -> float | None:
    told = label.get("needs_response")
    return None if told is None else float(told)


def _kind(label: dict[str, Any]) -> str | None:
    """Return the kind a person named, or else the judge's where a person's yes or no agrees with it."""
    if label.get("kind"):
        return str(label["kind"])
    told, said = label.get("needs_response"), (label.get("said") or {}).get("kind")
    agrees = told is not None and said not in (None, "unknown") and (said in NEEDING) is told
    return str(said) if agrees else None
