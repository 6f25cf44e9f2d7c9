"""A pager under every kind of weather: floods, crashes, outages, redelivery, reordering, dead phones, hasty people.

After each step every rule of ``witness`` must hold; any message that nothing justifies fails. Liveness is asked
for wherever nothing has disturbed the pager for long enough to have recovered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chalicelib.domain.conversation import Conversation, State
from chalicelib.domain.escalation_ladder import next_due_at
from chalicelib.domain.items import Page
from chalicelib.domain.pages import LEASE, is_over
from chalicelib.domain.team import Channel, Contact, Person
from chalicelib.errors import Conflict, Permanent, Transient
from chalicelib.services.pager import sms_replies_of
from chalicelib.services.ports import SHARDS, Put
from tests.builders import a_schedule, a_team, an_entry, minutes
from tests.fakes import Crash
from tests.stateful.witness import (
    GAP,
    LADDER,
    TICK,
    Witness,
    due_of,
    is_quiet_for,
    nothing_is_handed_over_twice,
    one_message_per_conversation,
    texts_stay_within_bounds,
)
from tests.unit.pager.town import REDELIVERY, Town

SLACK, SMS = Contact(Channel.SLACK), Contact(Channel.SMS)
PEOPLE = (
    Person("ana", "+447700900001", "U01", reach=(SMS,)),
    Person("ben", "+447700900002", "U02", reach=(SLACK, Contact(Channel.SMS, minutes(3)))),
    Person("chi", "+447700900003", "U03", reach=(SLACK, SMS, Contact(Channel.SMS, minutes(3)))),
    Person("lead", "+447700900009", "U09", reach=(SMS, SLACK)),
)
NAMES = st.sampled_from([p.name for p in PEOPLE])
ADDRESSES = st.sampled_from([a for p in PEOPLE for a in (p.phone, p.slack) if a] + ["#social"])
SECOND = timedelta(seconds=1)
RECOVERY = LEASE + REDELIVERY + TICK + minutes(1.5)
"""A lease, a message that comes back, a tick, three tries: after that a disturbance has been overcome."""


class Pager(RuleBasedStateMachine):
    """The town, what was done to it, and when it was last disturbed."""

    @initialize()
    def found_a_town(self) -> None:
        team = a_team(
            escalation={"default": LADDER},
            people={p.name: p for p in PEOPLE},
            schedules={"primary": a_schedule(), "backup": a_schedule("backup", "ben")},
        )
        self.town = Town(team)
        self.witness = Witness(self.town)
        self.cases: list[str] = []
        self.disturbed_at = self.town.clock.now()

    # --- the world ------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.cases) < 12)
    @rule(within=st.sampled_from([8, 30, 60]), posts=st.integers(1, 4))
    def customers_post(self, within: int, posts: int) -> None:
        for _ in range(posts):
            self._guarded(lambda: self.town.post(target=minutes(within)))
        self.cases = [c.id for c in self.town.store.everything(Conversation)]

    @rule(seconds=st.integers(1, 900))
    def time_passes(self, seconds: int) -> None:
        self._advance(seconds * SECOND)

    @rule(passes=st.integers(2, 40))
    def an_outage_lasts(self, passes: int) -> None:
        """Nothing runs; the queues keep what they hold."""
        self.town.clock.advance(minutes(passes))
        self._disturb()
        self._guarded(self.town.tick.run)
        self._advance(SECOND)

    @rule(soon=st.integers(0, 12), comes_back=st.booleans())
    def the_power_will_fail(self, soon: int, comes_back: bool) -> None:  # noqa: FBT001
        fuse = self.town.world.fuse
        fuse.before = len(fuse.effects) + soon
        self.town.redelivers = comes_back

    @rule(choice=st.integers(0, 10**6))
    def a_message_is_delivered_again(self, choice: int) -> None:
        sent = [*self.town.wake.sent, *self.town.outbound.sent]
        if sent:
            self._guarded(lambda: self.town.deliver(sent[choice % len(sent)][0]))

    @rule(backwards=st.booleans())
    def messages_change_order(self, backwards: bool) -> None:  # noqa: FBT001
        self.town.backwards = backwards

    @rule(address=ADDRESSES, kind=st.sampled_from(["busy", "dead", "silent", "late"]))
    def a_hand_over_will_fail(self, address: str, kind: str) -> None:
        sender = self.town.world.sms if address.startswith("+") else self.town.world.chat
        if kind in ("silent", "late"):
            sender.times_out(address, arrives=kind == "late")
        else:
            sender.fails(address, Transient("busy") if kind == "busy" else Permanent("dead"))

    # --- people ---------------------------------------------------------------------------------------

    @precondition(lambda self: self.cases)
    @rule(choice=st.integers(0, 99), name=NAMES)
    def somebody_claims(self, choice: int, name: str) -> None:
        self._act(lambda: self.town.claim(self._case(choice), name))

    @precondition(lambda self: self.cases)
    @rule(choice=st.integers(0, 99), name=NAMES)
    def somebody_releases(self, choice: int, name: str) -> None:
        now = self.town.clock.now()
        self._act(lambda: self.town.claims.release(self._case(choice), by=name, at=now))

    @precondition(lambda self: self.cases)
    @rule(choice=st.integers(0, 99), name=NAMES)
    def somebody_takes_over(self, choice: int, name: str) -> None:
        now = self.town.clock.now()
        self._act(lambda: self.town.claims.take_over(self._case(choice), by=name, at=now))

    @precondition(lambda self: self.cases)
    @rule(choice=st.integers(0, 99), name=NAMES)
    def somebody_renews(self, choice: int, name: str) -> None:
        now = self.town.clock.now()
        self._act(lambda: self.town.claims.renew(self._case(choice), by=name, at=now))

    @precondition(lambda self: self.cases)
    @rule(choice=st.integers(0, 99), name=NAMES, to=NAMES)
    def somebody_reassigns(self, choice: int, name: str, to: str) -> None:
        now = self.town.clock.now()
        self._act(lambda: self.town.claims.reassign(self._case(choice), to=to, by=name, at=now))

    @rule(person=st.sampled_from(PEOPLE), letter=st.sampled_from("CRB"), number=st.integers(1, 4))
    def somebody_texts(self, person: Person, letter: str, number: int) -> None:
        phone, now = person.phone or "", self.town.clock.now()
        self._act(lambda: sms_replies_of(self.town.means).hear(phone, f"{letter}{number}", now))

    @precondition(lambda self: self.cases)
    @rule(choice=st.integers(0, 99), first=NAMES, second=NAMES)
    def two_claim_at_once(self, choice: int, first: str, second: str) -> None:
        """The second's claim commits between the first's read and write: one of them owns it."""
        case, now = self._case(choice), self.town.clock.now()
        before = self.town.conversation(case)
        commit, waiting = self.town.store.commit, [True]

        def overtaken(*writes: Put) -> None:
            if waiting:
                waiting.clear()
                self._act(lambda: self.town.claim(case, second))
            commit(*writes)

        self.town.store.commit = overtaken  # type: ignore[method-assign, assignment]
        self._act(lambda: self.town.claim(case, first))
        self.town.store.commit = commit  # type: ignore[method-assign]
        claim = self.town.conversation(case).claim
        free = before.claim is None or before.claim.until <= now
        if before.state is State.WAITING and free and not waiting and claim is not None:
            assert claim.owner in (first, second)

    @precondition(lambda self: self.cases)
    @rule(choice=st.integers(0, 99))
    def the_brand_answers(self, choice: int) -> None:
        case = self._case(choice)
        if self.town.conversation(case).state is State.WAITING:
            self._guarded(lambda: self.town.answer(case))

    @precondition(lambda self: self.cases)
    @rule(choice=st.integers(0, 99))
    def the_customer_asks_again(self, choice: int) -> None:
        case, now = self._case(choice), self.town.clock.now()
        row = self.town.conversation(case)
        if row.state is not State.ANSWERED:
            return
        entry = an_entry(id=f"{row.entries[0].id}_{row.epoch}", at=now, received_at=now)
        asked = replace(
            row,
            rev=row.rev + 1,
            epoch=row.epoch + 1,
            state=State.WAITING,
            entries=(entry,),
            owed_post_id=entry.id,
            started_at=now,
            deadline_at=now + minutes(30),
        )
        due_at = next_due_at(asked, self.town.world.team.current())
        self._guarded(lambda: self.town.saving.commit(Put(replace(asked, next_due_at=due_at))))

    # --- always ---------------------------------------------------------------------------------------

    @invariant()
    def nothing_is_doubled_and_nobody_is_flooded(self) -> None:
        nothing_is_handed_over_twice(self.witness)
        texts_stay_within_bounds(self.witness)
        one_message_per_conversation(self.witness)

    @invariant()
    def what_is_due_has_happened(self) -> None:
        """No step, claim's end, page, digest or card is overdue once the pager has had time to recover."""
        if self.town.crashes != getattr(self, "_crashes", 0):
            self._crashes = self.town.crashes
            self._disturb()
        late = self.town.clock.now() - RECOVERY
        if self.disturbed_at > late:
            return
        overdue = [due for shard in range(SHARDS) for due in self.town.store.due(shard, late)]
        assert not overdue, overdue
        for case in self.cases:
            self._is_looked_after(self.town.conversation(case))

    def _is_looked_after(self, row: Conversation) -> None:
        """An unclaimed breach is never quiet for longer than its pause, a tick and a gap; a claim ends."""
        now = self.town.clock.now()
        if row.state is not State.WAITING:
            return
        if row.claim is not None:
            assert now < row.claim.until + RECOVERY, f"{row.id} is held beyond its claim"
            return
        steps = {f.step for f in row.fired}
        for number, step in enumerate(LADDER):
            assert due_of(step, row) > now - RECOVERY or str(number) in steps, (
                f"step {number} of {row.id} is lost"
            )
        if due_of(LADDER[-1], row) < now - RECOVERY:
            pause = LADDER[-1].widen[-1]
            assert is_quiet_for(self.witness, row) <= pause + TICK + GAP + RECOVERY, (
                f"{row.id} has gone quiet"
            )

    def teardown(self) -> None:
        """After an hour of calm everything has ended, and everybody who was waited for has been paged."""
        if not hasattr(self, "town"):
            return
        self.town.world.fuse.before = None
        for _ in range(30):
            self._advance(minutes(2))
            self.what_is_due_has_happened()
        self.nothing_is_doubled_and_nobody_is_flooded()
        late = self.town.clock.now() - RECOVERY
        open_pages = [p for p in self.town.store.everything(Page) if not is_over(p)]
        lost = [p for p in open_pages if (p.lease_until or p.due_at) <= late]
        assert not lost, lost

    # --- how ------------------------------------------------------------------------------------------

    def _case(self, choice: int) -> str:
        return self.cases[choice % len(self.cases)]

    def _advance(self, by: timedelta) -> None:
        until = self.town.clock.now() + by
        self.town.advance_to((until - self.town.start) / minutes(1))

    def _disturb(self) -> None:
        self.disturbed_at = self.town.clock.now()

    def _act(self, act: Callable[[], object]) -> None:
        """A person does something; being refused is an answer, a crash is a click without effect."""
        try:
            self._guarded(act)
        except (Conflict, Transient):
            return

    def _guarded(self, act: Callable[[], object]) -> None:
        try:
            act()
        except Crash:
            self.town.crashes += 1
            self._disturb()


TestPager = Pager.TestCase
TestPager.settings = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


class DeepPager(Pager):
    """The same, for longer."""


TestDeepPager = pytest.mark.deep(DeepPager.TestCase)
TestDeepPager.settings = settings(TestPager.settings, max_examples=500, stateful_step_count=60)
