"""Forms behind buttons: closing with a reason, pausing with an end, handing over, correcting the judge."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.domain.conversation import Closure, State
from chalicelib.domain.follow_up_rows import FollowUp
from chalicelib.domain.items import Page
from chalicelib.domain.judgement import PostKind, Priority
from chalicelib.domain.labels import Label
from chalicelib.domain.pages import ASSIGN
from tests.builders import NIGHT, minutes
from tests.unit.slack.desk import ANA, BEN, STRANGER, SlackDesk


def waiting(**judged: object) -> SlackDesk:
    desk = SlackDesk()
    if judged:
        desk.judged("Where is my order?", **judged)
    desk.asked()
    desk.clock.set(NIGHT + minutes(10))
    return desk


def test_not_needed_asks_why_and_closes_with_that_reason() -> None:
    desk = waiting()
    desk.press(ANA, "close")
    told = desk.submit(ANA, reason="elsewhere", more="rang her")
    found = desk.conversation
    assert (found.state, found.closure, found.closed_by) == (State.CLOSED, Closure.BY_PERSON, "ana")
    assert found.closed_reason == "Answered elsewhere: by phone, by e-mail, in person: rang her"
    assert (told or "").startswith("Closed: Answered elsewhere")
    assert desk.open_to(ANA) is None


def test_something_else_must_be_said_in_words() -> None:
    """The form stays open with what is missing under its field."""
    desk = waiting()
    desk.press(ANA, "close")
    desk.submit(ANA, reason="other")
    assert desk.forms.open_to(ANA).errors == {"more.0": "Say why in a few words."}
    desk.submit(ANA, reason="other", more="the shop answered at the counter")
    assert desk.conversation.closed_reason == "the shop answered at the counter"


def test_closing_what_needed_no_answer_also_teaches_the_judge() -> None:
    desk = waiting()
    desk.press(ANA, "close")
    desk.submit(ANA, reason="needless")
    assert desk.conversation.state is State.CLOSED
    [label] = desk.store.everything(Label)
    assert label.verdict.needs_response is False


def test_the_label_is_of_the_post_that_was_shown_not_of_the_latest() -> None:
    desk = waiting()
    desk.asked("And where is my bag?", at=10, external_id="5550001_3")
    desk.press(ANA, "close")
    desk.submit(ANA, reason="needless")
    assert desk.conversation.state is State.CLOSED
    [label] = desk.store.everything(Label)
    assert label.text == "Where is my order?"


def test_closing_for_another_reason_says_nothing_of_the_judge() -> None:
    desk = waiting()
    desk.press(ANA, "close")
    desk.submit(ANA, reason="duplicate")
    assert desk.store.everything(Label) == []


def test_a_form_sent_twice_closes_once() -> None:
    desk = waiting()
    desk.press(ANA, "close")
    desk.repeats = {"submission"}
    desk.submit(ANA, reason="spam")
    assert len([words for words in desk.timeline() if "closed it" in words]) == 1
    assert desk.seen.complaints == []


def test_closing_what_was_answered_meanwhile_changes_nothing_and_says_so() -> None:
    desk = waiting()
    desk.press(ANA, "close")
    desk.replied("We are on it.", at=11)
    desk.submit(ANA, reason="elsewhere")
    assert desk.conversation.state is State.ANSWERED
    assert "That did not work: nobody is waiting" in desk.shown_to(ANA)


def test_a_customer_who_writes_again_opens_it_again() -> None:
    desk = waiting()
    desk.press(ANA, "close")
    desk.submit(ANA, reason="elsewhere")
    desk.asked("Nobody rang!", external_id="5550001_7", at=20)
    assert desk.conversation.state is State.WAITING


def test_a_pause_has_an_end_a_reason_and_a_name_and_shows_all_three() -> None:
    desk = waiting()
    desk.press(ANA, "pause")
    until = NIGHT + minutes(90)
    told = desk.submit(ANA, until=str(int(until.timestamp())), reason="the airline confirms")
    found = desk.conversation
    assert (found.state, found.paused_until, found.paused_by) == (State.PAUSED, until, "ana")
    assert (told or "").startswith("Paused until <!date^")
    assert "Paused: the airline confirms" in desk.card().text


def test_a_pause_is_offered_for_an_hour_at_a_quarter_past_the_hour() -> None:
    desk = waiting()
    desk.press(ANA, "pause")
    desk.submit(ANA, reason="the airline confirms")
    assert desk.conversation.paused_until == NIGHT + minutes(75)


def test_a_pause_into_the_past_is_pointed_out() -> None:
    desk = waiting()
    desk.press(ANA, "pause")
    desk.submit(ANA, until=str(int(NIGHT.timestamp())), reason="the airline confirms")
    assert desk.forms.open_to(ANA).errors == {"until": "Choose a time that is still to come."}
    assert desk.conversation.state is State.WAITING


def test_the_same_pause_sent_twice_is_one_pause() -> None:
    desk = waiting()
    desk.press(ANA, "pause")
    desk.repeats = {"submission"}
    desk.submit(ANA, reason="the airline confirms")
    assert len([words for words in desk.timeline() if "paused it" in words]) == 1


def test_handing_over_gives_it_to_somebody_who_is_paged() -> None:
    desk = waiting()
    desk.press(ANA, "claim")
    desk.press(ANA, "hand_over")
    assert desk.submit(ANA, to="ben") == "It is ben's now, and they are being told."
    assert desk.conversation.claim is not None
    assert desk.conversation.claim.owner == "ben"
    assert {page.person for page in desk.store.everything(Page) if page.step == ASSIGN} == {"ben"}


def test_handing_over_twice_pages_once() -> None:
    desk = waiting()
    desk.press(ANA, "hand_over")
    desk.repeats = {"submission"}
    desk.submit(ANA, to="lead")
    assert len([page for page in desk.store.everything(Page) if page.step == ASSIGN]) == 1


def test_it_is_never_offered_to_whoever_has_it() -> None:
    desk = waiting()
    desk.press(ANA, "claim")
    desk.press(BEN, "hand_over")
    assert "ana" not in desk.shown_to(BEN).splitlines()


def test_a_correction_changes_the_clock_and_is_kept_as_a_label() -> None:
    desk = waiting(kind=PostKind.COMPLAINT, priority=Priority.NORMAL)
    desk.press(ANA, "correct")
    assert "judged a complaint of normal priority" in desk.shown_to(ANA)
    desk.submit(ANA, correction="was_urgent")
    assert desk.conversation.priority is Priority.URGENT
    assert len(desk.store.everything(Label)) == 1


def test_a_wrong_queue_needs_the_right_one() -> None:
    desk = waiting()
    desk.press(ANA, "correct")
    desk.submit(ANA, correction="wrong_queue")
    assert desk.forms.open_to(ANA).errors == {"queue.0": "Choose the right queue."}
    assert (desk.submit(ANA, correction="wrong_queue", queue="billing") or "").startswith("Noted")


def test_correcting_what_is_so_already_changes_nothing_and_says_so() -> None:
    desk = waiting(kind=PostKind.REQUEST)
    desk.press(ANA, "correct")
    desk.submit(ANA, correction="not_a_complaint")
    assert "it was never held for a complaint" in desk.shown_to(ANA)
    assert desk.store.everything(Label) == []


def test_somebody_taken_off_the_team_file_sends_nothing() -> None:
    """Their form was open when they were."""
    desk = waiting()
    desk.press(ANA, "close")
    desk.forms.open_to(ANA).user = STRANGER
    desk.submit(STRANGER, reason="spam")
    [words] = desk.forms.open_to(STRANGER).errors.values()
    assert "does not know you" in words
    assert desk.conversation.state is State.WAITING


def test_checking_later_brings_it_back_then_to_whoever_asked() -> None:
    """Two days unless they say otherwise; the same form sent twice is one wish."""
    desk = waiting()
    desk.replied("We are on it.", at=12)
    desk.press(ANA, "follow_up")
    desk.repeats = {"submission"}
    assert (desk.submit(ANA, reason="did the refund arrive?") or "").startswith("It comes back on <!date^")
    [wish] = desk.store.everything(FollowUp)
    assert (wish.by, wish.reason, wish.rev) == ("ana", "did the refund arrive?", 1)
    assert wish.due_at == NIGHT + timedelta(days=2, minutes=15)


def test_checking_in_the_past_is_pointed_out() -> None:
    desk = waiting()
    desk.press(ANA, "follow_up")
    desk.submit(ANA, due=str(int(NIGHT.timestamp())), reason="did the refund arrive?")
    assert desk.forms.open_to(ANA).errors == {"due": "Choose a time that is still to come."}
    assert desk.store.everything(FollowUp) == []
