"""Watches a town's every commit and every hand-over, and holds each to the rules of the ladder.

It knows the rules from their words, not from the code: the ladder's instants are worked out anew, and a page,
card or text that nothing justifies is a fault. Schedules name one person each, so who is on call is no riddle.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.alert import AlertView
from chalicelib.domain.conversation import Conversation, State
from chalicelib.domain.items import Card, Handover, Page, TimelineRow
from chalicelib.domain.pager_rows import Digest, DigestMember
from chalicelib.domain.sms_text import septets
from chalicelib.domain.team import Offset, Step
from chalicelib.errors import OutcomeUnknown
from chalicelib.services.ports import Check, Posted, Put, Write
from tests.builders import minutes
from tests.fakes import Crash
from tests.unit.pager.town import Town

ON_CALL = {"primary": "ana", "backup": "ben", "lead": "lead", "chi": "chi"}
LADDER = (
    Step(Offset(remaining=0.6), tell=("#social",)),
    Step(Offset(remaining=0.33), page=("primary",)),
    Step(Offset(delta=timedelta(0)), page=("primary", "backup")),
    Step(
        Offset(delta=minutes(5)),
        page=("chi", "primary"),
        repeat=minutes(5),
        widen=(minutes(5), minutes(10)),
    ),
)
TICK = timedelta(seconds=60)
GAP = timedelta(seconds=60)
DEFINITE, DONE, UNSURE = "definite failure", "done", "unsure"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """One call of a carrier or of Slack that ended."""

    at: datetime
    key: str
    address: str
    how: str


def due_of(step: Step, conversation: Conversation) -> datetime:
    """Return when a step is due, from the words of the rule."""
    start, deadline = conversation.started_at, conversation.deadline_at
    assert start is not None
    assert deadline is not None
    if step.at.remaining is not None:
        return max(start, deadline - (deadline - start) * step.at.remaining)
    return max(start, deadline + (step.at.delta or timedelta(0)))


class Witness:
    """Wraps a town's store and senders."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.handed: list[HandedOver] = []
        self.fired_at: dict[tuple[str, int, str], list[datetime]] = defaultdict(list)
        self.freed_at: dict[tuple[str, int], list[datetime]] = defaultdict(list)
        self._commit, self._sms = town.store.commit, town.world.sms.send
        self._post, self._edit = town.world.chat.post, town.world.chat.edit
        town.store.commit = self.commit  # type: ignore[method-assign]
        town.world.sms.send = self.text  # type: ignore[method-assign]
        town.world.chat.post = self.post  # type: ignore[method-assign]

    # --- every commit ---------------------------------------------------------------------------------

    def commit(self, *writes: Write) -> None:
        puts = [w.item for w in writes if isinstance(w, Put)]
        ids = {p.conversation_id for p in puts if isinstance(p, Page)}
        ids |= {p.id for p in puts if isinstance(p, Conversation)}
        before = {i: self._conversation(i) for i in ids}
        was = {p.key: self.town.store.get(Page, *p.identity) for p in puts if isinstance(p, Page)}
        self._commit(*writes)
        for conversation in (p for p in puts if isinstance(p, Conversation)):
            self._freed(conversation, before[conversation.id], puts)
        for page in (p for p in puts if isinstance(p, Page) and not self._is_incident(p)):
            after = self._conversation(page.conversation_id)
            known = was[page.key]
            if known is None:
                self._justify(page, before[page.conversation_id], after, puts)
            elif page.state is Handover.SENDING and known.state is Handover.PENDING:
                self._lease(page, after, writes)
            self._accounted(page, puts)
        for card in (p for p in puts if isinstance(p, Card) and p.rev == 1):
            self._justify_card(card)

    def _is_incident(self, page: Page) -> bool:
        """Tell whether a page is about Slack refusing the channel: the one notice these towns can raise."""
        assert not page.conversation_id.startswith("notice:") or page.conversation_id.startswith(
            "notice:card"
        )
        return page.conversation_id.startswith("notice:")

    def _conversation(self, conversation_id: str) -> Conversation | None:
        return self.town.store.get(Conversation, conversation_id)

    def _freed(self, after: Conversation, before: Conversation | None, puts: list[Any]) -> None:
        """A claim that ends while the customer waits pages again in the same commit; one that ran out, the owner."""
        if before is None or before.claim is None or after.claim is not None or before.epoch != after.epoch:
            return
        now = self.town.clock.now()
        self.freed_at[after.id, after.epoch].append(now)
        paged = {p.person for p in puts if isinstance(p, Page)}
        due = [s for s in LADDER if s.page and due_of(s, before) <= now]
        assert paged or not due, f"{after.id} was given up and nobody heard"
        if before.claim.until <= now:
            assert before.claim.owner in paged, (
                f"{after.id}: {before.claim.owner} did not hear that time is up"
            )

    def _lease(self, page: Page, conversation: Conversation | None, writes: tuple[Write, ...]) -> None:
        """No lease after a claim commits, and none without a check that nothing has changed."""
        assert conversation is not None
        checks = {w.identity: w.rev for w in writes if isinstance(w, Check)}
        assert checks.get((conversation.id,)) == conversation.rev, f"{page.key} leased without a check"
        assert conversation.state is State.WAITING, f"{page.key} leased although {conversation.state}"
        assert conversation.epoch == page.epoch, f"{page.key} leased in epoch {conversation.epoch}"
        owner = conversation.claim.owner if conversation.claim else None
        wanted = page.person if page.step in ("nudge", "assign") else None
        assert owner == wanted, f"{page.key} leased although {owner} has it"

    def _accounted(self, page: Page, puts: list[Any]) -> None:
        """Every page that ends has its line in the same commit."""
        if page.state in (Handover.PENDING, Handover.SENDING):
            return
        rows = [p for p in puts if isinstance(p, TimelineRow) and p.source_id.startswith(page.key)]
        assert rows, f"{page.key} ended {page.state} without a word"
        assert dict(rows[0].facts)["reason"], f"{page.key} does not say why"

    # --- every new page -------------------------------------------------------------------------------

    def _justify(
        self, page: Page, before: Conversation | None, after: Conversation | None, puts: list[Any]
    ) -> None:
        assert before is not None
        assert after is not None
        now = self.town.clock.now()
        assert page.epoch == after.epoch, f"{page.key} is about another epoch"
        assert after.state is State.WAITING, f"{page.key} although nobody waits"
        if any(isinstance(p, Conversation) for p in puts):
            self._justify_firing(page, before, after, now)
        else:
            self._justify_stand_in(page, puts)

    def _justify_firing(self, page: Page, before: Conversation, after: Conversation, now: datetime) -> None:
        claim = before.claim
        if page.step == "nudge":
            assert claim is not None
            assert claim.owner == page.person, f"{page.key}: only the owner is nudged"
            assert before.deadline_at is not None
            assert before.deadline_at <= now, f"{page.key} before the deadline"
            assert not claim.nudged, f"{page.key} nudged twice"
        elif page.step == "assign":
            assert after.claim is not None
            assert after.claim.owner == page.person
        elif page.step == "owner":
            assert before.last_owner == page.person
            assert claim is None
        else:
            self._justify_step(page, before, after, now)

    def _justify_step(self, page: Page, before: Conversation, after: Conversation, now: datetime) -> None:
        claim = before.claim
        assert after.claim is None, f"{page.key} fired under a claim"
        people = {ON_CALL[t] for s in LADDER for t in s.page if due_of(s, before) <= now}
        ex_owner = {claim.owner} if claim else set()
        assert page.person in people | ex_owner, f"{page.key}: {page.person} is on no step that is due"
        if page.step == "expiry":
            assert claim is not None
            assert not people, f"{page.key} although a page step was due"
            return
        self._justify_n(page, before, now)

    def _justify_n(self, page: Page, before: Conversation, now: datetime) -> None:
        """A step fires when due; again only after its pause, or because a claim just ended."""
        step = LADDER[int(page.step)]
        assert due_of(step, before) <= now, f"{page.key} before it was due"
        firings = self.fired_at[page.conversation_id, page.epoch, page.step]
        if firings and firings[-1] != now:
            pause = step.widen[min(page.n - 1, len(step.widen) - 1)] if step.widen else None
            again = pause is not None and now >= firings[-1] + pause
            freed = now in self.freed_at[page.conversation_id, page.epoch] or before.claim is not None
            assert again or freed, f"{page.key} fired again after {now - firings[-1]}"
        if not firings or firings[-1] != now:
            firings.append(now)

    def _justify_stand_in(self, page: Page, puts: list[Any]) -> None:
        """A page outside a firing exists because another of the same firing could not be handed over."""
        failed = [p for p in puts if isinstance(p, Page) and p.state in (Handover.FAILED, Handover.UNKNOWN)]
        assert failed, f"{page.key} out of nowhere"
        assert (failed[0].step, failed[0].n) == (page.step, page.n)
        assert page.person in (failed[0].person, "lead"), f"{page.key} stands in for {failed[0].person}"

    def _justify_card(self, card: Card) -> None:
        conversation = self._conversation(card.conversation_id)
        assert conversation is not None
        assert card.channel == "#social"
        told = due_of(LADDER[0], conversation) <= self.town.clock.now() if conversation.deadline_at else True
        assert told or conversation.sms_claimed_epoch is not None, f"a card for {conversation.id} too early"

    # --- every hand-over ------------------------------------------------------------------------------

    def text(self, *, phone: str, text: str, key: str) -> str:
        assert septets(text) <= 160
        with self._handing_over(key, phone):
            return self._sms(phone=phone, text=text, key=key)
        raise AssertionError

    def post(self, *, channel: str, view: AlertView, key: str) -> Posted:
        with self._handing_over(key, channel):
            return self._post(channel=channel, view=view, key=key)
        raise AssertionError

    def _handing_over(self, key: str, address: str) -> _Handing:
        for page in self.pages_of(key):
            self._was_leased(page)
        return _Handing(self, key, address)

    def _was_leased(self, page: Page) -> None:
        assert page.state is Handover.SENDING, f"{page.key} sent while {page.state}"

    def pages_of(self, key: str) -> Iterator[Page]:
        """Yield the pages a message carries: one, or those of a digest that are still in it."""
        parts = tuple(key.split("|"))
        if parts[0] == "card" or parts[0].startswith("#"):
            return
        if len(parts) == 3:
            members = self.town.store.children(DigestMember, *parts)
            found = (self.town.store.get(Page, *m.page_key.split("|")) for m in members)
            yield from (p for p in found if p is not None and p.state is not Handover.SKIPPED)
            return
        page = self.town.store.get(Page, *parts)
        assert page is not None, f"{key} was sent but never saved"
        yield page


