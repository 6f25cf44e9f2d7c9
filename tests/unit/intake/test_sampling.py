"""What the judge closes or doubts is checked by people: by a click, without a page, and never by chance alone twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.checks import asked_about, is_news
from chalicelib.domain.conversation import State
from chalicelib.domain.items import Card, StoredPost
from chalicelib.domain.judgement import Band, PostKind, Priority
from chalicelib.domain.labels import Correction
from chalicelib.domain.team import Policy, PolicyMatch, Team
from chalicelib.errors import Conflict
from chalicelib.services.intake_posts import Posts
from chalicelib.services.sampling import place
from tests.builders import NIGHT, a_stored_post, a_team, minutes
from tests.unit.intake.stores import Interrupted
from tests.unit.intake.test_corrections import ASKED, CorrectedTown
from tests.unit.intake.town import deleted, edited, judgement_of, minutes_after, restored

CLOSED = "Lovely crew!"
DOUBTED = "well that was a flight"


def sampling_town(share: float = 1.0, **team: Any) -> CorrectedTown:
    """Return a town where this share of closed posts is checked."""
    town = CorrectedTown(a_team(sample=share, **team))
    town.judged(CLOSED, needs_response=False, kind=PostKind.PRAISE, priority=Priority.LOW, band=Band.CLOSED)
    town.judged(DOUBTED, needs_response=False, kind=PostKind.CHATTER, priority=Priority.LOW, band=Band.REVIEW)
    return town


# --- the middle band --------------------------------------------------------------------------------------


def test_what_the_judge_doubts_waits_under_the_promise_of_low_priority() -> None:
    """A clock by policy, and a question on it."""
    low = Policy(PolicyMatch(priority="low"), minutes(480), minutes(480), "default")
    town = sampling_town(0, policies=(low, Policy(PolicyMatch(), minutes(60), minutes(60), "default")))
    town.asked(DOUBTED)
    found = town.conversation
    assert (found.state, found.priority, minutes_after(found.deadline_at)) == (State.WAITING, "low", 480)
    assert (asked := asked_about(found)) is not None
    assert asked.id == ASKED
    assert town.labels == []


def test_a_yes_to_a_doubt_makes_it_an_ordinary_question() -> None:
    """Normal priority, its own promise, with the grace of a late birth."""
    low = Policy(PolicyMatch(priority="low"), minutes(480), minutes(480), "default")
    town = sampling_town(0, policies=(low, Policy(PolicyMatch(), minutes(60), minutes(60), "default")))
    town.asked(DOUBTED)
    found = town.says(Correction.NEEDED_ANSWER, at=100)
    assert (found.priority, minutes_after(found.deadline_at)) == (Priority.NORMAL, 110)
    assert asked_about(found) is None


def test_a_no_to_a_doubt_closes_it_and_confirms_the_judge() -> None:
    """Kept as a label too: where the judge doubts, either answer teaches."""
    town = sampling_town(0)
    town.asked(DOUBTED)
    assert town.says(Correction.NEEDED_NO_ANSWER, at=10).state is State.NO_ANSWER_NEEDED
    assert (town.label.said.band, town.label.verdict.needs_response) == (Band.REVIEW, False)


def test_a_doubted_post_that_gets_an_answer_is_answered() -> None:
    """Like any other."""
    town = sampling_town(0)
    town.asked(DOUBTED)
    town.replied()
    assert (town.conversation.state, asked_about(town.conversation)) == (State.ANSWERED, None)


# --- the sample -------------------------------------------------------------------------------------------


def test_a_sampled_post_is_told_to_the_channel_and_owes_nothing() -> None:
    """No clock, nothing in the due index but the card; the label waits for an answer."""
    town = sampling_town()
    town.asked(CLOSED)
    found = town.conversation
    assert (found.state, found.deadline_at, found.next_due_at, found.card_channels) == (
        State.NO_ANSWER_NEEDED,
        None,
        None,
        ("#social",),
    )
    assert is_news(found)
    assert town.label.is_open
    assert (town.label.conversation_id, town.label.post_id, town.label.sampled) == (found.id, ASKED, True)
    (card,) = town.store.everything(Card)
    assert card.next_due_at == town.clock.now()


def test_a_sampled_post_waits_out_the_quiet_hours() -> None:
    """At two in the morning a channel that is quiet until seven is told at seven."""
    quiet = {"care": Team("care", "#social", "UTC", quiet="22:00-07:00")}
    town = sampling_town(teams=quiet)
    town.asked(CLOSED)
    (card,) = town.store.everything(Card)
    assert minutes_after(card.next_due_at) == 5 * 60


def test_which_posts_are_drawn_follows_from_their_ids() -> None:
    """About the share that was asked for, the same ones each time."""
    rows = [a_stored_post(external_id=f"post-{n}") for n in range(20_000)]
    drawn = [row.external_id for row in rows if place(row) < 0.02]
    assert 340 <= len(drawn) <= 460
    assert drawn == [row.external_id for row in rows if place(row) < 0.02]


@pytest.mark.parametrize("share", [0.0, 0.02])
def test_what_is_not_drawn_is_closed_in_silence(share: float) -> None:
    """As before: visible and reversible, and nobody is told."""
    town = sampling_town(share)
    assert place(a_stored_post()) > 0.02
    town.asked(CLOSED)
    assert (town.conversation.state, town.conversation.card_channels) == (State.NO_ANSWER_NEEDED, ())
    assert (town.labels, is_news(town.conversation)) == ([], False)


def test_a_redelivery_draws_nothing_twice() -> None:
    """The second changes no row."""
    town = sampling_town()
    post = town.asked(CLOSED)
    commits = len(town.store.commits)
    assert not town.hears(post)
    assert len(town.store.commits) == commits


def test_a_race_draws_once() -> None:
    """Two deliveries of one post at the same instant make one label."""
    town = sampling_town()
    post = replace(town.asked("Where is my order?", at=1, external_id="5550001_9"), text=CLOSED)
    post = replace(post, external_id=ASKED, created_at=NIGHT, thread_id="777", parent_id=None, post_id="777")
    store = Interrupted(town.store, lambda: town.hears(post))
    posts = Posts(store, town.books, town.judging, town.clock)
    posts.take(post, town.team.current().accounts["acme-fb"], NIGHT)
    assert [label.said.band for label in town.labels].count(Band.CLOSED) == 1


def test_a_yes_to_a_sample_starts_the_clock_and_counts_as_a_miss() -> None:
    """Born late, with its true promise."""
    town = sampling_town()
    town.asked(CLOSED)
    found = town.says(Correction.NEEDED_ANSWER, at=200)
    assert (found.state, minutes_after(found.promise_at), minutes_after(found.deadline_at)) == (
        State.WAITING,
        60,
        210,
    )
    assert (town.label.is_open, town.label.verdict.needs_response) == (False, True)
    assert town.label.conversation_id is town.label.post_id is None
    assert not town.stored().sampled


def test_a_no_to_a_sample_ends_the_question() -> None:
    """The judge was right: said once, kept, and the question is gone."""
    town = sampling_town()
    town.asked(CLOSED)
    found = town.says(Correction.NEEDED_NO_ANSWER, at=200)
    assert (found.state, is_news(found)) == (State.NO_ANSWER_NEEDED, False)
    assert (town.label.is_open, town.label.verdict.needs_response) == (False, False)


def test_another_word_leaves_the_question_open() -> None:
    """A wrong queue says nothing of whether it needed an answer."""
    town = sampling_town()
    town.asked(CLOSED)
    town.says(Correction.WRONG_QUEUE, at=5, queue="travel")
    assert town.label.is_open
    assert asked_about(town.conversation) is not None
    town.says(Correction.NEEDED_NO_ANSWER, at=6)
    assert (town.label.verdict.queue, town.label.verdict.needs_response) == ("travel", False)


def test_only_a_question_that_was_asked_can_be_confirmed() -> None:
    """A post that was neither drawn nor doubted is closed already."""
    town = sampling_town(0)
    town.asked(CLOSED)
    with pytest.raises(Conflict, match="already held to need none"):
        town.says(Correction.NEEDED_NO_ANSWER, at=5)


def test_what_customers_write_next_is_judged_as_if_nothing_were_asked() -> None:
    """A sample opens no conversation: more praise after it is closed like any."""
    town = sampling_town()
    town.judged("and the food!", needs_response=False, kind=PostKind.PRAISE, band=Band.CLOSED)
    town.asked(CLOSED)
    town.asked("and the food!", at=3, external_id="5550001_3")
    assert town.conversation.state is State.NO_ANSWER_NEEDED


# --- new words --------------------------------------------------------------------------------------------


def test_an_edit_that_asks_answers_the_question() -> None:
    """The words that were drawn are gone: what is left is an ordinary question, and no label."""
    town = sampling_town()
    post = town.asked(CLOSED)
    town.hears(edited(post, "Where is my bag?", at=30))
    assert town.conversation.state is State.WAITING
    assert (town.label.sampled, town.label.text, town.stored().sampled) == (False, None, False)


def test_an_edit_that_asks_nothing_is_what_people_then_judge() -> None:
    """The label keeps the newest words."""
    town = sampling_town()
    town.judged("Lovely crew, all of them!", needs_response=False, kind=PostKind.PRAISE, band=Band.CLOSED)
    post = town.asked(CLOSED)
    town.hears(edited(post, "Lovely crew, all of them!", at=30))
    assert (town.label.text, town.label.is_open) == ("Lovely crew, all of them!", True)


@pytest.mark.parametrize("answered", [False, True])
def test_words_taken_back_are_forgotten_by_their_label(*, answered: bool) -> None:
    """What its author withdrew teaches nobody; what was counted stays counted."""
    town = sampling_town()
    post = town.asked(CLOSED)
    if answered:
        town.says(Correction.NEEDED_NO_ANSWER, at=5)
    town.hears(deleted(post, at=30))
    label = town.label
    assert (label.text, label.conversation_id, label.post_id, label.is_open) == (None, None, None, False)
    assert label.sampled is answered


def test_a_post_hidden_and_shown_again_keeps_its_question() -> None:
    """The brand's own hiding says nothing of the judge."""
    town = sampling_town()
    post = town.asked(CLOSED)
    town.hears(deleted(post, at=30, by_brand=True))
    town.hears(restored(post, at=40))
    assert town.label.is_open
    assert asked_about(town.conversation) is not None


def test_a_corrected_post_that_is_taken_back_leaves_no_words() -> None:
    """A label that nobody drew by chance as well."""
    town = sampling_town(0)
    post = town.asked()
    town.says(Correction.WAS_URGENT, at=5)
    town.hears(deleted(post, at=30))
    assert (town.label.text, town.label.verdict.urgency) == (None, 2)
    assert judgement_of(town, ASKED).model == "person:ben"
    assert town.store.everything(StoredPost)[0].text is None


def test_of_what_is_queued_the_same_share_is_noted_in_silence() -> None:
    """No question, no card, no text: something to count corrections against; a correction gives it its words."""
    town = sampling_town()
    town.asked()
    assert (town.label.sampled, town.label.is_open, town.label.text) == (True, False, None)
    assert (asked_about(town.conversation), town.conversation.card_channels) == (None, ())
    town.says(Correction.NEEDED_NO_ANSWER, at=5)
    assert (town.label.sampled, town.label.text) == (True, "Where is my order?")
