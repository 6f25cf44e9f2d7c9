"""The first time an account is looked at: what was said before is there to be read, and owes nobody anything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.conversation import Closure, Conversation, State
from chalicelib.domain.items import StoredPost, TimelineRow
from chalicelib.domain.polling_rows import Heard
from chalicelib.errors import Transient
from chalicelib.services.cursors import LEASE
from chalicelib.services.polling import CALLS
from chalicelib.services.reply_faults import TokenMissing
from tests.builders import NIGHT, a_reply_post, minutes
from tests.unit.intake.town import edited
from tests.unit.polling.town import PollTown

DAY = 24 * 60


@pytest.fixture
def town() -> PollTown:
    """A town nobody has looked at yet."""
    return PollTown()


def talk(town: PollTown, number: int = 1) -> Conversation:
    """Return the conversation of a numbered customer."""
    row = town.stored(f"5550001_{number}")
    found = town.store.get(Conversation, row.conversation_id or "")
    assert found is not None
    return found


def test_what_was_unanswered_before_is_history_without_a_clock(town: PollTown) -> None:
    """Visible, closed as history, in nobody's queue, with nothing due."""
    town.says(1, at=-30)
    town.sweeps(at=0)
    found = talk(town)
    assert (found.state, found.closure) == (State.CLOSED, Closure.HISTORY)
    assert (found.deadline_at, found.next_due_at, found.epoch) == (None, None, 0)
    assert list(town.store.open_work("care")) == []
    assert town.store.everything(TimelineRow)[0].words == "Jo Peters had written before Nightdesk came."


def test_the_import_goes_back_as_far_as_the_team_file_says(town: PollTown) -> None:
    """A day unless told; what is older is not read."""
    town.says(1, at=-DAY + 10)
    town.says(2, at=-DAY - 10)
    assert town.sweeps(at=0).importing is False
    assert town.known == ["1"]


def test_the_import_is_no_silent_webhook(town: PollTown) -> None:
    """Nobody was to tell of what stood there before: it is counted apart, and proves nothing."""
    for number in range(4):
        town.says(number, at=-30)
    town.sweeps(at=0)
    town.silence.run()
    assert (town.store.everything(Heard), town.paged, town.cursor.found) == ([], [], 0)
    assert (town.meter.total("Imported"), town.meter.total("MissedByWebhook")) == (4, 0)


def test_an_import_of_many_pages_is_one_import(town: PollTown) -> None:
    """It goes on where it stopped, and what was said before the first contact stays history to its end."""
    for number in range(4 * CALLS):
        town.says(number, at=-60 + number)
    assert town.sweeps(at=0).importing
    town.sweeps(at=5)
    assert len(town.known) == 4 * CALLS
    states = {c.state for c in town.store.everything(Conversation)}
    assert (states, town.cursor.importing) == ({State.CLOSED}, False)


def test_whoever_dies_in_mid_import_is_succeeded(town: PollTown) -> None:
    """Each post is imported once, and none of it owes anything."""
    for number in range(6):
        town.says(number, at=-30)
    town.sweeper.script = [None, KeyboardInterrupt()]  # type: ignore[list-item]
    with pytest.raises(KeyboardInterrupt):
        town.sweeps(at=0)
    town.clock.advance(LEASE)
    town.sweeps()
    assert len(town.known) == 6
    assert {row.rev for row in town.store.everything(StoredPost)} == {1}
    assert {c.state for c in town.store.everything(Conversation)} == {State.CLOSED}


def test_a_webhook_meanwhile_keeps_its_obligations(town: PollTown) -> None:
    """However old its post is, and whichever of the two is first."""
    told_before = town.says(1, at=-30)
    town.delivered(told_before.external_id)
    town.says(2, at=-30)
    town.sweeps(at=0)
    assert (talk(town, 1).state, talk(town, 2).state) == (State.WAITING, State.CLOSED)


def test_a_late_webhook_for_what_was_imported_brings_its_obligation(town: PollTown) -> None:
    """Delivered late is not born late: the promise runs from the customer's minute."""
    town.says(1, at=-30)
    town.sweeps(at=0)
    town.delivered("5550001_1")
    assert (talk(town).state, talk(town).deadline_at) == (State.WAITING, NIGHT + minutes(30))
    town.delivered("5550001_1")
    assert talk(town).epoch == 1


def test_importing_again_what_a_webhook_told_takes_nothing_from_it(town: PollTown) -> None:
    """The queue may deliver the import's message twice, and late."""
    post = town.says(1, at=-30)
    town.delivered("5550001_1")
    account = town.team.current().accounts["acme-fb"]
    assert not town.posts.take(replace(post, history=True), account, NIGHT)
    assert talk(town).state is State.WAITING


def test_an_answer_from_before_is_an_answer(town: PollTown) -> None:
    """Who was answered then is answered."""
    post = town.says(1, at=-30)
    reply = a_reply_post(
        external_id="5550001_9",
        created_at=NIGHT - minutes(20),
        thread_id=post.thread_id,
        parent_id=post.external_id,
    )
    town.sweeper.shown.append(reply)
    town.platform.will_mean("5550001_9", reply)
    town.sweeps(at=0)
    assert talk(town).state is State.ANSWERED


def test_a_new_word_in_an_old_conversation_is_owed_an_answer(town: PollTown) -> None:
    """From its own minute; what stood there before still owes nothing."""
    post = town.says(1, at=-30)
    town.sweeps(at=0)
    town.hears(replace(post, external_id="5550001_7", created_at=NIGHT + minutes(10)))
    assert (talk(town).state, talk(town).started_at) == (State.WAITING, NIGHT + minutes(10))


def test_new_words_in_an_old_post_are_owed_an_answer(town: PollTown) -> None:
    """As an edit is: from the edit, with the grace of what was born late."""
    post = town.says(1, at=-300)
    town.sweeps(at=0)
    town.hears(edited(post, "Still nothing, and now I am angry", at=5))
    assert (talk(town).state, talk(town).deadline_at) == (State.WAITING, NIGHT + minutes(15))


def test_an_old_post_is_made_to_owe_by_no_sweep(town: PollTown) -> None:
    """Later sweeps look further back than the import's end: what it took in is known."""
    town.says(1, at=-10)
    town.sweeps(at=0)
    town.sweeps(at=5)
    assert talk(town).state is State.CLOSED


def test_what_is_said_after_first_contact_is_owed_though_the_import_finds_it(town: PollTown) -> None:
    """An import that takes its time is no excuse."""
    for number in range(3 * CALLS):
        town.says(number, at=-60)
    town.sweeper.script = [Transient("slow down")]
    town.sweeps(at=0)
    town.says(99, at=3)
    town.sweeps(at=10)
    assert talk(town, 99).state is State.WAITING
    assert talk(town, 1).state is State.CLOSED


def test_an_account_that_cannot_be_read_yet_is_not_met(town: PollTown) -> None:
    """Its token came an hour later: what was said until then is history, not an hour of breaches."""
    town.sweeper.script = [TokenMissing("store one")]
    town.sweeps(at=0)
    town.says(1, at=30)
    town.sweeps(at=60)
    assert talk(town).state is State.CLOSED
    assert town.cursor.reached_at == NIGHT + minutes(60)
