"""Asking in the background: each post once, a person once a day, and no failure costs more than a name."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest

from chalicelib.domain.conversation import State
from chalicelib.domain.enrichment import Told
from chalicelib.domain.polling_rows import Cursor, Incident, Known
from chalicelib.errors import NotFound, Permanent, Transient
from chalicelib.services.enrichment import FRESH, LATER, LEASE, MOST
from chalicelib.services.ports import Fetch, Hand
from chalicelib.services.quota import SHARED
from chalicelib.services.reply_faults import TokenDead, TokenMissing
from chalicelib.services.tick import Tick
from tests.builders import CUSTOMER, NIGHT, PAGE_ID, minutes
from tests.unit.enrichment.town import POST, AskTown

ASKED = Fetch("facebook", PAGE_ID, POST)
DEAD = TokenDead("the access token is dead: connect the account again")


@pytest.fixture
def town() -> AskTown:
    """A town whose webhook told of a mention and of nothing in it, which the platform would tell."""
    town = AskTown()
    post = town.bare()
    town.will_tell(post, text="Where is it?", author_id=CUSTOMER, contact_id=CUSTOMER)
    town.enricher.people[CUSTOMER] = Told(name="Jo Peters", followers=12)
    return town


def test_a_post_is_asked_about_and_then_its_author(town: AskTown) -> None:
    """Two calls, and it is over."""
    town.works()
    assert town.enricher.asked == [f"post {POST}", f"person {CUSTOMER}"]
    assert (town.errand.outcome, town.errand.next_due_at) == ("told", None)
    assert town.meter.total("Enriched") == 1


def test_asked_for_twice_it_is_asked_once(town: AskTown) -> None:
    """Messages are delivered more than once, and platforms deliver their webhooks again."""
    town.works()
    town.enrichment.fetch(ASKED)
    assert len(town.enricher.asked) == 2


def test_whoever_asks_is_alone_at_it(town: AskTown) -> None:
    """A second message that arrives meanwhile finds the lease and goes."""
    town.sweep.receive()
    town.enricher.meanwhile = lambda: town.enrichment.fetch(ASKED)
    town.enrichment.fetch(ASKED)
    assert len(town.enricher.asked) == 2


def test_a_delivery_that_comes_again_asks_again_only_until_it_is_told(town: AskTown) -> None:
    """Who died between saving and asking asks when the delivery comes back."""
    town.sweep.receive()
    town.bare()
    assert town.works() == 1
    town.bare()
    assert town.sweep.receive() == []


def test_a_hundred_posts_of_one_author_cost_one_question_about_them(town: AskTown) -> None:
    """The answer is kept a day; then names may have changed."""
    for number in range(2, 102):
        town.sweep.receive()
        town.will_tell(town.bare(number=number), text="Hello?", author_id=CUSTOMER)
        town.works()
    assert town.enricher.asked.count(f"person {CUSTOMER}") == 1
    late = town.bare(number=200)
    town.will_tell(late, text="Hello?", author_id=CUSTOMER)
    town.works(at=NIGHT + FRESH + minutes(1))
    assert town.enricher.asked.count(f"person {CUSTOMER}") == 2


@pytest.mark.parametrize("fault", [NotFound("gone"), Permanent("the app lacks a permission (code 230)")])
def test_a_person_of_whom_nothing_is_told_is_not_asked_about_again(town: AskTown, fault: Exception) -> None:
    """Their post keeps what it has: that nothing is told is an answer, kept like any other."""
    town.enricher.people[CUSTOMER] = fault
    town.works()
    assert (town.stored().text, town.errand.outcome) == ("Where is it?", "told")
    (known,) = town.store.everything(Known)
    assert known.told == Told()


def test_a_deleted_post_is_nothing(town: AskTown) -> None:
    """It stays with a person as it is, and nobody asks again."""
    town.enricher.script = [NotFound("the post is gone")]
    town.works()
    town.enrichment.fetch(ASKED)
    assert (town.errand.outcome, len(town.enricher.asked)) == ("the post is gone", 1)
    assert town.talk().state is State.WAITING


def test_a_dead_token_is_an_incident_and_costs_a_name(town: AskTown) -> None:
    """The mention waits with its deadline; whoever is on call is paged once; a new token ends it."""
    town.enricher.script = [DEAD] * 2
    town.works()
    assert (town.paged, town.talk().deadline_at) == (["ana"], NIGHT + minutes(60))
    assert "acme-fb: the access token is dead" in town.notices[0]
    town.ticks(at=NIGHT + minutes(6))
    assert town.paged == ["ana"]
    town.ticks(at=NIGHT + minutes(12))
    assert (town.errand.outcome, town.stored().text) == ("told", "Where is it?")
    (incident,) = town.store.everything(Incident)
    assert incident.closed_at == NIGHT + minutes(12)


def test_a_token_that_dies_between_two_questions_costs_only_the_second(town: AskTown) -> None:
    """The words are there and judged; whoever is on call hears of the token."""
    town.enricher.people[CUSTOMER] = DEAD
    town.works()
    assert (town.stored().text, town.paged) == ("Where is it?", ["ana"])
    assert town.store.everything(Known) == []


@pytest.mark.parametrize("fault", [TokenMissing("store one"), Permanent("the app lacks a permission")])
def test_what_only_a_person_can_mend_is_not_tried_again(town: AskTown, fault: Exception) -> None:
    """That nobody ever stored a token, or a permission is lacking, is the nightly check's to tell."""
    town.enricher.script = [fault]
    town.works()
    assert (town.errand.outcome, town.paged) == (str(fault), [])


