"""Takes in one queued delivery: each of its updates alone, so that none blocks or repeats its neighbours.

What cannot be taken in goes to quarantine and is counted. What failed for the moment goes back to the queue by
itself. What a post means to its conversation is not known here (``intake_posts``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from chalicelib.domain.personal_data import mask
from chalicelib.domain.posts import Disconnection, Post, Receipt
from chalicelib.domain.team import TeamFile
from chalicelib.errors import NotFound, Transient
from chalicelib.services.hearing import Hearing
from chalicelib.services.incidents import Incidents, token_key
from chalicelib.services.intake_posts import Posts
from chalicelib.services.platform_port import Own, Platform, UnreadableBody, Update
from chalicelib.services.ports import Inbound, Meter, Queue, TeamSource
from chalicelib.services.quarantine import Quarantine

LATER = timedelta(seconds=30)
"""How long an update that failed for the moment waits on the queue."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """One delivery at work: the message, who reads it, and whose words are ours."""

    inbound: Inbound
    platform: Platform
    team: TeamFile
    own: Own


class Intake:
    """Takes in deliveries."""

    def __init__(
        self,
        *,
        platforms: Callable[[str], Platform],
        teams: TeamSource,
        posts: Posts,
        quarantine: Quarantine,
        hearing: Hearing,
        incidents: Incidents,
        inbound: Queue,
        meter: Meter,
    ) -> None:
        self._platforms = platforms
        self._teams = teams
        self._posts = posts
        self._quarantine = quarantine
        self._hearing = hearing
        self._incidents = incidents
        self._inbound = inbound
        self._meter = meter

    def take_in(self, inbound: Inbound) -> None:
        """Take in every update of a delivery. Raises: Transient when the message must come back as it is."""
        self._meter.count("Deliveries", platform=inbound.platform)
        try:
            team = self._teams.current()
        except NotFound as unset:  # genuine, and nobody has said yet whose it is
            self._quarantine.keep(inbound, inbound.body, path="", why=str(unset))
            return
        own = own_of(team, inbound.platform, inbound.app)
        delivered = Delivered(inbound, self._platforms(inbound.platform), team, own)
        try:
            updates = delivered.platform.updates(inbound.body)
        except UnreadableBody as fault:
            self._quarantine.keep(inbound, inbound.body, path="", why=str(fault))
            return
        failed = [(update, why) for update in updates if (why := self._failure(update, delivered))]
        self._requeue(inbound, updates, failed)

    def _failure(self, update: Update, delivered: Delivered) -> Transient | None:
        """Take in one update; return why it must be tried again, if it must."""
        try:
            self._take(update, delivered)
        except Transient as later:
            return later
        except Exception as fault:  # noqa: BLE001 - the edge of one update: a bug in it must not cost its neighbours
            return self._keep(update, delivered, mask(f"{type(fault).__name__}: {fault}"))
        return None

    def _take(self, update: Update, delivered: Delivered) -> None:
        """Take in one update, or keep it in quarantine. Raises: Transient, and whatever a bug raises."""
        if update.is_foreign(delivered.own):
            self._reject(update, delivered, _unbound(update.account_id, delivered.inbound))
            return
        reading = delivered.platform.read(update, delivered.own, delivered.inbound.received_at)
        for unreadable in reading.unreadable:
            self._reject(update, delivered, unreadable.why)
        if reading.ignored:
            self._meter.count("Ignored", len(reading.ignored), platform=delivered.inbound.platform)
        for lost in reading.disconnections:
            self._take_loss(lost, update, delivered)
        news: tuple[Post | Receipt, ...] = (*reading.posts, *reading.receipts)
        for said in news:
            self._take_said(said, update, delivered)

    def _take_loss(self, lost: Disconnection, update: Update, delivered: Delivered) -> None:
        """Tell whoever is on call that an account's access is gone, once: only a person can connect it again."""
        inbound, team = delivered.inbound, delivered.team
        account = team.account_for(inbound.platform, inbound.app, lost.account)
        if account is None:
            self._reject(update, delivered, _unbound(lost.account, inbound))
            return
        words = f"{account.name}: our access to {account.platform} was taken away: connect the account again"
        self._incidents.raised(token_key(account), words, account, team, happened_at=lost.at)
        self._meter.count("Disconnections", platform=inbound.platform)

    def _take_said(self, said: Post | Receipt, update: Update, delivered: Delivered) -> None:
        inbound = delivered.inbound
        account = delivered.team.account_for(inbound.platform, inbound.app, said.account)
        if account is None:
            self._reject(update, delivered, _unbound(said.account, inbound))
            return
        if isinstance(said, Post):
            new = self._posts.take(replace(said, history=inbound.history), account, inbound.received_at)
            if new and not inbound.history:
                self._hearing.note(said, account, inbound)
        else:
            new = self._posts.take_receipt(said, account, inbound.received_at)
        self._meter.count("Posts" if new else "Duplicates", platform=inbound.platform)

    def _keep(self, update: Update, delivered: Delivered, why: str) -> Transient | None:
        try:
            self._reject(update, delivered, why)
        except Transient as later:
            return later
        return None

    def _reject(self, update: Update, delivered: Delivered, why: str) -> None:
        self._quarantine.keep(delivered.inbound, _body(update), path=update.path, why=why)

    def _requeue(
        self, inbound: Inbound, updates: Sequence[Update], failed: Sequence[tuple[Update, Transient]]
    ) -> None:
        """Send each failed update back alone; a delivery of one comes back as it is, and counts its receipts."""
        if failed and len(updates) == 1:
            raise failed[0][1]
        for update, _ in failed:
            self._inbound.send(replace(inbound, body=_body(update)), delay=LATER)
        if failed:
            self._meter.count("Requeued", len(failed), platform=inbound.platform)


def own_of(team: TeamFile, platform: str, app: str) -> Own:
    """Return which ids are the brand's own, of the accounts bound to this app."""
    bound = [a for a in team.accounts.values() if (a.platform, a.app) == (platform, app)]
    handles = frozenset(a.handle for a in bound if a.handle)
    return Own(platform, app, frozenset(a.id for a in bound), handles)


def _unbound(account: str | None, inbound: Inbound) -> str:
    return (
        f"account {account} is not bound to app {inbound.app}: "
        f'if it is ours, add it to the team file as [accounts.<name>] with app = "{inbound.app}"'
    )


def _body(update: Update) -> bytes:
    return json.dumps(update.payload).encode()
