"""Opens a conversation with the team file its clock keeps, and commits what was decided about it.

One commit holds the conversation, its pages, its timeline and its cards; who lost it to somebody else reloads
and decides again. It decides nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.escalation import Advance
from chalicelib.domain.escalation_ladder import in_force
from chalicelib.domain.policy import quiet_until
from chalicelib.domain.team import TeamFile
from chalicelib.errors import NotFound, Transient
from chalicelib.services.cards import card_writes
from chalicelib.services.ports import Lost, Put, Store, TeamSource, Write
from chalicelib.services.saving import Saving

ATTEMPTS = 12
"""How often a change that lost to another is decided anew before the message goes back to its queue."""


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation as read, and the team file that applies to it now."""

    conversation: Conversation
    team: TeamFile


Decide = Callable[[Case], Advance]


class Desk:
    """Load, decide, commit; again from the start when somebody else was faster."""

    def __init__(self, store: Store, saving: Saving, teams: TeamSource) -> None:
        self._store = store
        self._saving = saving
        self._teams = teams

    def open(self, conversation_id: str) -> Case:
        """Read a conversation and its team file. Raises: NotFound."""
        conversation = self._store.get(Conversation, conversation_id)
        if conversation is None:
            raise NotFound(f"there is no conversation {conversation_id}")
        return Case(conversation, self.team_of(conversation.version))

    def team_of(self, version: str) -> TeamFile:
        """Return the version a clock keeps, with today's people and schedules; today's whole if that is gone."""
        current = self._teams.current()
        if version in ("", current.version):
            return current
        try:
            return in_force(self._teams.version(version), current)
        except NotFound:  # a clock never stops for want of a row
            return current

    def change(self, conversation_id: str, at: datetime, decide: Decide) -> Conversation:
        """Commit what ``decide`` makes of the conversation, and return it; nothing is written for no change.

        Raises: NotFound, whatever ``decide`` raises, and Transient when others kept being faster.
        """
        for _ in range(ATTEMPTS):
            case = self.open(conversation_id)
            result = decide(case)
            if result.conversation is case.conversation and not result.pages and not result.timeline:
                return case.conversation
            try:
                return self._commit(case, result, at)
            except Lost:
                continue
        raise Transient(f"conversation {conversation_id} keeps changing; try again")

    def _commit(self, case: Case, result: Advance, at: datetime) -> Conversation:
        conversation = replace(result.conversation, rev=case.conversation.rev + 1)
        rows: list[Write] = [Put(conversation), *map(Put, result.pages), *map(Put, result.timeline)]
        rows += map(Put, result.replies)
        cards = card_writes(self._store, conversation, at, first_at=_first_at(case.team, conversation, at))
        self._saving.commit(*rows, *cards)
        return conversation


def _first_at(team: TeamFile, conversation: Conversation, at: datetime) -> datetime | None:
    """Return when quiet hours let a new card be seen; a claim by SMS, which may be spoofed, is seen at once."""
    own, claim = team.teams.get(conversation.team), conversation.claim
    by_sms = claim is not None and claim.by_sms
    return quiet_until(own, at) if own and not by_sms else None
