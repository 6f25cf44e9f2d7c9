"""A reply counts wherever it was typed; an automatic one does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.conversation import State
from chalicelib.domain.posts import Direction, Kind, Post
from chalicelib.domain.team import TeamFile
from tests.builders import CUSTOMER, NIGHT, PAGE_ID, THREAD, a_dm, a_post, a_reply_post, a_team, minutes
from tests.unit.intake.town import Town, deleted, edited, minutes_after

AWAY = "Thanks for your message! We are away"


def team_with_automations() -> TeamFile:
    team = a_team()
    account = replace(team.accounts["acme-fb"], automations=("app:26390", AWAY))
    return replace(team, accounts={"acme-fb": account})


def test_a_native_reply_stops_the_clock() -> None:
    """Typed in Facebook's own app, five minutes later."""
    town = Town()
    town.asked()
    town.replied()
    found = town.conversation
    assert (found.state, found.epoch, found.next_due_at) == (State.ANSWERED, 2, None)
    assert minutes_after(found.answered_at) == 5


def test_a_post_after_the_reply_starts_the_next_response_clock() -> None:
    """With its own target, in a new epoch."""
    team = a_team()
    slow_first = replace(team.policies[0], next=minutes(30))
    town = Town(replace(team, policies=(slow_first,)))
    town.asked()
    town.replied()
    town.asked("And now?", at=20, external_id="5550001_3")
    found = town.conversation
    assert (found.state, found.epoch, minutes_after(found.deadline_at)) == (State.WAITING, 3, 50)


def test_a_reply_that_comes_before_its_question_still_meets_it() -> None:
    """The order of webhooks is nobody's promise: the event times decide."""
    town = Town()
    town.replied(at=5)
    assert town.conversations == []
    town.hears(a_post(), received_at=NIGHT + minutes(6))
    assert (town.conversation.state, town.conversation.epoch) == (State.ANSWERED, 0)


def test_a_reply_older_than_the_question_answers_nothing() -> None:
    """It was about something else."""
    town = Town()
    town.replied(at=-5)
    town.asked()
    assert town.conversation.state is State.WAITING


@pytest.mark.parametrize("words", [AWAY, "thanks for your  message! we are away.", AWAY + " until nine."])
def test_a_listed_text_lets_the_clock_run(words: str) -> None:
    """Away messages answer nobody, whatever their case, spaces or ending."""
    town = Town(team_with_automations())
    town.asked()
    town.replied(words)
    assert town.conversation.state is State.WAITING
    assert "An automatic reply went out; the clock runs on." in town.timeline()


def test_a_short_listed_text_is_no_beginning() -> None:
    """Else a listed "Hi" would make a machine of every kind agent."""
    team = team_with_automations()
    account = replace(team.accounts["acme-fb"], automations=("Hi",))
    town = Town(replace(team, accounts={"acme-fb": account}))
    town.asked()
    town.replied("Hi Jo, your order left today.")
    assert town.conversation.state is State.ANSWERED


def test_a_reply_given_before_an_edit_does_not_answer_what_the_edit_asks() -> None:
    """The brand thanked for praise; then the praise became a question."""
    town = Town()
    town.needless("Lovely crew!")
    post = town.asked("Lovely crew!")
    town.replied(at=5)
    town.hears(edited(post, "Lovely crew! But where is my bag?", at=9))
    found = town.conversation
    assert (found.state, minutes_after(found.deadline_at)) == (State.WAITING, 60)


def test_a_listed_app_lets_the_clock_run() -> None:
    """A foreign bot is known by the app that sent."""
    town = Town(team_with_automations())
    town.hears(a_dm())
    town.hears(a_native_dm(app_id="26390"))
    assert town.conversation.state is State.WAITING
    assert town.stored("m_2").automatic


@pytest.mark.parametrize(
    ("seconds", "state"), [(0, State.WAITING), (10, State.WAITING), (11, State.ANSWERED)]
)
def test_a_reply_within_ten_seconds_is_a_machines(seconds: float, state: State) -> None:
    """Nobody types that fast."""
    town = Town()
    town.asked()
    town.replied(at=seconds / 60)
    assert town.conversation.state is state


