"""Looks for what no webhook told: compares what a platform shows with what the table holds, and has the rest taken in.

What is found goes to the inbound queue as the delivery that never came, so that it is deduplicated, judged and
promised like any other; only what stood there before an account was first met is history, and owes nothing. Nothing
is taken in here, and no platform is known by name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.items import StoredPost
from chalicelib.domain.polling_rows import Cursor
from chalicelib.domain.team import Account, TeamFile
from chalicelib.errors import NightdeskError, NotFound, Permanent, Transient
from chalicelib.services.cursors import Cursors
from chalicelib.services.incidents import Incidents, token_key
from chalicelib.services.ports import Clock, Fetch, Inbound, Meter, Queue, Store, Sweep, TeamSource
from chalicelib.services.reply_faults import TokenDead, TokenMissing
from chalicelib.services.sweep_port import Found, Seen, Sweeper, Target

OVERLAP = timedelta(minutes=15)
"""How far behind the cursor a sweep looks again: platforms index late."""

GRACE = timedelta(minutes=2)
"""How long a webhook may still be under way: what is younger is left to it, and to the next sweep."""

CALLS = 10
"""How many calls one run makes; a longer sweep goes on in the next."""

HOURLY = 100
"""How many calls an hour one stream may make: platforms count them, and answering needs some too."""

BUDGET_SPENT = "SweepBudgetSpent"
"""Counted at every look that the hour's budget cut short; an alarm listens, so it has no dimensions."""

AGAIN = timedelta(minutes=5)
HOPELESS = timedelta(hours=1)
"""For how long a platform may fail in passing before a person hears of it."""

MANY = 100


@dataclass(slots=True)
class Sources:
    """Who reads a platform, and what there is to read of it."""

    sweeper: Callable[[str], Sweeper]
    streams: Callable[[str], Sequence[str]]


class Polling:
    """Sweeps accounts."""

    def __init__(
        self,
        *,
        store: Store,
        teams: TeamSource,
        clock: Clock,
        meter: Meter,
        inbound: Queue,
        sources: Sources,
        incidents: Incidents,
    ) -> None:
        self._store = store
        self._teams = teams
        self._clock = clock
        self._meter = meter
        self._inbound = inbound
        self._sources = sources
        self._incidents = incidents
        self._cursors = Cursors(store, clock)

    def sweeps(self) -> list[Sweep]:
        """Return one message for each stream of each account of the team file."""
        accounts = self._teams.current().accounts.values()
        return [
            Sweep(a.platform, a.id, stream) for a in accounts for stream in self._sources.streams(a.platform)
        ]

    def sweep(self, asked: Sweep) -> None:
        """Sweep one stream, as far as budget and platform allow; nothing while another is at it. Raises: NotFound."""
        team = self._teams.current()
        account = account_of(team, asked)
        cursor = self._cursors.lease(asked.platform, asked.account, asked.stream, importing=True)
        if cursor is None:
            return
        walk = Walk(_met(_begun(cursor, self._clock.now()), self._clock.now()))
        try:
            self._walk(walk, account)
        except NightdeskError as fault:
            self._failed(walk, account, team, fault)
        else:
            self._mended(walk, account)
        self._cursors.release(walk.cursor)

    def _walk(self, walk: Walk, account: Account) -> None:
        """Take steps until none is left or the budget is spent. Raises: Transient, Permanent."""
        cursor = walk.cursor
        back = account.backfill_horizon if cursor.importing else OVERLAP
        since = cursor.since_at or cursor.reached_at - back
        target = Target(account.platform, account.app, account.id, cursor.stream, self._threads(account))
        sweeper = self._sources.sweeper(account.platform)
        walk.start(since, cursor.pending or sweeper.begin(target, since))
        for _ in range(min(CALLS, HOURLY - cursor.spent)):
            if not walk.cursor.pending:
                break
            seen = self._taken(sweeper, target, walk.cursor.pending[0], since)
            walk.step(seen, self._take_in(seen.found, account, cursor))
        if not walk.cursor.pending:
            walk.end(self._clock.now())
        elif walk.cursor.spent >= HOURLY and not cursor.importing:
            self._meter.count(BUDGET_SPENT)

    def _taken(self, sweeper: Sweeper, target: Target, step: str, since: datetime) -> Seen:
        try:
            return sweeper.take(target, step, since)
        except NotFound:  # a thread that is gone: nothing in it can be missed
            return Seen()

    def _take_in(self, found: Sequence[Found], account: Account, cursor: Cursor) -> int:
        """Queue what the table does not hold, and return how many of it webhooks missed. Raises: Transient."""
        now = self._clock.now()
        unknown = [one for one in found if one.at <= now - GRACE and not self._is_known(one, account)]
        if not unknown:
            return 0
        past = [cursor.importing and one.at <= cursor.reached_at for one in unknown]
        self._inbound.send(
            *(
                Inbound(account.platform, account.app, now, one.body, swept=True, history=history)
                for one, history in zip(unknown, past, strict=True)
            )
        )
        self._count(account, Imported=sum(past), Swept=len(past) - sum(past))
        return len(past) - sum(past)

    def _count(self, account: Account, **counts: int) -> None:
        for name, count in counts.items():
            if count:
                self._meter.count(name, count, platform=account.platform, account=account.name)

    def _is_known(self, one: Found, account: Account) -> bool:
        return self._store.get(StoredPost, account.platform, account.id, one.external_id) is not None

    def _threads(self, account: Account) -> tuple[str, ...]:
        """Return the threads of the account in which somebody waits, the most pressing first."""
        names = (name for name, _ in self._store.open_work(account.team))
        waiting = (self._store.get(Conversation, name) for name in names)
        own = [
            c.thread_id for c in waiting if c and (c.platform, c.account) == (account.platform, account.id)
        ]
        return tuple(dict.fromkeys(own))[:MANY]

    def _failed(self, walk: Walk, account: Account, team: TeamFile, fault: NightdeskError) -> None:
        """Keep what was done, come back later, and tell a person where none but a person can mend it."""
        now = self._clock.now()
        wait = fault.retry_after if isinstance(fault, Transient) else None
        walk.failed(str(fault), now, wait or AGAIN)
        self._meter.count("SweepsFailed", platform=account.platform, account=account.name)
        if isinstance(fault, TokenMissing):  # nobody set it up: the doctor's business, not the night's
            walk.unmet()
            return
        since = walk.cursor.fault_at or now
        if isinstance(fault, Permanent) or since <= now - HOPELESS:
            key = token_key(account) if isinstance(fault, TokenDead) else sweep_key(walk.cursor)
            self._incidents.raised(key, f"{account.name}: {fault}", account, team)

    def _mended(self, walk: Walk, account: Account) -> None:
        if walk.cursor.fault is not None:
            self._incidents.closed(token_key(account))
            self._incidents.closed(sweep_key(walk.cursor))
            walk.cursor = replace(walk.cursor, fault=None, fault_at=None)


