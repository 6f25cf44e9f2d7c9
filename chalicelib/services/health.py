"""Asks every night whether our access to each account is sound, until when, and what its webhook is told of.

What can be renewed the platform's examiner renews; what only a person can mend is told to one, days ahead where it
can be foreseen and as an incident where it is too late. Nothing here knows a platform by name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from chalicelib.domain.escalation_recipients import lead_of
from chalicelib.domain.polling_rows import Cursor
from chalicelib.domain.team import Account, TeamFile
from chalicelib.errors import NightdeskError, Transient
from chalicelib.services.cursors import Cursors
from chalicelib.services.incidents import Incidents, token_key
from chalicelib.services.notices import Notices, a_notice
from chalicelib.services.polling import account_of
from chalicelib.services.ports import Clock, Meter, Store, Sweep, TeamSource
from chalicelib.services.reply_faults import TokenDead, TokenMissing
from chalicelib.services.sweep_port import HEALTH, Checkup, Examiner

NIGHTLY = time(3, 0, tzinfo=UTC)
AGAIN = timedelta(minutes=10)
DAYS = (1, 3, 7, 14)
"""So many days before a token dies somebody is told, once each; the last day it wakes them."""


class Health:
    """Checks accounts."""

    def __init__(
        self,
        *,
        store: Store,
        teams: TeamSource,
        clock: Clock,
        meter: Meter,
        examiner: Callable[[str], Examiner],
        examined: Collection[str],
        incidents: Incidents,
        notices: Notices,
    ) -> None:
        self._teams = teams
        self._clock = clock
        self._meter = meter
        self._examiner = examiner
        self._examined = examined
        self._incidents = incidents
        self._notices = notices
        self._cursors = Cursors(store, clock)

    def checks(self) -> list[Sweep]:
        """Return one message for each account that can be checked; who is not due does nothing."""
        accounts = self._teams.current().accounts.values()
        return [Sweep(a.platform, a.id, HEALTH) for a in accounts if a.platform in self._examined]

    def check(self, asked: Sweep) -> None:
        """Check one account, if it is due. Raises: NotFound when the team file has it no more."""
        team = self._teams.current()
        account = account_of(team, asked)
        cursor = self._cursors.lease(asked.platform, asked.account, HEALTH)
        if cursor is None:
            return
        try:
            found = self._examiner(account.platform).check(account.app, account.id)
        except NightdeskError as fault:
            self._cursors.release(self._failed(cursor, fault, account, team))
        else:
            self._cursors.release(self._told(cursor, found, account, team))

    def _failed(self, cursor: Cursor, fault: NightdeskError, account: Account, team: TeamFile) -> Cursor:
        now = self._clock.now()
        missing = isinstance(fault, TokenMissing)
        if not missing and not isinstance(fault, Transient):
            key = token_key(account) if isinstance(fault, TokenDead) else access_key(account)
            self._incidents.raised(key, f"{account.name}: {fault}", account, team)
        again = _next_night(now) if missing else now + AGAIN
        return replace(cursor, fault=str(fault), fault_at=cursor.fault_at or now, not_before=again)

    def _told(self, cursor: Cursor, found: Checkup, account: Account, team: TeamFile) -> Cursor:
        now = self._clock.now()
        self._meter.count("SubscriptionsRenewed", len(found.mended), platform=account.platform)
        self._incidents.closed(token_key(account))
        if found.troubles:
            words = f"{account.name}: {'; '.join(found.troubles)}"
            self._incidents.raised(access_key(account), words, account, team)
        else:
            self._incidents.closed(access_key(account))
        self._announce(found.expires_at, account, team, now)
        sound = replace(
            cursor,
            fault=None,
            fault_at=None,
            swept_at=now,
            expires_token_at=found.expires_at,
            notes=found.notes,
        )
        again = min(_next_night(now), found.again_at or _next_night(now))
        if found.troubles:
            return replace(sound, fault="; ".join(found.troubles), fault_at=now, not_before=now + AGAIN)
        return replace(sound, not_before=again)

    def _announce(self, ends: datetime | None, account: Account, team: TeamFile, now: datetime) -> None:
        """Tell the lead how long a token has left, once for each of ``DAYS``."""
        lead = team.people.get(lead_of(team) or "")
        near = next((days for days in DAYS if ends is not None and ends - now <= timedelta(days=days)), None)
        if lead is None or ends is None or near is None:
            return
        words = (
            f"{account.name}: the {account.platform} access token dies on {ends:%a %d %b %H:%M} UTC: renew it"
        )
        name = f"{token_key(account)}:{ends:%Y%m%d}:{near}"
        notice = a_notice(name, now, words, urgent=near == DAYS[0])
        self._notices.tell(lead, notice, step=HEALTH, why="tokens are checked every night")


def access_key(account: Account) -> str:
    """Return the name of the incident that our access to an account lacks something."""
    return f"access:{account.platform}:{account.id}"


def _next_night(now: datetime) -> datetime:
    tonight = datetime.combine(now.astimezone(UTC).date(), NIGHTLY)
    return tonight if tonight > now else tonight + timedelta(days=1)
