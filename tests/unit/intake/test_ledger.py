"""What a conversation owes, from its entries alone: rules as examples, and as properties of any ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.conversation import Claim, Closure, Conversation, Entry, Fired, State, Voice
from chalicelib.domain.judgement import Priority
from chalicelib.domain.ledger import recount, with_entry
from chalicelib.domain.ledger_size import ENTRIES, compact
from chalicelib.domain.posts import Surface
from chalicelib.domain.settling import answer_to, unanswered, with_births
from chalicelib.domain.team import Hours, Policy, PolicyMatch
from tests.builders import NIGHT, a_conversation, a_reply_entry, a_team, an_entry, minutes

TEAM = a_team(
    policies=(
        Policy(PolicyMatch(priority="urgent"), minutes(15), minutes(10), "default"),
        Policy(PolicyMatch(), minutes(60), minutes(30), "default"),
    )
)
NEW = a_conversation(
    epoch=0, state=State.ANSWERED, entries=(), owed_post_id=None, started_at=None, deadline_at=None
)


def counted(*entries: Entry, now: float = 0, before: Conversation = NEW, **changes: Any) -> Conversation:
    """Recount a conversation with these entries, ``now`` minutes after NIGHT."""
    return recount(replace(before, entries=entries, **changes), TEAM, NIGHT + minutes(now))


def question(number: int = 1, at: float = 0, **changes: Any) -> Entry:
    made = NIGHT + minutes(at)
    return an_entry(**({"id": f"q{number}", "at": made, "received_at": made} | changes))


def reply(number: int = 1, at: float = 5, **changes: Any) -> Entry:
    made = NIGHT + minutes(at)
    return a_reply_entry(**({"id": f"r{number}", "at": made, "received_at": made} | changes))


def test_equal_instants_count_if_the_reply_names_the_post() -> None:
    """Platforms tell time in seconds."""
    assert counted(question(), reply(at=0, parent_id="q1")).state is State.ANSWERED


@pytest.mark.parametrize(
    ("received", "state"), [(1, State.ANSWERED), (0, State.WAITING), (-1, State.WAITING)]
)
def test_equal_instants_count_if_the_reply_was_received_later(received: float, state: State) -> None:
    """Else the customer may have written after it."""
    assert counted(question(), reply(at=0, received_at=NIGHT + minutes(received))).state is state


def test_a_new_clock_starts_unclaimed_and_knows_the_last_owner() -> None:
    """Answering ends the claim; what fired belonged to the clock before."""
    claim = Claim("ana", NIGHT + minutes(2), NIGHT + minutes(32))
    held = replace(counted(question()), claim=claim, fired=(Fired("0", 0, NIGHT),))
    after = counted(question(), reply(), question(2, 9), before=held, now=9)
    assert (after.epoch, after.claim, after.last_owner, after.fired) == (3, None, "ana", ())


def test_an_edit_or_a_follow_up_keeps_the_claim_and_what_fired() -> None:
    """The same clock runs on: no pending page is void."""
    claim = Claim("ana", NIGHT + minutes(2), NIGHT + minutes(32))
    held = replace(counted(question()), claim=claim, fired=(Fired("0", 0, NIGHT),))
    after = counted(question(), question(2, 9), before=held, now=9)
    assert (after.epoch, after.claim, after.fired) == (1, claim, held.fired)


def test_a_clock_found_to_have_started_earlier_is_the_same_clock() -> None:
    """An older post arrives late: the deadline moves, the epoch stays."""
    held = counted(question(2, 20))
    after = counted(question(1, 0), question(2, 20), before=held, now=21)
    assert (after.epoch, after.owed_post_id, after.deadline_at) == (1, "q1", NIGHT + minutes(60))


def test_an_older_post_that_turns_out_to_owe_never_postpones_a_newer_ones_deadline() -> None:
    """A reversed judgement brings a grace for itself, and takes nothing from the others."""
    old = question(1, 0, revived_at=NIGHT + minutes(85))
    after = counted(old, question(2, 30), now=85)
    assert (after.owed_post_id, after.deadline_at) == ("q1", NIGHT + minutes(90))


def test_a_direct_message_is_answered_before_its_window_closes() -> None:
    """The platform's 24 hours after the customer's last word drive, if they end first."""
    slow = a_team(policies=(Policy(PolicyMatch(), timedelta(hours=30), minutes(30), "default"),))
    private = replace(NEW, surface=Surface.PRIVATE, entries=(question(),))
    after = recount(private, slow, NIGHT)
    assert after.window_until == NIGHT + timedelta(hours=24)
    assert after.deadline_at == after.window_until
    assert after.promise_at == NIGHT + timedelta(hours=30)


def test_a_window_that_had_closed_before_we_knew_drives_nothing() -> None:
    """Nobody can meet it; the promise stands."""
    private = replace(NEW, surface=Surface.PRIVATE)
    late = question(revived_at=NIGHT + timedelta(hours=40))
    after = recount(replace(private, entries=(late,)), TEAM, NIGHT + timedelta(hours=40))
    assert after.deadline_at == NIGHT + timedelta(hours=40, minutes=10)


def test_targets_with_hours_are_spent_while_open() -> None:
    """Praise written on Sunday night is due on Monday."""
    office = Hours("office", "Europe/London", ("weekdays 09:00-17:00",))
    policy = Policy(PolicyMatch(), timedelta(hours=1), timedelta(hours=1), "default", hours="office")
    team = a_team(policies=(policy,), hours={"office": office})
    after = recount(replace(NEW, entries=(question(),)), team, NIGHT)
    assert after.deadline_at == datetime(2027, 1, 11, 10, 0, tzinfo=NIGHT.tzinfo)
    assert after.hours == "office"


def test_a_thank_you_after_the_answer_is_visibly_judged() -> None:
    """It does not hide behind the answer it followed."""
    after = counted(question(), reply(), question(2, 9, owes=False))
    assert (after.state, after.answered_at) == (State.NO_ANSWER_NEEDED, NIGHT + minutes(5))


def test_what_its_author_took_back_is_withdrawn_and_what_the_brand_hid_moderated() -> None:
    """The last to go says why."""
    gone = question(gone_at=NIGHT + minutes(3), gone=Closure.WITHDRAWN)
    hidden = question(2, 1, gone_at=NIGHT + minutes(4), gone=Closure.MODERATED)
    assert counted(gone).closure is Closure.WITHDRAWN
    assert counted(gone, hidden).closure is Closure.MODERATED
    assert counted(gone, question(3)).state is State.WAITING


def test_a_pause_ends_by_itself() -> None:
    """Whoever looks after its end starts the clock again."""
    paused = counted(question(), paused_until=NIGHT + minutes(50), pause_reason="depot", paused_by="ana")
    assert (paused.state, paused.next_due_at) == (State.PAUSED, NIGHT + minutes(50))
    woken = recount(paused, TEAM, NIGHT + minutes(51))
    assert (woken.state, woken.deadline_at, woken.pause_reason) == (State.WAITING, NIGHT + minutes(61), None)


def test_a_swift_reply_stays_a_machines_when_the_post_that_gave_it_away_is_let_go() -> None:
    """Else an automatic answer would stop the oldest clock, weeks later, by mere forgetting."""
    thanks = question(2, 5, owes=False)
    machine = reply(1, 5.05, native=True)
    chatter = [question(number, 10 + number, owes=False) for number in range(3, 25)]
    after = counted(question(), thanks, machine, *chatter)
    assert "q2" not in {entry.id for entry in after.entries}
    assert recount(after, TEAM, NIGHT).owed_post_id == "q1"


def test_the_last_answer_is_remembered_behind_any_number_of_machines() -> None:
    """Who answered, and when, outlasts what nobody needs."""
    machines = [reply(number, 10 + number, voice=Voice.AUTOMATIC) for number in range(2, 40)]
    after = counted(question(), reply(by="ana"), *machines)
    again = recount(after, TEAM, NIGHT)
    assert (len(after.entries), again.state, again.answered_by) == (ENTRIES, State.ANSWERED, "ana")


entries = st.builds(
    lambda number, at, voice, flags, priority: Entry(
        id=f"e{number}",
        at=NIGHT + minutes(at),
        received_at=NIGHT + minutes(at + flags[3] * 30),
        voice=voice,
        owes=voice is Voice.CUSTOMER and flags[0],
        native=flags[1],
        settles=flags[2] or voice is Voice.CUSTOMER,
        gone_at=NIGHT + minutes(at + 7) if flags[4] and flags[5] else None,
        gone=Closure.WITHDRAWN if flags[4] and flags[5] else None,
        priority=priority,
    ),
    st.integers(0, 999),
    st.integers(0, 200),
    st.sampled_from(Voice),
    st.tuples(*[st.booleans()] * 6),
    st.sampled_from([Priority.NORMAL, Priority.NORMAL, Priority.URGENT]),
)


def ledgers(size: int, *, at_least: int = 0) -> st.SearchStrategy[tuple[Entry, ...]]:
    return st.lists(entries, min_size=at_least, max_size=size, unique_by=lambda e: e.id).map(tuple)


OUTCOME = (
    "state",
    "closure",
    "owed_post_id",
    "started_at",
    "target",
    "promise_at",
    "deadline_at",
    "window_until",
    "answered_at",
    "priority",
)


def result(conversation: Conversation) -> dict[str, Any]:
    return {name: getattr(conversation, name) for name in OUTCOME}


@settings(max_examples=150, deadline=None)
@given(ledgers(12))
def test_a_clock_runs_exactly_while_something_is_owed(ledger: tuple[Entry, ...]) -> None:
    """Promise 1: waiting with a deadline and something due, or a visible reason why not; the epoch tells."""
    after = counted(*ledger)
    owed = bool(unanswered(after.entries))
    assert (after.state is State.WAITING) == owed == (after.epoch == 1)
    fields = (after.owed_post_id, after.started_at, after.deadline_at, after.promise_at, after.next_due_at)
    assert [field is not None for field in fields] == [owed] * 5


@settings(max_examples=150, deadline=None)
@given(ledgers(12))
def test_counting_again_changes_nothing(ledger: tuple[Entry, ...]) -> None:
    """A recount is a fixed point: it can be repeated by anybody at any time."""
    after = counted(*ledger)
    assert recount(after, TEAM, NIGHT + minutes(3)) == after


@settings(max_examples=150, deadline=None)
@given(ledgers(12))
def test_a_deadline_lies_between_the_promise_and_what_each_post_was_promised(
    ledger: tuple[Entry, ...],
) -> None:
    """Grace adds to the promise; no other post makes one wait longer than by itself."""
    after = counted(*(entry for entry in ledger if entry.voice is Voice.CUSTOMER))
    if after.promise_at is None or after.deadline_at is None:
        return
    assert after.deadline_at >= after.promise_at
    for post in unanswered(after.entries):
        alone = counted(post)
        assert alone.deadline_at is not None
        assert after.deadline_at <= alone.deadline_at


@settings(max_examples=150, deadline=None)
@given(ledgers(60, at_least=ENTRIES + 1))
def test_a_long_ledger_is_cut_without_changing_what_it_says(ledger: tuple[Entry, ...]) -> None:
    """Entries that cannot matter any more are let go, once births are dated, as a recount does first."""
    whole = with_births(tuple(sorted(ledger, key=lambda e: (e.at, e.id))))
    fewer = compact(whole)
    assert result(counted(*fewer)) == result(counted(*whole))


@settings(max_examples=100, deadline=None)
@given(ledgers(60, at_least=ENTRIES + 1))
def test_a_row_stays_small_however_long_the_talk(ledger: tuple[Entry, ...]) -> None:
    """At most ``ENTRIES`` and a handful that today's outcome rests on."""
    assert len(counted(*ledger).entries) <= ENTRIES + 12


@settings(max_examples=100, deadline=None)
@given(ledgers(10), st.integers(0, 200))
def test_a_human_reply_after_everything_settles_everything(ledger: tuple[Entry, ...], later: int) -> None:
    """Promise 4, whatever happened before."""
    last = Entry("last", NIGHT + minutes(300 + later), NIGHT + minutes(300 + later), Voice.HUMAN)
    after = recount(with_entry(counted(*ledger), last), TEAM, NIGHT + minutes(600))
    assert after.state is not State.WAITING
    living = [e for e in after.entries if e.voice is Voice.CUSTOMER and e.gone_at is None]
    assert all(answer_to(post, after.entries) for post in living)
