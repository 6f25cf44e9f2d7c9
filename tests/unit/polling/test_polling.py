"""Looking for ourselves: what no webhook told is taken in once, whoever dies, whoever else looks, whatever fails."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.conversation import Conversation
from chalicelib.errors import NotFound, Transient
from chalicelib.services.cursors import LEASE
from chalicelib.services.polling import CALLS, HOURLY
from chalicelib.services.ports import Sweep
from chalicelib.services.reply_faults import TokenDead, TokenMissing
from tests.builders import NIGHT, minutes
from tests.unit.polling.town import COMMENTS, PollTown


@pytest.fixture
def town() -> PollTown:
    """A town whose page has been looked at before."""
    town = PollTown()
    town.sweeps()
    town.sweeper.steps.clear()
    return town


def test_each_stream_of_each_account_has_a_message_of_its_own(town: PollTown) -> None:
    """So that one slow account keeps no other waiting."""
    assert town.polling.sweeps() == [COMMENTS]


def test_what_the_webhook_missed_is_taken_in_with_its_own_time(town: PollTown) -> None:
    """The promise runs from the customer's minute, not from the sweep's."""
    town.says(1, at=3)
    town.sweeps(at=30)
    assert town.known == ["1"]
    (conversation,) = town.store.everything(Conversation)
    assert conversation.deadline_at == NIGHT + minutes(63)
    assert town.meter.total("MissedByWebhook") == 1


def test_what_the_webhook_told_is_not_taken_in_again(town: PollTown) -> None:
    """Nor counted as missed."""
    town.told(1, at=3)
    town.sweeps(at=30)
    assert (town.known, town.cursor.found, town.meter.total("MissedByWebhook")) == (["1"], 0, 0)


def test_a_webhook_still_under_way_is_left_to_it(town: PollTown) -> None:
    """Two minutes; the next sweep looks at the same stretch again."""
    town.says(1, at=9)
    town.sweeps(at=10)
    assert town.known == []
    town.sweeps(at=12)
    assert town.known == ["1"]


def test_a_sweep_turns_every_page(town: PollTown) -> None:
    """Fifty posts, three a page: several runs, each going on where the one before stopped."""
    for number in range(50):
        town.says(number, at=1 + number / 10)
    town.sweeps(at=30)
    assert len(town.known) == 3 * CALLS
    assert town.cursor.pending
    assert town.cursor.reached_at == NIGHT
    town.sweeps(at=35)
    assert len(town.known) == 50
    assert (town.cursor.pending, town.cursor.reached_at) == ((), NIGHT + minutes(5.9))


def test_the_cursor_is_the_newest_post_seen_and_never_the_present(town: PollTown) -> None:
    """Platforms index late: the stretch before it is looked at again, so a post that appears late is found."""
    town.says(1, at=10)
    assert town.sweeps(at=20).reached_at == NIGHT + minutes(10)
    town.says(2, at=4)
    town.sweeps(at=25)
    assert town.known == ["1", "2"]


def test_two_never_sweep_at_once(town: PollTown) -> None:
    """Who comes second finds the lease and goes."""
    town.says(1, at=1)
    town.clock.set(NIGHT + minutes(10))
    town.sweeper.meanwhile = lambda: town.polling.sweep(COMMENTS)
    town.sweeps()
    assert len(town.sweeper.steps) == 1


def test_a_lease_that_ran_out_is_taken_over(town: PollTown) -> None:
    """Whoever died over a sweep is succeeded, and what it found is taken in once."""
    town.says(1, at=1)
    town.sweeper.script = [KeyboardInterrupt()]  # type: ignore[list-item]
    with pytest.raises(KeyboardInterrupt):
        town.sweeps(at=10)
    town.clock.advance(LEASE - timedelta(seconds=1))
    assert town.sweeps().swept_at == NIGHT
    town.clock.advance(timedelta(seconds=1))
    assert town.sweeps().swept_at == town.clock.now()
    assert town.known == ["1"]


def test_a_platform_that_names_its_wait_is_waited_for(town: PollTown) -> None:
    """Not a call sooner; and the sweep goes on where it was refused."""
    for number in range(5):
        town.says(number, at=1)
    town.sweeper.script = [None, Transient("slow down", retry_after=timedelta(minutes=7))]
    town.sweeps(at=10)
    assert town.cursor.not_before == NIGHT + minutes(17)
    town.sweeps(at=16)
    assert len(town.sweeper.steps) == 2
    town.sweeps(at=17)
    assert [step for step, _ in town.sweeper.steps] == ["0", "3", "3"]
    assert len(town.known) == 5


def test_the_hours_budget_is_kept(town: PollTown) -> None:
    """What it leaves over waits for the next hour."""
    for number in range(3 * HOURLY + 6):
        town.says(number, at=1)
    for at in range(5, 60, 5):
        town.sweeps(at=at)
    assert len(town.sweeper.steps) == HOURLY - 1  # the first look was one
    assert town.meter.total("SweepBudgetSpent") > 0
    town.sweeps(at=66)
    assert len(town.known) == 3 * HOURLY + 6


def test_a_thread_that_is_gone_ends_no_sweep(town: PollTown) -> None:
    """Nothing in it can be missed."""
    town.sweeper.script = [NotFound("gone")]
    assert town.sweeps(at=10).swept_at == NIGHT + minutes(10)


def test_a_queue_that_fails_leaves_the_cursor_where_it_was(town: PollTown) -> None:
    """Found posts are handed over before the cursor moves."""
    town.says(1, at=1)
    town.inbound.fails(Transient("busy"))
    assert town.sweeps(at=10).reached_at == NIGHT
    town.sweeps(at=15)
    assert town.known == ["1"]


def test_a_dead_token_pages_by_the_ladder_until_it_works_again(town: PollTown) -> None:
    """The first page step at once, the next after ten minutes; once each, however often it is found."""
    town.sweeper.script = [TokenDead("the token has expired: connect the account again")] * 4
    town.sweeps(at=10)
    town.sweeps(at=15)
    assert town.paged == ["ana"]
    assert "acme-fb: the token has expired" in town.notices[0]
    town.sweeps(at=20)
    assert town.paged == ["ana", "ana", "ben", "ben"]
    town.sweeps(at=25)
    town.sweeps(at=30)
    assert town.cursor.fault is None
    town.sweeper.script = [TokenDead("dead again")]
    town.sweeps(at=40)
    assert town.paged.count("ana") == 3


def test_an_account_that_was_never_connected_for_reading_pages_nobody(town: PollTown) -> None:
    """Its webhooks are heard; that nobody stored a token is the doctor's to say, not the night's."""
    town.sweeper.script = [TokenMissing("store one")] * 30
    for at in range(5, 120, 5):
        town.sweeps(at=at)
    assert (town.paged, town.cursor.fault) == ([], "store one")


def test_a_passing_fault_pages_nobody_before_an_hour(town: PollTown) -> None:
    """Then it is one that only a person mends."""
    town.sweeper.script = [Transient("broken")] * 30
    for at in range(5, 65, 5):
        town.sweeps(at=at)
    assert town.paged == []
    town.sweeps(at=65)
    assert town.paged == ["ana"]


def test_only_this_accounts_waiting_threads_are_asked_for(town: PollTown) -> None:
    """Whoever waits may have said more where no webhook looks."""
    town.told(1, at=1)
    town.sweeps(at=10)
    assert town.sweeper.targets[-1].threads == ("5550001_1",)


def test_an_account_that_left_the_team_file_is_left_alone(town: PollTown) -> None:
    """Its message is done."""
    with pytest.raises(NotFound, match="no longer in the team file"):
        town.polling.sweep(Sweep("facebook", "999", "comments"))
