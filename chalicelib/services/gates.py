"""Lets a page pass its person's gate, or has it join the digest that leaves when the gate opens.

Returns writes for the caller's own transaction, so that passing and being leased are one. It sends nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain import digest as flood
from chalicelib.domain.items import Card, Page
from chalicelib.domain.pager_rows import Digest, DigestMember, Gate
from chalicelib.domain.team import Channel, TeamFile
from chalicelib.services.ports import Check, Put, Store, Write


@dataclass(frozen=True, slots=True)
class Passage:
    """What the gate says: ``leaves`` now, or gathered by ``digest``; ``writes`` go with it either way."""

    writes: tuple[Write, ...] = ()
    digest: Digest | None = None

    @property
    def leaves(self) -> bool:
        """Tell whether the page may be sent at once."""
        return self.digest is None


class Gates:
    """One gate per person and channel."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def passage(self, page: Page, team: TeamFile, now: datetime) -> Passage:
        """Say whether a page may leave now. One that is tried again already has its place, and passes."""
        if page.attempts:
            return Passage()
        return self._through(page, page.person, page.channel, flood.flow_of(page.channel, team), now)

    def showing(self, card: Card, now: datetime) -> Passage:
        """Say whether a channel may show one more new message now, or gathers a summary."""
        return self._through(card, card.channel, Channel.SLACK, flood.SLACK, now)

    def _through(
        self, row: Page | Card, person: str, channel: Channel, flow: flood.Flow, now: datetime
    ) -> Passage:
        gate = self._store.get(Gate, person, channel)
        if gate is None or flood.admits(gate, flow, now):
            return Passage((Put(flood.let_pass(gate, person, channel, flow, now)),))
        return self._joining(gate, row, flow)

    def _joining(self, gate: Gate, row: Page | Card, flow: flood.Flow) -> Passage:
        digest = self._gathering(gate)
        if digest is not None and not self._is_full(digest):
            still_open = Check(Digest, digest.identity, digest.rev)
            return Passage((still_open, Put(flood.member(row, digest))), digest)
        shut, digest = flood.followed(gate, flow) if digest is not None else flood.opened(gate)
        return Passage((Put(shut), Put(digest), Put(flood.member(row, digest))), digest)

    def _is_full(self, digest: Digest) -> bool:
        members = self._store.children(DigestMember, *digest.identity, limit=flood.FULL)
        return len(members) == flood.FULL

    def _gathering(self, gate: Gate) -> Digest | None:
        if gate.digest_id is None:
            return None
        digest = self._store.get(Digest, gate.person, gate.channel, gate.digest_id)
        return digest if flood.gathers(digest) else None
