"""Looks at one conversation that is due and commits what is to happen: the only place where the ladder climbs.

It trusts the row, not the message: woken twice, early or late, it does what is due now, and nothing otherwise.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.conversation import Conversation, State
from chalicelib.domain.escalation import Advance, advance
from chalicelib.domain.items import Happened, TimelineRow
from chalicelib.domain.ledger import recount
from chalicelib.errors import NotFound
from chalicelib.services.desk import Case, Desk
from chalicelib.services.ports import Clock, Ref, Store, TeamSource
from chalicelib.services.saving import Saving


class Watch:
    """Advances conversations, one conditional transaction each."""

    def __init__(self, store: Store, saving: Saving, teams: TeamSource, clock: Clock) -> None:
        self._desk = Desk(store, saving, teams)
        self._teams = teams
        self._clock = clock

    def wake(self, ref: Ref, due_at: datetime) -> None:  # noqa: ARG002 - what the message says; the row decides
        """Do what is due for one conversation; one that is gone is nothing. Raises: Transient."""
        if ref.kind != Conversation.__name__:
            return
        now = self._clock.now()
        try:
            self._desk.change(ref.identity[0], now, lambda case: self._decide(case, now))
        except NotFound:
            return

    def _decide(self, case: Case, now: datetime) -> Advance:
        conversation = case.conversation
        if conversation.state is State.PAUSED:
            return _resumed(case, now)
        return advance(conversation, case.team, self._teams.overrides, now)


def _resumed(case: Case, now: datetime) -> Advance:
    """Start the clock again when a pause has ended: an obligation born late (DESIGN 4)."""
    conversation = case.conversation
    if conversation.paused_until is None or conversation.paused_until > now:
        return Advance(conversation)
    resumed = recount(conversation, case.team, now)
    row = TimelineRow(
        conversation.id,
        now,
        Happened.PAUSE,
        f"{conversation.epoch}|end",
        "The pause has ended; the clock runs.",
    )
    return Advance(resumed, timeline=(row,))
