"""How busy the machine is while it is measured, and whether a figure can be trusted because of it."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass

CALM = 0.75
"""Load per processor above which times on the clock are doubtful; counts and processor seconds are not."""


@dataclass(frozen=True, slots=True)
class Noise:
    """The machine, and its load (processes that want a processor, one minute's mean) before and after."""

    processors: int
    python: str
    before: float
    after: float

    @property
    def is_doubtful(self) -> bool:
        """Tell whether others were at work. The bench itself keeps about one processor busy."""
        return max(self.before, self.after - 1) / self.processors > CALM

    @property
    def words(self) -> str:
        """Say it."""
        told = (
            f"{self.processors} processors, Python {self.python}, load {self.before:.1f} → {self.after:.1f}"
        )
        doubt = "; BUSY: times on the clock are doubtful, ratios less so, counts not at all"
        return told + (doubt if self.is_doubtful else "")


def load() -> float:
    """Return the last minute's load."""
    return os.getloadavg()[0]


def heard(before: float) -> Noise:
    """Return the noise since a load was read."""
    return Noise(os.cpu_count() or 1, platform.python_version(), before, load())
