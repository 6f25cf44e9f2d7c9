"""Renders a conversation's Slack message: posts it once, edits it in place ever after.

It shows the row as it is at send time. A lease keeps two renderings from overtaking each other; after a
time-out the message is looked for by its metadata before it is posted again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain import digest as flood
from chalicelib.domain.checks import is_news
from chalicelib.domain.conversation import Conversation
from chalicelib.domain.escalation_recipients import lead_of
from chalicelib.domain.items import Card, Handover, Happened, TimelineRow
from chalicelib.domain.pages import LEASE, backoff
from chalicelib.errors import NightdeskError, NotFound, OutcomeUnknown, Permanent, Transient
from chalicelib.services.alerts import Alerts
from chalicelib.services.desk import ATTEMPTS, Case, Desk
from chalicelib.services.gates import Gates, Passage
from chalicelib.services.notices import Notices, a_notice
from chalicelib.services.ports import ChatSender, Clock, Lost, Meter, Posted, Put, Store
from chalicelib.services.saving import Saving

TRIES = 6
"""How often in a row a card is tried before the lead is told; from then on it is tried every ``LONGEST_WAIT``."""

LONGEST_WAIT = timedelta(minutes=5)
PATIENCE = 300
"""How often in all, a day's worth, before a card rests until its conversation changes again."""

TOKEN = "slack-token"  # noqa: S105 - the runbook's section on it
FAILED = "CardFailed"
INCIDENT = "incident"

_Change = Callable[[Card], Card]