@dataclass(slots=True)
class Walk:
    """A sweep under way: its cursor as it will be kept, whatever ends the run."""

    cursor: Cursor

    def start(self, since: datetime, pending: tuple[str, ...]) -> None:
        """Remember from where on, so that a sweep of several runs keeps its beginning."""
        self.cursor = replace(self.cursor, since_at=since, pending=pending)

    def step(self, seen: Seen, taken_in: int) -> None:
        """Note one step made; what it found is with intake already."""
        cursor = self.cursor
        newest = max((one.at for one in seen.found), default=cursor.newest_at)
        later = newest if cursor.newest_at is None or newest is None else max(newest, cursor.newest_at)
        left = (*cursor.pending[1:], *seen.more)
        self.cursor = replace(
            cursor, pending=left, newest_at=later, found=cursor.found + taken_in, spent=cursor.spent + 1
        )

    def end(self, now: datetime) -> None:
        """Advance to the newest seen: never to the present, since platforms index late."""
        cursor = self.cursor
        reached = max(cursor.reached_at, min(cursor.newest_at or cursor.reached_at, now))
        at_rest = replace(cursor, since_at=None, newest_at=None, importing=False)
        self.cursor = replace(at_rest, reached_at=reached, swept_at=now)

    def unmet(self) -> None:
        """Forget the steps of an import that could not take its first: the account has not been met yet."""
        if self.cursor.importing and self.cursor.newest_at is None:
            self.cursor = replace(self.cursor, since_at=None, pending=())

    def failed(self, why: str, now: datetime, wait: timedelta) -> None:
        """Note why it stopped, and when to come back."""
        since = self.cursor.fault_at or now
        self.cursor = replace(self.cursor, fault=why, fault_at=since, not_before=now + wait)


def _begun(cursor: Cursor, now: datetime) -> Cursor:
    """Return the cursor with the budget of this hour."""
    if cursor.spent_at is not None and now < cursor.spent_at + timedelta(hours=1):
        return cursor
    return replace(cursor, spent=0, spent_at=now)


def _met(cursor: Cursor, now: datetime) -> Cursor:
    """Return the cursor of an import that begins: its account is met now, and all before is its past."""
    begins = cursor.importing and not cursor.pending and cursor.newest_at is None
    return replace(cursor, reached_at=now) if begins else cursor


def account_of(team: TeamFile, asked: Sweep | Fetch) -> Account:
    """Return the account a message speaks of. Raises: NotFound when the team file has it no more."""
    named = (a for a in team.accounts.values() if (a.platform, a.id) == (asked.platform, asked.account))
    found = next(named, None)
    if found is None:
        raise NotFound(f"{asked.platform} account {asked.account} is no longer in the team file")
    return found


def sweep_key(cursor: Cursor) -> str:
    """Return the name of the incident that a stream cannot be swept."""
    return f"sweep:{cursor.platform}:{cursor.account}:{cursor.stream}"
