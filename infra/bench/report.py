"""Renders what was measured: a table for people, 80 columns wide, and JSON for programs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from infra.bench.figures import Figure, Section
from infra.bench.noise import Noise

WIDTH = 80
NAME = 42
DIGITS = 3


def as_table(sections: Sequence[Section], noise: Noise) -> str:
    """Return the whole report as text."""
    return "\n".join(
        [*wrapped(noise.words, ""), *(line for section in sections for line in _section(section))]
    )


def as_json(sections: Sequence[Section], noise: Noise) -> dict[str, Any]:
    """Return the whole report as JSON: sections by key, figures by name."""
    machine = {
        "processors": noise.processors,
        "python": noise.python,
        "load": [noise.before, noise.after],
        "doubtful": noise.is_doubtful,
    }
    return {"machine": machine, "sections": {section.key: _plain(section) for section in sections}}


def _section(section: Section) -> Iterator[str]:
    yield ""
    yield section.title
    yield "-" * len(section.title)
    for figure in section.figures:
        yield row(figure)
    yield from wrapped(section.note, "  ")


def row(figure: Figure) -> str:
    """Return one line: name, value, spread, aim."""
    value = f"{number(figure.value)}{' ' if figure.unit else ''}{figure.unit}"
    spread = "" if figure.spread is None else f"{number(figure.spread[0])}..{number(figure.spread[1])}"
    return f"{figure.name:<{NAME}.{NAME}} {value:>12} {spread:>12} {_aim(figure)}".rstrip()


def _aim(figure: Figure) -> str:
    if figure.aim is None:
        return ""
    return f"≤ {number(figure.aim)} {'ok' if figure.is_met else 'OVER'}"


def number(value: float) -> str:
    """Return a figure with three digits that matter, whole numbers whole."""
    if value == int(value):
        return f"{int(value)}"
    return f"{value:.0f}" if abs(value) >= 10**DIGITS else f"{value:.{DIGITS}g}"


def wrapped(text: str, indent: str) -> list[str]:
    """Return a paragraph's lines."""
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)


def _plain(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "figures": {figure.name: _figure(figure) for figure in section.figures},
        "note": section.note,
    }


def _figure(figure: Figure) -> dict[str, Any]:
    told: dict[str, Any] = {"value": round(figure.value, 6), "unit": figure.unit}
    if figure.spread is not None:
        told["p10"], told["p90"] = (round(edge, 6) for edge in figure.spread)
    if figure.aim is not None:
        told |= {"aim": figure.aim, "met": figure.is_met}
    return told | dict(figure.detail)