def test_a_native_reply_delivered_twice_counts_once() -> None:
    """The second is known."""
    town = Town()
    town.asked()
    reply = town.replied()
    before = town.conversation
    assert not town.hears(reply)
    assert town.conversation == before


def test_our_reply_deleted_starts_the_clock_again() -> None:
    """From the original event time, with a grace: an obligation born late keeps its true promise."""
    town = Town()
    town.asked()
    reply = town.replied()
    town.hears(deleted(reply, at=58))
    found = town.conversation
    assert (found.state, found.epoch) == (State.WAITING, 3)
    assert (minutes_after(found.promise_at), minutes_after(found.deadline_at)) == (60, 68)


def test_the_brands_own_post_answers_nobody() -> None:
    """A new post on its own page is not a reply, and nothing is stored."""
    town = Town()
    town.asked()
    town.replied(kind=Kind.POST, external_id="777", thread_id="777", parent_id=None, stops_clock=False)
    assert town.conversation.state is State.WAITING
    assert len(town.store.commits) == 1


def test_a_native_direct_message_answers_its_thread() -> None:
    """A message from the page's inbox stops the clock of that person's messages."""
    town = Town()
    town.hears(a_dm())
    town.hears(a_native_dm())
    assert town.conversation.state is State.ANSWERED


def test_a_direct_reply_before_its_question_meets_it() -> None:
    """The conversation is opened by whoever is heard first."""
    town = Town()
    town.hears(a_native_dm())
    assert (town.conversation.state, town.conversation.epoch) == (State.ANSWERED, 0)
    town.hears(a_dm(), received_at=NIGHT + minutes(9))
    assert (town.conversation.state, town.conversation.epoch) == (State.ANSWERED, 0)


def test_a_direct_message_only_annotates_the_persons_public_question() -> None:
    """Nothing ties it to the comment: the clock runs, and a person is asked."""
    town = Town()
    town.asked()
    town.hears(a_native_dm())
    public = next(c for c in town.conversations if c.thread_id == THREAD)
    assert (public.state, public.maybe_replies) == (State.WAITING, ("m_2",))


def test_a_private_reply_tied_to_the_comment_answers_it() -> None:
    """The platform itself says which comment it is about."""
    town = Town()
    town.asked()
    town.hears(a_native_dm(parent_id="5550001_1"))
    public = next(c for c in town.conversations if c.thread_id == THREAD)
    assert public.state is State.ANSWERED


def test_an_edit_of_a_reply_nobody_has_seen_answers_nobody() -> None:
    """The brand mends a comment of last month: that is no reply to tonight's question. Its create may still come."""
    town = Town()
    town.asked()
    reply = a_reply_post(created_at=NIGHT + minutes(5))
    town.hears(edited(reply, "We are on it!", at=9))
    assert town.conversation.state is State.WAITING
    town.hears(reply, received_at=NIGHT + minutes(10))
    assert (town.conversation.state, minutes_after(town.conversation.answered_at)) == (State.ANSWERED, 5)


@pytest.mark.parametrize(("seconds", "state"), [(5, State.WAITING), (60, State.ANSWERED)])
def test_a_send_of_our_app_that_nobody_knows_counts_as_a_native_one(seconds: float, state: State) -> None:
    """Another tool may use our app: a person's reply counts, a machine's does not."""
    town = Town()
    town.hears(a_dm())
    made = NIGHT + minutes(seconds / 60)
    town.hears(a_native_dm(direction=Direction.OUTBOUND, correlation="other:tool", created_at=made))
    assert town.conversation.state is state


def a_native_dm(**changes: Any) -> Post:
    """Return a message from the page's own inbox."""
    private = {
        "kind": Kind.DM,
        "external_id": "m_2",
        "thread_id": f"dm:{CUSTOMER}",
        "parent_id": None,
        "post_id": None,
        "contact_id": CUSTOMER,
        "author_id": PAGE_ID,
    }
    return a_reply_post(**(private | changes))
