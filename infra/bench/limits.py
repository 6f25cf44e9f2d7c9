"""What the deployment template grants each function: its memory, its time, how many run at once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from infra.bench.prices import Run
from infra.package import MERGED


@dataclass(frozen=True, slots=True)
class Limits:
    """One function's. ``at_once`` is how many batches of its queue are worked at the same time."""

    memory_mb: int
    timeout_seconds: float
    at_once: int

    def run(self, cpu_seconds: float, calls: int) -> Run:
        """Return a run of this function that took the processor so long here and made so many calls."""
        return Run(cpu_seconds, calls, self.memory_mb)


@cache
def limits_of(function: str) -> Limits:
    """Return the limits of a function by its name in the template: ``APIHandler``, ``Intake``, ``Tick``."""
    granted: dict[str, Any] = json.loads(MERGED.read_text())["Resources"][function]["Properties"]
    sources = granted.get("Events", {}).values()
    scaling = [source["Properties"]["ScalingConfig"]["MaximumConcurrency"] for source in sources]
    return Limits(granted["MemorySize"], granted["Timeout"], max(scaling, default=1))
