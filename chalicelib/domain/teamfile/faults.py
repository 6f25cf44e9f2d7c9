"""What is wrong with a team file: where, what, and what to write instead. All of it at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.errors import Misconfigured


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One finding: ``path`` is the key path, such as ``schedules.primary.layers[2].when``."""

    path: str
    wrong: str
    write: str

    def __str__(self) -> str:
        return f"{self.path}: {self.wrong}; {self.write}"


class Faults(Misconfigured):
    """Everything that is wrong with a team file. ``faults`` is never empty."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        count = f"{len(self.faults)} fault{'s' if len(self.faults) != 1 else ''} in the team file"
        super().__init__("\n  ".join((f"{count}:", *map(str, self.faults))))
