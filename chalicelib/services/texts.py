"""Takes in what people text us: acts on each text once, however often it is delivered, and answers it at most once.

The text is a row before anything is done about it, and its answer a part of that row before it is sent; so it is
acted on by one of two deliveries, and a crash on the way costs a lease's time. An answer does not wait at the gate
of pages: who texts is awake, and ``phone_talk`` bounds it. It has no other contact to fall back on: the claim itself
is shown in Slack.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.items import Handover
from chalicelib.domain.pager_rows import HeardText
from chalicelib.domain.pages import LEASE, TRIES, backoff
from chalicelib.errors import NightdeskError, OutcomeUnknown, Transient
from chalicelib.services.page_sender import LOST_LEASE
from chalicelib.services.ports import Clock, Lost, Meter, Put, SmsSender, Store, Text
from chalicelib.services.saving import Saving
from chalicelib.services.sms_replies import SmsReplies

HEARD = "TextsHeard"
ANSWERS = "TextAnswers"
LONGEST = 160
"""Characters of a text that are kept: a code has a few."""

KEPT = timedelta(days=8)


class Texts:
    """Hears texts and answers them."""

    def __init__(
        self, *, store: Store, saving: Saving, clock: Clock, meter: Meter, replies: SmsReplies, sms: SmsSender
    ) -> None:
        self._store = store
        self._saving = saving
        self._clock = clock
        self._meter = meter
        self._replies = replies
        self._sms = sms

    def hear(self, text: Text) -> None:
        """Act on a text, if nobody has; strangers are counted and nothing else. Raises: Transient."""
        known = self._replies.knows(text.phone)
        self._meter.count(HEARD, sender="known" if known else "stranger")
        if not known:
            return
        now = self._clock.now()
        row = HeardText(
            text.id, text.phone, text.text[:LONGEST], now, next_due_at=now + LEASE, expires_at=now + KEPT
        )
        try:
            self._saving.commit(Put(row))
        except Lost:  # delivered before; whoever took it then is at it, or its row comes due
            return
        self._act(row)

    def deliver(self, identity: tuple[str, ...]) -> None:
        """Go on with a text where somebody stopped, or try its answer again. Raises: Transient."""
        row = self._store.get(HeardText, *identity)
        if row is None or row.next_due_at is None or row.next_due_at > self._clock.now():
            return
        if row.state is Handover.SENDING:
            self._end(row, Handover.UNKNOWN, LOST_LEASE)
        elif row.answer is None:
            self._act(row)
        else:
            self._answer(row, row.answer)

    def _act(self, row: HeardText) -> None:
        answer = self._replies.hear(row.phone, row.text, self._clock.now())
        if answer is None:
            self._end(row, Handover.SKIPPED, "no answer")
        else:
            self._answer(row, answer)

    def _answer(self, row: HeardText, answer: str) -> None:
        leased = self._saved(_leased(row, answer, self._clock.now()))
        if leased is None:
            return
        try:
            self._sms.send(phone=row.phone, text=answer, key=row.key)
        except OutcomeUnknown as fault:
            self._end(leased, Handover.UNKNOWN, str(fault))
        except Transient as fault:
            self._try_again(leased, fault)
        except NightdeskError as fault:
            self._end(leased, Handover.FAILED, str(fault))
        else:
            self._end(leased, Handover.SENT, "handed over")

    def _try_again(self, row: HeardText, fault: Transient) -> None:
        if row.attempts >= TRIES:
            self._end(row, Handover.FAILED, str(fault))
            return
        due_at = self._clock.now() + backoff(row.attempts, fault.retry_after)
        again = replace(row, state=Handover.PENDING, lease_until=None, outcome=str(fault), next_due_at=due_at)
        self._saved(replace(again, rev=row.rev + 1))

    def _end(self, row: HeardText, state: Handover, outcome: str) -> None:
        self._meter.count(ANSWERS, state=state)
        over = replace(row, state=state, outcome=outcome, lease_until=None, next_due_at=None, rev=row.rev + 1)
        self._saved(over)

    def _saved(self, row: HeardText) -> HeardText | None:
        """Return the row, or None when somebody else has gone on with it meanwhile."""
        try:
            self._saving.commit(Put(row))
        except Lost:
            return None
        return row


def _leased(row: HeardText, answer: str, now: datetime) -> HeardText:
    until = now + LEASE
    return replace(
        row,
        answer=answer,
        state=Handover.SENDING,
        attempts=row.attempts + 1,
        lease_until=until,
        next_due_at=until,
        rev=row.rev + 1,
    )
