"""Dying between two effects: the power cut of every crash story.

Each fake announces an effect before it happens. Run a story once to count its effects, then once for each
number with the fuse set to it: together they die between every pair of writes.
"""

from __future__ import annotations


class Crash(BaseException):
    """The process is gone. No handler of errors may see it, so it is no ``Exception``."""


class Fuse:
    """Counts effects, and blows before the one numbered ``before`` (from 0); never when that is None."""

    def __init__(self, before: int | None = None) -> None:
        self.before = before
        self.effects: list[str] = []

    def effect(self, name: str) -> None:
        """Announce an effect about to happen. Raises: Crash when its turn has come, once."""
        if self.before == len(self.effects):
            self.before = None
            raise Crash(name)
        self.effects.append(name)
