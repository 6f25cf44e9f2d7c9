"""Keeps the books of conversations: load, decide, recount, save with their cards; again if another writer came first.

Every change to what a conversation owes is written here. What to change is the use case's decision, what is then
owed is ``ledger``'s; claims and the ladder, which change no debt, go through ``desk``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.escalation_ladder import in_force
from chalicelib.domain.ledger import recount
from chalicelib.domain.policy import quiet_until
from chalicelib.domain.team import TeamFile
from chalicelib.errors import NotFound, Transient
from chalicelib.services.cards import card_writes
from chalicelib.services.ports import Lost, Put, Store, TeamSource
from chalicelib.services.saving import Saving

T = TypeVar("T")

TRIES = 12
"""How often a change is decided anew because somebody else's came first, before it waits its turn on the queue."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision changes: the conversation, and rows to write with it."""

    conversation: Conversation
    rows: tuple[object, ...] = ()


Decide = Callable[[Conversation], Change]


def until_won(attempt: Callable[[], T]) -> T:
    """Run a load-decide-save until no other writer came between. Raises: Transient when they keep coming."""
    for _ in range(TRIES):
        try:
            return attempt()
        except Lost:
            continue
    raise Transient("others keep changing the same rows; this will be tried again")


class Books:
    """Saves conversations recounted, together with whatever rows belong to the change."""

    def __init__(self, store: Store, saving: Saving, teams: TeamSource) -> None:
        self._store = store
        self._saving = saving
        self.teams = teams

    def load(self, conversation_id: str) -> Conversation:
        """Read a conversation. Raises: NotFound."""
        found = self._store.get(Conversation, conversation_id)
        if found is None:
            raise NotFound(f"there is no conversation {conversation_id}")
        return found

    def change(self, conversation_id: str, decide: Decide, now: datetime) -> Conversation:
        """Load, decide, save; return what was saved. Raises: whatever ``decide`` does, NotFound, Transient."""
        return until_won(lambda: self._changed(self.load(conversation_id), decide, now))

    def save(
        self,
        before: Mapping[str, Conversation],
        after: Iterable[Conversation],
        rows: Iterable[object],
        now: datetime,
        *,
        shown: Collection[str] = (),
    ) -> dict[str, Conversation]:
        """Save every conversation of ``after`` that differs from ``before``, recounted, and ``rows``, as one.

        ``shown`` are saved in any case: what their cards show has changed. Returns the conversations as saved, by
        id. Raises: Lost, Transient.
        """
        settled = {each.id: self.settled(each, now) for each in after}
        changed = [_next(before.get(each.id), each, anew=each.id in shown) for each in settled.values()]
        writes = [Put(row) for row in rows]
        writes += [write for each in changed if each for write in self._writes(each, now)]
        if writes:
            self._saving.commit(*writes)
        return settled | {each.id: each for each in changed if each}

    def settled(self, conversation: Conversation, now: datetime) -> Conversation:
        """Return it recounted: a running clock keeps its version of the team file, a new one takes today's."""
        current = self.teams.current()
        kept = self._kept(conversation, current)
        after = recount(conversation, kept, now)
        same = after.epoch == conversation.epoch or kept.version == current.version
        return after if same else recount(conversation, current, now)

    def _kept(self, conversation: Conversation, current: TeamFile) -> TeamFile:
        if conversation.version in ("", current.version):
            return current
        return in_force(self.teams.version(conversation.version), current)

    def _changed(self, found: Conversation, decide: Decide, now: datetime) -> Conversation:
        change = decide(found)
        saved = self.save({found.id: found}, (change.conversation,), change.rows, now)
        return saved[found.id]

    def _writes(self, conversation: Conversation, now: datetime) -> list[Put]:
        """Return the conversation with its cards; a channel that has none yet is told when its team may be."""
        team = self.teams.current().teams.get(conversation.team)
        loud_at = quiet_until(team, now) if team and conversation.card_channels else None
        return [Put(conversation), *card_writes(self._store, conversation, now, first_at=loud_at)]


def _next(before: Conversation | None, after: Conversation, *, anew: bool) -> Conversation | None:
    """Return the revision to write, or None when there is nothing new."""
    if before is None:
        return replace(after, rev=1)
    return None if after == before and not anew else replace(after, rev=before.rev + 1)
