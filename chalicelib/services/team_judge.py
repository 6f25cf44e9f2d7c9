"""Judges by the team's own rules as they are now: a pushed team file changes the very next judgement."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chalicelib.domain.judgement import Context, Judgement
from chalicelib.domain.team import Rule
from chalicelib.services.ports import Judge, TeamSource


class TeamJudge:
    """A ``Judge`` that is made anew whenever the version in force changes."""

    def __init__(self, teams: TeamSource, make: Callable[[Sequence[Rule]], Judge]) -> None:
        self._teams = teams
        self._make = make
        self._made: tuple[str, Judge] | None = None

    def classify(self, text: str | None, context: Context) -> Judgement:
        team = self._teams.current()
        if self._made is None or self._made[0] != team.version:
            self._made = team.version, self._make(team.rules)
        return self._made[1].classify(text, context)
