"""Something of ours is broken: pages people by the ladder of the account's promises until it works again.

The page steps of the ladder follow each other every ten minutes, the last repeats after an hour, after two more, then
every four. Somebody who holds an incident keeps it quiet for a while. Pages travel as notices, on every contact of a
person, so that one broken channel hides nothing. Nothing here finds faults.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.escalation_recipients import Recipient, lead_of, recipients_of
from chalicelib.domain.polling_rows import Incident
from chalicelib.domain.team import Account, TeamFile
from chalicelib.errors import Conflict, NotFound
from chalicelib.services.notices import Notices, a_notice
from chalicelib.services.ports import Clock, Lost, Put, Store, TeamSource

STEP = "incident"
NEXT = timedelta(minutes=10)
REPEATS = (timedelta(hours=1), timedelta(hours=2), timedelta(hours=4))
"""How long the last step waits before it repeats, each time; the last of them from then on."""

HOLD = timedelta(hours=4)
LONGEST_HOLD = timedelta(hours=24)


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
        due = _due(now - (incident.held_until or incident.opened_at), len(ladder))
        if incident.rung >= due:
            return
        rungs = [ladder[min(rung, len(ladder) - 1)] for rung in range(incident.rung, due)]
        told = replace(incident, rung=due, rev=incident.rev + 1)  # what is due together is told once
        targets = dict.fromkeys(target for rung in rungs for target in rung)
        for recipient in recipients_of(targets, team, self._teams.overrides, now):
            self._page(told, recipient, team, now)
        self._saved(told)

    def held(self, key: str, by: str, now: datetime, *, length: timedelta = HOLD) -> Incident:
        """Let somebody have it: nobody is paged for so long; then the ladder begins anew, unless it works again.

        Raises: NotFound when nothing of this name is broken, Conflict naming who has it, or that it is too long.
        """
        if not timedelta(0) < length <= LONGEST_HOLD:
            raise Conflict("an incident is held for at most 24 hours: hold it again then")
        found = self._store.get(Incident, key)
        if found is None or found.closed_at is not None:
            raise NotFound(f"no incident called {key} is open")
        if found.held_by not in (None, by) and found.held_until is not None and found.held_until > now:
            raise Conflict(f"{found.held_by} has it until {found.held_until:%H:%M} UTC", holder=found.held_by)
        mine = replace(
            found, held_by=by, held_until=now + length, holds=found.holds + 1, rung=0, rev=found.rev + 1
        )
        if not self._saved(mine):
            raise Conflict("it has just changed: look again")
        return mine

    def open(self, keys: Iterable[str]) -> list[Incident]:
        """Return those of these that are not mended."""
        found = (self._store.get(Incident, key) for key in keys)
        return [incident for incident in found if incident is not None and incident.closed_at is None]

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
        if found is not None and now - found.opened_at < NEXT:  # it flickers: people have just been told
            again = replace(found, closed_at=None, rev=found.rev + 1)
            return again if self._saved(again) else self._store.get(Incident, key) or again
        fresh = Incident(key, now, words, rev=(found.rev if found else 0) + 1)
        return fresh if self._saved(fresh) else self._store.get(Incident, key) or fresh

    def _page(self, incident: Incident, recipient: Recipient, team: TeamFile, now: datetime) -> None:
        person = team.people.get(recipient.person)
        if person is None:
            return
        begun = incident.held_until or incident.opened_at
        name = f"{incident.key}:{begun:%Y%m%dT%H%M%S}:{incident.rung}:{recipient.person}"
        since = f"since {incident.opened_at:%H:%M} UTC"
        hold = f"You are at it? python -m infra incidents hold {incident.key}"
        notice = a_notice(name, now, incident.words, (since, hold), urgent=True)
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
    """Return how many rungs are due: one at once, the next every ten minutes, the last again and again, ever slower."""
    if age < timedelta(0):  # somebody has it
        return 0
    climbed = min(age // NEXT, rungs - 1)
    over, repeats = age - NEXT * (rungs - 1), 0
    while over >= (gap := REPEATS[min(repeats, len(REPEATS) - 1)]):
        over, repeats = over - gap, repeats + 1
    return 1 + climbed + repeats
