"""Nobody adds to an answer they never saw, however closely two people send; reopening and pausing are said once."""

from __future__ import annotations

import pytest

from chalicelib.domain.answers_seen import latest_answer, unseen_answers
from chalicelib.domain.conversation import State
from chalicelib.errors import Conflict
from chalicelib.services.drafts import LIFE, Drafts
from chalicelib.services.replies import Replies
from tests.builders import NIGHT, a_reply_entry, an_answered_conversation, an_entry, minutes
from tests.unit.intake.desk_town import DeskTown


def test_an_answer_confirmed_between_looking_and_saving_comes_first() -> None:
    """Ben's form is checked, Ana's answer reaches the customer, then Ben's would be saved."""
    town = DeskTown()
    town.asked()
    anas = Replies(town.store, town.books)

    def meanwhile() -> None:
        anas.reply(town.id, "It left this morning.", "ana", town.clock.now())
        town.sends()

    town.interrupt_next_commit(meanwhile)
    with pytest.raises(Conflict) as late:
        town.replies.reply(town.id, "It is lost.", "ben", town.clock.now(), seen="")
    assert late.value.holder == "ana"
    assert [out.text for out in town.replier.taken] == ["It left this morning."]


def test_who_does_not_say_what_they_have_seen_is_let_through_as_before() -> None:
    """The operator's command line, say: it asks no form."""
    town = DeskTown()
    town.asked()
    town.answers()
    town.sends()
    assert town.replies.reply(town.id, "And sorry!", "ben", town.clock.now()).text == "And sorry!"


def test_what_was_seen_is_known_by_id_for_clocks_may_stand_still() -> None:
    """Two answers of one instant: the second is new to whoever saw the first."""
    first, second = a_reply_entry(by="ana"), a_reply_entry(id="5550001_3", by="chi")
    found = an_answered_conversation(entries=(an_entry(), first, second))
    assert latest_answer(found) == second.id
    assert [e.id for e in unseen_answers(found, first.id, "ben")] == [second.id]
    assert unseen_answers(found, second.id, "ben") == []
    assert [e.id for e in unseen_answers(found, "", "ben")] == [first.id, second.id]


def test_ones_own_answers_are_no_news() -> None:
    found = an_answered_conversation(entries=(an_entry(), a_reply_entry(by="ben")))
    assert unseen_answers(found, "", "ben") == []


def test_if_the_answer_that_was_seen_is_gone_the_others_are_new() -> None:
    """Better told twice than not at all."""
    found = an_answered_conversation(entries=(an_entry(), a_reply_entry(by="ana")))
    assert [e.by for e in unseen_answers(found, "gone", "ben")] == ["ana"]


def test_a_machines_answer_is_nobodys() -> None:
    found = an_answered_conversation(
        entries=(an_entry(), a_reply_entry(at=NIGHT + minutes(0.1), native=True))
    )
    assert latest_answer(found) == ""


def test_who_writes_is_shown_in_the_order_they_began_and_until_they_end() -> None:
    town = DeskTown()
    drafts = Drafts(town.store)
    for minute, person in ((0, "ana"), (1, "chi"), (2, "ben")):
        drafts.begin("c1", person, NIGHT + minutes(minute))
    drafts.begin("c1", "ana", NIGHT + minutes(5))
    at = NIGHT + minutes(6)
    assert [(d.person, d.at) for d in drafts.others("c1", "ben", at)] == [
        ("ana", NIGHT),
        ("chi", NIGHT + minutes(1)),
    ]
    drafts.end("c1", "ana")
    assert [d.person for d in drafts.others("c1", "ben", at)] == ["chi"]
    assert drafts.others("c1", "ben", NIGHT + minutes(1) + LIFE) == ()


def test_reopening_what_nobody_of_us_closed_changes_nothing() -> None:
    town = DeskTown()
    town.asked()
    with pytest.raises(Conflict):
        town.replies.reopen(town.id, "ana", town.clock.now())
    assert town.conversation.state is State.WAITING


def test_what_is_opened_again_is_an_obligation_born_late() -> None:
    """It keeps its true promise for reports, and ten minutes at least to be answered."""
    town = DeskTown()
    town.asked()
    promise_at = town.conversation.promise_at
    town.clock.set(NIGHT + minutes(58))
    town.replies.close(town.id, "ana", "Answered elsewhere", town.clock.now())
    found = town.replies.reopen(town.id, "ben", town.clock.now())
    assert (found.state, found.promise_at) == (State.WAITING, promise_at)
    assert found.deadline_at == NIGHT + minutes(68)