class _Handing:
    """Notes how one call ended."""

    def __init__(self, witness: Witness, key: str, address: str) -> None:
        self.witness, self.key, self.address = witness, key, address

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: object) -> None:
        if kind is not None and issubclass(kind, Crash):
            return  # the power went before the call
        how = DONE if kind is None else UNSURE if issubclass(kind, OutcomeUnknown) else DEFINITE
        self.witness.handed.append(HandedOver(self.witness.town.clock.now(), self.key, self.address, how))


# --- what must hold at any moment ------------------------------------------------------------------------


def nothing_is_handed_over_twice(witness: Witness) -> None:
    """At most one hand-over without a definite failure for each page, alone or in a digest."""
    counted: Counter[str] = Counter()
    for call in witness.handed:
        if call.how != DEFINITE and not call.key.startswith(("card", "#")):
            counted.update({page.key for page in _carried(witness, call.key)})
    assert not [key for key, times in counted.items() if times > 1], counted.most_common(3)


def _carried(witness: Witness, key: str) -> list[Page]:
    parts = key.split("|")
    pages = list(witness.pages_of(key))
    if len(parts) == 3:
        digest = witness.town.store.get(Digest, *parts)
        assert digest is not None
        return [p for p in pages if p.digest_id == digest.id]
    return pages