class CardSender:
    """Posts and edits cards."""

    def __init__(
        self,
        *,
        store: Store,
        saving: Saving,
        clock: Clock,
        meter: Meter,
        desk: Desk,
        alerts: Alerts,
        chat: ChatSender,
    ) -> None:
        self._store = store
        self._saving = saving
        self._clock = clock
        self._meter = meter
        self._desk = desk
        self._alerts = alerts
        self._chat = chat
        self._gates = Gates(store)
        self._notices = Notices(saving)

    def deliver(self, identity: tuple[str, ...]) -> None:
        """Bring one card up to date if it is due. Raises: Transient."""
        for _ in range(ATTEMPTS):
            card, now = self._store.get(Card, *identity), self._clock.now()
            if card is None or card.next_due_at is None or card.next_due_at > now:
                return
            try:
                case = self._desk.open(card.conversation_id)
                leased = self._lease(card, case, now)
            except Lost:
                continue
            except NotFound:  # a card about nothing is nothing
                return
            if leased is not None:
                self._render(leased, case, now)
            return
        raise Transient(f"card {'|'.join(identity)} keeps changing; try again")

    def _lease(self, card: Card, case: Case, now: datetime) -> Card | None:
        """Take the lease, unless the card needs no message of its own, now or at all. Raises: Lost."""
        passage = Passage()
        if card.ts is None and not _may_exist(card):
            if not is_news(case.conversation):
                self._saving.commit(Put(resting(card, case.conversation.rev, "nobody waits any more")))
                return None
            passage = self._gates.showing(card, now) if not card.attempts else passage
        if passage.digest is not None:
            self._saving.commit(Put(flood.summarised(card, passage.digest)), *passage.writes)
            return None
        return self._take(card, passage, now)

    def _take(self, card: Card, passage: Passage, now: datetime) -> Card:
        leased = replace(
            card,
            state=Handover.SENDING,
            attempts=card.attempts + 1,
            lease_until=now + LEASE,
            next_due_at=now + LEASE,
            rev=card.rev + 1,
        )
        self._saving.commit(Put(leased), *passage.writes)
        return replace(leased, state=card.state)

    def _render(self, card: Card, case: Case, now: datetime) -> None:
        """Show the conversation; ``card.state`` is still what it was before the lease."""
        try:
            posted = self._show(card, case, now)
        except OutcomeUnknown as fault:
            self._later(card, Handover.UNKNOWN, fault, fault.retry_after)
        except Transient as fault:
            self._later(card, _unsent(card), fault, fault.retry_after)
        except Permanent as fault:
            if fault.runbook != TOKEN:
                return self._give_up(card, str(fault))
            self._outlast(card, _unsent(card), str(fault), first=card.attempts == 1)
        except NightdeskError as fault:
            self._give_up(card, str(fault))
        else:
            self._shown(card, posted, case.conversation)

    def _show(self, card: Card, case: Case, now: datetime) -> Posted:
        view = self._alerts.card(case.conversation, case.team, now)
        key = key_of(card)
        at = _posted(card) or (self._chat.find(channel=card.channel, key=key) if _may_exist(card) else None)
        if at is not None:
            try:
                self._chat.edit(at=at, view=view, key=key)
            except NotFound:  # somebody deleted it in Slack
                return self._chat.post(channel=card.channel, view=view, key=key)
            return at
        return self._chat.post(channel=card.channel, view=view, key=key)

    def _shown(self, card: Card, posted: Posted, conversation: Conversation) -> None:
        def done(present: Card) -> Card:
            behind = present.wanted_rev > conversation.rev
            return replace(
                present,
                state=Handover.SENT,
                attempts=0,
                lease_until=None,
                rendered_rev=max(present.rendered_rev, conversation.rev),
                ts=posted.ts,
                slack_channel=posted.channel,
                outcome=None,
                next_due_at=self._clock.now() if behind else None,
                rev=present.rev + 1,
            )

        first = card.ts is None
        row = self._row(card, f"Shown in {card.channel}.", Happened.TELL) if first else None
        self._finish(card, done, row)

    def _later(self, card: Card, state: Handover, fault: Transient, wait: timedelta | None) -> None:
        if card.attempts >= TRIES:
            return self._outlast(card, state, str(fault), first=card.attempts == TRIES)
        longest = max(LONGEST_WAIT, wait or LONGEST_WAIT)
        return self._wait(card, state, str(fault), min(backoff(card.attempts, wait), longest), None)

    def _outlast(self, card: Card, state: Handover, reason: str, *, first: bool) -> None:
        """Tell the lead, once, and go on trying: when Slack is back the message shows how things stand then."""
        if card.attempts >= PATIENCE:
            return self._finish(card, lambda present: resting(present, present.rendered_rev, reason), None)
        row = self._failed(card, reason) if first else None
        return self._wait(card, state, reason, LONGEST_WAIT, row)

    def _give_up(self, card: Card, reason: str) -> None:
        """Let the card rest until the conversation changes again: a page never depends on a card."""
        row = self._failed(card, reason)
        self._finish(card, lambda present: resting(present, present.rendered_rev, reason), row)

    def _failed(self, card: Card, reason: str) -> TimelineRow:
        self._meter.count(FAILED)
        self._tell_lead(card, reason)
        return self._row(card, f"{card.channel} could not be told: {reason}.", Happened.TELL)

    def _wait(
        self, card: Card, state: Handover, reason: str, wait: timedelta, row: TimelineRow | None
    ) -> None:
        due_at = self._clock.now() + wait

        def later(present: Card) -> Card:
            changes = {"state": state, "lease_until": None, "outcome": reason, "next_due_at": due_at}
            return replace(present, rev=present.rev + 1, **changes)  # type: ignore[arg-type]

        self._finish(card, later, row)

    def _tell_lead(self, card: Card, reason: str) -> None:
        """Raise an incident: the lead hears once a day, by a way that still works, that a channel is not told."""
        team, now = self._desk.team_of(""), self._clock.now()
        lead = team.people.get(lead_of(team) or "")
        if lead is not None:
            name = f"card:{card.channel}:{now:%Y%m%d}"
            notice = a_notice(
                name, now, f"Slack does not take messages for {card.channel}", (reason,), urgent=True
            )
            self._notices.tell(lead, notice, step=INCIDENT, why=reason)

    def _finish(self, card: Card, change: _Change, row: TimelineRow | None) -> None:
        """Record the end of our lease on the card as it is by now; others may have wanted it newer meanwhile."""
        for _ in range(ATTEMPTS):
            present = self._store.get(Card, *card.identity)
            if present is None or present.lease_until != card.lease_until:
                return
            try:
                self._saving.commit(Put(change(present)), *([Put(row)] if row else []))
            except Lost:
                continue
            return
        raise Transient(f"card {key_of(card)} keeps changing; try again")

    def _row(self, card: Card, words: str, kind: Happened) -> TimelineRow:
        source = f"card|{card.channel}|{card.rev}"
        return TimelineRow(card.conversation_id, self._clock.now(), kind, source, words)


def key_of(card: Card) -> str:
    """Return the name by which our message is found again."""
    return f"card|{card.conversation_id}|{card.channel}"


def _posted(card: Card) -> Posted | None:
    return None if card.ts is None else Posted(card.slack_channel or card.channel, card.ts)


def _may_exist(card: Card) -> bool:
    """Tell whether a message may be there although we never heard so: a time-out, or a sender that stopped."""
    return card.state in (Handover.UNKNOWN, Handover.SENDING)


def _unsent(card: Card) -> Handover:
    """Return the state of a card after a try that surely showed nothing."""
    return Handover.PENDING if card.ts is None else Handover.SENT


def resting(card: Card, rendered_rev: int, outcome: str) -> Card:
    """Return the card as it rests until its conversation changes again."""
    state = Handover.SKIPPED if card.ts is None else Handover.SENT
    return replace(
        card,
        state=state,
        attempts=0,
        lease_until=None,
        rendered_rev=rendered_rev,
        outcome=outcome,
        digest_id=None,
        next_due_at=None,
        rev=card.rev + 1,
    )
