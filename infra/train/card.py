"""Puts a run's figures into the model card, between two marks; the words round them stay as people wrote them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from infra.train.report import TABLE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from infra.train.report import Row

FROM: Final = "<!-- figures: written by `python -m infra.train`, not by hand -->"
TO: Final = "<!-- end of figures -->"


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a Markdown table."""
    return "\n".join("| " + " | ".join(row) + " |" for row in (TABLE, ("---",) * len(TABLE), *rows))


def put_in(card: Path, rows: Iterable[Row]) -> None:
    """Replace the card's figures. Raises: ValueError when it has no marks."""
    text = card.read_text(encoding="utf-8")
    before, mark, rest = text.partition(FROM)
    _, end, after = rest.partition(TO)
    if not (mark and end):
        raise ValueError(f"{card} has no place for figures: put {FROM!r} and {TO!r} round it")
    card.write_text(f"{before}{FROM}\n\n{table(rows)}\n\n{TO}{after}", encoding="utf-8")