def texts_stay_within_bounds(witness: Witness) -> None:
    """One text a gap, and a retry or two: per person at most 13 in ten minutes and 63 in an hour."""
    arrivals: dict[str, list[datetime]] = defaultdict(list)
    for call in witness.handed:
        if call.address.startswith("+") and call.how == DONE:
            arrivals[call.address].append(call.at)
    for times in arrivals.values():
        for window, most in ((minutes(10), 13), (minutes(60), 63)):
            for first in times:
                inside = [t for t in times if first <= t < first + window]
                assert len(inside) <= most, f"{len(inside)} texts within {window}"


def one_message_per_conversation(witness: Witness) -> None:
    """A channel shows a conversation once."""
    keys = Counter(s.key for s in witness.town.world.chat.shown if s.key.startswith(("card", "#")))
    assert max(keys.values(), default=0) <= 1, keys.most_common(2)


def is_quiet_for(witness: Witness, conversation: Conversation) -> timedelta:
    """Return how long ago anybody was last paged, or tried to be, about a conversation."""
    pages = witness.town.store.children(Page, conversation.id, str(conversation.epoch))
    last = max((max(p.due_at, p.sent_at or p.due_at) for p in pages), default=conversation.opened_at)
    return witness.town.clock.now() - last


__all__ = [
    "GAP",
    "LADDER",
    "TICK",
    "Witness",
    "due_of",
    "is_quiet_for",
    "nothing_is_handed_over_twice",
    "one_message_per_conversation",
    "replace",
    "texts_stay_within_bounds",
]
