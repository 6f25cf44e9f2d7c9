"""Tells a platform gone silent from a quiet hour: by its own usual rate for that hour, and by what sweeps find.

A webhook is silent when it told of nothing in a whole hour in which it usually tells of several posts, or in which
a sweep found several that it should have told of. Webhooks die without a word; this is the word.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.domain.team import Account
from chalicelib.services.hearing import HOUR, Hearing
from chalicelib.services.incidents import Incidents
from chalicelib.services.ports import Clock, TeamSource

WEEKS = 4
USUAL = 5
"""At so many marks in the same hour of most weeks, none at all is chance once in 150 hours, or rarer."""

PROVEN = 3
"""So many posts that only a sweep told of, and none by webhook, need no comparing."""


class Silence:
    """Looks after every account."""

    def __init__(self, hearing: Hearing, incidents: Incidents, teams: TeamSource, clock: Clock) -> None:
        self._hearing = hearing
        self._incidents = incidents
        self._teams = teams
        self._clock = clock

    def run(self) -> None:
        """Raise an incident for each account gone silent, and close those of accounts that speak again."""
        team, now = self._teams.current(), self._clock.now()
        for account in team.accounts.values():
            if self._told(account, now):
                self._incidents.closed(silence_key(account))
            elif why := self._why(account, now):
                words = f"{account.name}: the {account.platform} webhook is silent, {why}"
                self._incidents.raised(silence_key(account), words, account, team)

    def _told(self, account: Account, now: datetime) -> int:
        """Return what webhooks told of in this hour and the one before."""
        return self._hearing.told(account, now) + self._hearing.told(account, now - HOUR)

    def _why(self, account: Account, now: datetime) -> str | None:
        missed = self._hearing.missed(account, now) + self._hearing.missed(account, now - HOUR)
        if missed >= PROVEN:
            return f"{missed} posts were found by looking"
        usual = self._usual(account, now - HOUR)
        return f"which usually tells of {usual} posts or more in this hour" if usual >= USUAL else None

    def _usual(self, account: Account, at: datetime) -> int:
        """Return the median of the same hour of the last weeks; a week without a word counts as none."""
        weeks = sorted(self._hearing.told(account, at - timedelta(weeks=n)) for n in range(1, WEEKS + 1))
        return (weeks[WEEKS // 2 - 1] + weeks[WEEKS // 2]) // 2


def silence_key(account: Account) -> str:
    """Return the name of the incident that an account's webhook is silent."""
    return f"silent:{account.platform}:{account.id}"