def test_a_platform_that_names_its_wait_is_given_it(town: AskTown) -> None:
    """Not a call sooner, about this post or another of the account."""
    town.enricher.script = [Transient("slow down", retry_after=timedelta(minutes=7))]
    town.works()
    assert town.errand.next_due_at == NIGHT + minutes(7) + timedelta(seconds=2)
    other = town.bare(number=2)
    town.works(at=NIGHT + minutes(5))
    assert len(town.enricher.asked) == 1
    town.will_tell(other, text="And mine?")
    town.ticks(at=NIGHT + minutes(9))
    assert f"post {POST}" in town.enricher.asked[1:]


def test_what_is_to_be_tried_again_is_woken_by_the_tick_for_whoever_asks(town: AskTown) -> None:
    """On the queue of those with the platforms' secrets, not on that of those who deliver."""
    town.enricher.script = [Transient("broken", retry_after=minutes(4))]
    town.works()
    town.clock.set(NIGHT + minutes(5))
    Tick(town.store, town.saving, town.clock, town.meter).run()
    assert ASKED in town.sweep.receive()
    assert Hand not in {type(message) for message in town.outbound.messages}
    town.enrichment.fetch(ASKED)
    assert town.errand.tries == 1


def test_a_failure_that_passes_is_tried_ever_later_and_not_for_ever(town: AskTown) -> None:
    """After some seven hours nobody needs the name any more."""
    town.enricher.script = [Transient("broken")] * 99
    town.works()
    waits = []
    while (due := town.errand.next_due_at) is not None:
        waits.append(due - town.clock.now())
        town.ticks(at=due)
    assert waits == list(LATER)
    assert town.errand.outcome == "given up: broken"


def test_a_lease_that_ran_out_is_taken_over_by_the_tick(town: AskTown) -> None:
    """Whoever died while asking is succeeded."""
    town.enricher.script = [KeyboardInterrupt()]  # type: ignore[list-item]
    with pytest.raises(KeyboardInterrupt):
        town.works()
    town.ticks(at=town.clock.now() + LEASE - minutes(1))
    assert town.enricher.asked == [f"post {POST}"]
    town.ticks(at=town.clock.now() + minutes(2))
    assert (town.errand.outcome, town.stored().text) == ("told", "Where is it?")


def test_an_answer_that_kills_whoever_asked_is_not_asked_for_for_ever(town: AskTown) -> None:
    """Such a death leaves no word behind, so tries are counted where they begin."""
    town.enricher.script = [ZeroDivisionError()] * 99
    with pytest.raises(ZeroDivisionError):
        town.works()
    while (due := town.errand.next_due_at) is not None:
        with suppress(ZeroDivisionError):
            town.ticks(at=due)
    assert (town.errand.outcome, len(town.enricher.asked)) == ("given up: whoever asks dies of it", MOST)


def test_the_hours_budget_is_shared_with_the_sweeps(town: AskTown) -> None:
    """What they spent is spent; in the next hour there is room again."""
    town.sweep.receive()
    for stream in ("comments", "conversations"):
        cursor = Cursor("facebook", PAGE_ID, stream, NIGHT, spent=SHARED // 2, spent_at=NIGHT)
        town.books.save({}, (), (cursor,), NIGHT)
    town.enrichment.fetch(ASKED)
    assert (town.enricher.asked, town.errand.next_due_at) == ([], NIGHT + minutes(60))
    town.ticks(at=NIGHT + minutes(60))
    assert town.errand.outcome == "told"


def test_a_platform_that_turns_the_sweeps_away_is_given_rest(town: AskTown) -> None:
    """Its limits count every call of ours."""
    town.sweep.receive()
    until = NIGHT + minutes(20)
    resting = Cursor("facebook", PAGE_ID, "comments", NIGHT, fault="slow down", not_before=until)
    checked = Cursor(
        "facebook", PAGE_ID, "health", NIGHT, fault="lacks a scope", not_before=until + minutes(99)
    )
    town.books.save({}, (), (resting, checked), NIGHT)
    town.enrichment.fetch(ASKED)
    assert (town.enricher.asked, town.errand.next_due_at) == ([], until)


def test_what_was_answered_meanwhile_is_still_named(town: AskTown) -> None:
    """The person's next post finds this one."""
    town.replied(parent_id=POST, thread_id=POST, at=1)
    assert town.talk().state is State.ANSWERED
    town.works()
    assert (town.talk().state, town.talk().contact_name) == (State.ANSWERED, "Jo Peters")


def test_an_account_that_left_the_team_file_is_left_alone(town: AskTown) -> None:
    """Its message is done."""
    with pytest.raises(NotFound, match="no longer in the team file"):
        town.enrichment.fetch(Fetch("facebook", "999", POST))
