"""What the bench hands out: figures with their unit, their aim and their spread, in sections. It measures nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

LOW, HIGH = 0.1, 0.9
"""The spread of a figure is told as its tenth and ninetieth percentile."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. ``aim`` is the most it may be; ``spread`` are its tenth and ninetieth percentile."""

    name: str
    value: float
    unit: str = ""
    aim: float | None = None
    spread: tuple[float, float] | None = None
    detail: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_met(self) -> bool | None:
        """Tell whether the aim is met; None where there is none."""
        return None if self.aim is None else self.value <= self.aim


@dataclass(frozen=True, slots=True)
class Section:
    """Figures that belong together, and what must be known to read them."""

    key: str
    title: str
    figures: tuple[Figure, ...]
    note: str = ""


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which ``share`` of all lie, interpolated between neighbours."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def measured(name: str, values: Sequence[float], unit: str, *, scale: float = 1.0) -> Figure:
    """Return the median of many measurements, with its spread. ``scale`` converts them to ``unit``."""
    scaled = [value * scale for value in values]
    spread = quantile(scaled, LOW), quantile(scaled, HIGH)
    return Figure(name, median(scaled), unit, spread=spread, detail={"times": len(scaled)})


def ratio(name: str, ours: Sequence[float], bare: Sequence[float], aim: float | None = None) -> Figure:
    """Return the ratio of two medians. The spread is that of the ratios of neighbours, measured in turn."""
    pairs = [one / other for one, other in zip(ours, bare, strict=True)]
    spread = quantile(pairs, LOW), quantile(pairs, HIGH)
    return Figure(name, median(ours) / median(bare), "x", aim, spread)
