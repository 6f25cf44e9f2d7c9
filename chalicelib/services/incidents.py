"""Something of ours is broken: pages people by the ladder of the account's promises until it works again.

The page steps of the ladder follow each other every ten minutes, the last repeats every hour. Pages travel as
notices, on every contact of a person, so that one broken channel hides nothing. Nothing here finds faults.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.escalation_recipients import Recipient, lead_of, recipients_of
from chalicelib.domain.polling_rows import Incident
from chalicelib.domain.team import Account, TeamFile
from chalicelib.services.notices import Notices, a_notice
from chalicelib.services.ports import Clock, Lost, Put, Store, TeamSource

STEP = "incident"
NEXT = timedelta(minutes=10)
REPEAT = timedelta(hours=1)


class Incidents:
    """Opens, escalates and closes incidents."""

    def __init__(self, store: Store, notices: Notices, teams: TeamSource, clock: Clock) -> None:
        self._store = store
        self._notices = notices
        self._teams = teams
        self._clock = clock

    def raised(
        self, key: str, words: str, account: Account, team: TeamFile, *, happened_at: datetime | None = None
    ) -> None:
        """Say that something is broken, as often as it is found so: whoever is due to hear is paged, once a rung.

        ``happened_at``: when it broke, where that is told once and may be told late: what works again since is not
        broken.
        """
        now = self._clock.now()
        if happened_at is not None and self._is_mended(key, happened_at):
            return
        incident = self._open(key, words, now)
        ladder = _ladder(account, team)
        due = _due(now - incident.opened_at, len(ladder))
        while incident.rung < due:
            targets = ladder[min(incident.rung, len(ladder) - 1)]
            for recipient in recipients_of(targets, team, self._teams.overrides, now):
                self._page(incident, recipient, team, now)
            incident = replace(incident, rung=incident.rung + 1, rev=incident.rev + 1)
            if not self._saved(incident):
                return

    def closed(self, key: str) -> None:
        """Say that it works again; closing what is not open is nothing."""
        found = self._store.get(Incident, key)
        if found is not None and found.closed_at is None:
            self._saved(replace(found, closed_at=self._clock.now(), rev=found.rev + 1))

    def _is_mended(self, key: str, happened_at: datetime) -> bool:
        found = self._store.get(Incident, key)
        return found is not None and found.closed_at is not None and found.closed_at >= happened_at

    def _open(self, key: str, words: str, now: datetime) -> Incident:
        found = self._store.get(Incident, key)
        if found is not None and found.closed_at is None:
            return found
        fresh = Incident(key, now, words, rev=(found.rev if found else 0) + 1)
        return fresh if self._saved(fresh) else self._store.get(Incident, key) or fresh

    def _page(self, incident: Incident, recipient: Recipient, team: TeamFile, now: datetime) -> None:
        person = team.people.get(recipient.person)
        if person is None:
            return
        name = f"{incident.key}:{incident.opened_at:%Y%m%dT%H%M%S}:{incident.rung}:{recipient.person}"
        since = f"since {incident.opened_at:%H:%M} UTC"
        notice = a_notice(name, now, incident.words, (since,), urgent=True)
        self._notices.tell(person, notice, step=STEP, why=recipient.reason, schedule=recipient.schedule)

    def _saved(self, incident: Incident) -> bool:
        try:
            self._store.commit(Put(incident))
        except Lost:
            return False
        return True


def token_key(account: Account) -> str:
    """Return the name of the incident that an account's token is dead."""
    return f"token:{account.platform}:{account.id}"


def _ladder(account: Account, team: TeamFile) -> list[tuple[str, ...]]:
    """Return whom each page step of the account's own ladder names: that of the promise which matches all its posts."""
    fitting = [p for p in team.policies if p.when.account in (None, account.name)]
    names = [p.escalation for p in reversed(fitting)]
    steps = team.escalation.get(names[0], ()) if names else ()
    paging = [step.page for step in steps if step.page]
    return paging or [tuple(filter(None, (lead_of(team),)))]


def _due(age: timedelta, rungs: int) -> int:
    """Return how many rungs are due: one at once, the next every ten minutes, the last again every hour."""
    climbed = min(age // NEXT, rungs - 1)
    over = age - NEXT * (rungs - 1)
    return 1 + climbed + max(over // REPEAT, 0)
