"""What people do: answer, close, pause, resume, and overrule what a machine thought."""

from __future__ import annotations

import pytest

from chalicelib.domain.conversation import Closure, State
from chalicelib.domain.items import Handover, Reply, TimelineRow
from chalicelib.errors import Conflict, NotFound
from chalicelib.services.ports import Hand, Ref
from tests.builders import NIGHT, a_post, minutes
from tests.unit.intake.desk_town import DeskTown
from tests.unit.intake.town import deleted, edited, minutes_after


def test_an_answer_is_saved_before_it_is_sent() -> None:
    """One transaction holds the intent; the queue is told after it."""
    town = DeskTown()
    town.asked()
    reply = town.answers("Found it!")
    assert (reply.state, reply.to_post_id) == (Handover.PENDING, "5550001_1")
    assert town.conversation.sending == (reply.id,)
    assert town.outbound.messages == [Hand(Ref("Reply", reply.identity))]
    assert town.conversation.state is State.WAITING


def test_the_same_answer_sent_twice_by_an_impatient_finger_is_one() -> None:
    """A form's key names the answer."""
    town = DeskTown()
    town.asked()
    first = town.replies.reply(town.id, "Found it!", "ana", NIGHT + minutes(5), key="form-1")
    again = town.replies.reply(town.id, "Found it!", "ana", NIGHT + minutes(6), key="form-1")
    assert first == again
    assert len(town.store.everything(Reply)) == 1


def test_a_second_answer_hears_who_is_answering() -> None:
    """Two people never answer one customer at the same time."""
    town = DeskTown()
    town.asked()
    town.replies.reply(town.id, "Found it!", "ana", NIGHT + minutes(5))
    with pytest.raises(Conflict) as refused:
        town.replies.reply(town.id, "We lost it.", "ben", NIGHT + minutes(5))
    assert refused.value.holder == "ana"


def test_nobody_answers_over_the_head_of_whoever_has_it() -> None:
    """A claim is a promise among colleagues."""
    town = DeskTown()
    town.asked()
    town.claimed("ana", at=3)
    with pytest.raises(Conflict) as refused:
        town.replies.reply(town.id, "Mine!", "ben", NIGHT + minutes(5))
    assert refused.value.holder == "ana"


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_answer_needs_words(text: str) -> None:
    """An empty answer answers nobody."""
    town = DeskTown()
    town.asked()
    with pytest.raises(Conflict):
        town.replies.reply(town.id, text, "ana", NIGHT)


def test_there_is_nothing_to_answer_once_the_customer_took_it_back() -> None:
    """The reply would hang in the air."""
    town = DeskTown()
    town.hears(deleted(town.asked(), at=2))
    with pytest.raises(Conflict):
        town.replies.reply(town.id, "Found it!", "ana", NIGHT + minutes(5))


def test_closing_needs_a_reason_and_says_who() -> None:
    """Promise 1: closed by a person with a reason."""
    town = DeskTown()
    town.asked()
    with pytest.raises(Conflict):
        town.replies.close(town.id, "ana", " ", NIGHT)
    closed = town.replies.close(town.id, "ana", "a duplicate of C12", NIGHT + minutes(2))
    assert (closed.state, closed.closure, closed.closed_by) == (State.CLOSED, Closure.BY_PERSON, "ana")
    assert (closed.closed_reason, closed.next_due_at, closed.epoch) == ("a duplicate of C12", None, 2)
    with pytest.raises(Conflict):
        town.replies.close(town.id, "ben", "again", NIGHT + minutes(3))


def test_a_post_after_closing_opens_it_again() -> None:
    """Nothing is ignored because something before it was closed."""
    town = DeskTown()
    town.asked()
    town.replies.close(town.id, "ana", "spam", NIGHT + minutes(2))
    town.asked("No, really!", at=30, external_id="5550001_3")
    found = town.conversation
    assert (found.state, found.owed_post_id, found.closure) == (State.WAITING, "5550001_3", None)
    assert minutes_after(found.deadline_at) == 90


def test_a_post_unseen_by_whoever_closed_it_opens_it_too() -> None:
    """It was made before the closing and delivered after: the person never saw it."""
    town = DeskTown()
    town.asked()
    town.replies.close(town.id, "ana", "spam", NIGHT + minutes(2))
    late = a_post("And this!", external_id="5550001_3", created_at=NIGHT + minutes(1))
    town.hears(late, received_at=NIGHT + minutes(4))
    assert town.conversation.owed_post_id == "5550001_3"


def test_an_edit_does_not_undo_a_persons_closing() -> None:
    """Mending a typo is nothing new to whoever closed it."""
    town = DeskTown()
    post = town.asked()
    town.replies.close(town.id, "ana", "spam", NIGHT + minutes(2))
    town.hears(edited(post, "Where is my order??", at=3))
    assert (town.conversation.state, town.conversation.closed_by) == (State.CLOSED, "ana")


def test_what_was_closed_and_then_answered_is_answered() -> None:
    """Somebody replied natively after all: that is the truer word."""
    town = DeskTown()
    town.asked()
    town.replies.close(town.id, "ana", "spam", NIGHT + minutes(2))
    town.replied(at=9)
    assert (town.conversation.state, town.conversation.closure) == (State.ANSWERED, None)


def test_a_pause_needs_a_reason_a_person_and_an_end() -> None:
    """And it stays visible."""
    town = DeskTown()
    town.asked()
    at, until = NIGHT + minutes(2), NIGHT + minutes(50)
    for reason, end in [("", until), ("waiting for the depot", at)]:
        with pytest.raises(Conflict):
            town.replies.pause(town.id, "ana", reason, until=end, at=at)
    paused = town.replies.pause(town.id, "ana", "waiting for the depot", until=until, at=at)
    assert (paused.state, paused.pause_reason, paused.paused_by) == (
        State.PAUSED,
        "waiting for the depot",
        "ana",
    )
    assert (paused.next_due_at, paused.deadline_at) == (until, None)


def test_nobody_pauses_a_customer_away_for_ever() -> None:
    """A calendar's year is easily mistyped, and nothing would page until then."""
    town = DeskTown()
    town.asked()
    at = NIGHT + minutes(2)
    with pytest.raises(Conflict, match="14 days at most"):
        town.replies.pause(town.id, "ana", "the depot", until=at + minutes(14 * 1440 + 1), at=at)
    assert town.conversation.state is State.WAITING


def test_the_end_of_a_pause_is_a_late_born_obligation() -> None:
    """True promise, deadline after a grace."""
    town = DeskTown()
    town.asked()
    town.replies.pause(
        town.id, "ana", "waiting for the depot", until=NIGHT + minutes(90), at=NIGHT + minutes(2)
    )
    resumed = town.replies.resume(town.id, "ben", NIGHT + minutes(58))
    assert (resumed.state, resumed.epoch, resumed.paused_until) == (State.WAITING, 3, None)
    assert (minutes_after(resumed.promise_at), minutes_after(resumed.deadline_at)) == (60, 68)


def test_a_reply_during_a_pause_ends_both() -> None:
    """There is nothing left to hold back."""
    town = DeskTown()
    town.asked()
    town.replies.pause(town.id, "ana", "depot", until=NIGHT + minutes(90), at=NIGHT + minutes(2))
    town.replied(at=20)
    assert (town.conversation.state, town.conversation.paused_until) == (State.ANSWERED, None)


def test_a_customer_who_asks_anew_ends_the_pause() -> None:
    """Whoever paused it knew nothing of that: it is owed at once, under a promise that pages."""
    town = DeskTown()
    town.asked()
    town.replies.pause(town.id, "ana", "depot", until=NIGHT + minutes(900), at=NIGHT + minutes(2))
    town.asked("I am stranded with a child!", at=20, external_id="5550001_2")
    found = town.conversation
    assert (found.state, found.paused_until, found.pause_reason) == (State.WAITING, None, None)
    assert found.deadline_at is not None
    assert found.next_due_at is not None
    assert found.next_due_at < found.deadline_at < NIGHT + minutes(70)


def test_thanks_and_a_mended_typo_leave_a_pause_alone() -> None:
    """They ask for nothing that was not known."""
    town = DeskTown()
    post = town.asked()
    town.replies.pause(town.id, "ana", "depot", until=NIGHT + minutes(900), at=NIGHT + minutes(2))
    town.needless("ok, thanks")
    town.asked("ok, thanks", at=20, external_id="5550001_2")
    town.hears(edited(post, "Where is my order??", at=21))
    assert (town.conversation.state, town.conversation.paused_by) == (State.PAUSED, "ana")


def test_only_a_running_clock_can_be_paused_and_only_a_pause_resumed() -> None:
    """Anything else hears why not."""
    town = DeskTown()
    town.asked()
    with pytest.raises(Conflict):
        town.replies.resume(town.id, "ana", NIGHT)
    town.replied()
    with pytest.raises(Conflict):
        town.replies.pause(town.id, "ana", "depot", until=NIGHT + minutes(90), at=NIGHT + minutes(9))
    with pytest.raises(NotFound):
        town.replies.resume("nobody", "ana", NIGHT)


def test_a_person_says_a_doubtful_reply_was_for_them() -> None:
    """Yes stops the clock as of the reply's own time."""
    town = DeskTown()
    town.doubtful()
    found = town.corrections.answer_maybe(town.id, "m_2", "ana", NIGHT + minutes(30), yes=True)
    assert (found.state, minutes_after(found.answered_at), found.maybe_replies) == (State.ANSWERED, 5, ())


def test_a_person_says_a_doubtful_reply_was_for_somebody_else() -> None:
    """No only takes the question away; changing one's mind later starts the clock anew, with a grace."""
    town = DeskTown()
    town.doubtful()
    no = town.corrections.answer_maybe(town.id, "m_2", "ana", NIGHT + minutes(30), yes=False)
    assert (no.state, no.epoch, no.maybe_replies, minutes_after(no.deadline_at)) == (
        State.WAITING,
        1,
        (),
        60,
    )
    town.corrections.answer_maybe(town.id, "m_2", "ana", NIGHT + minutes(31), yes=True)
    again = town.corrections.answer_maybe(town.id, "m_2", "ben", NIGHT + minutes(58), yes=False)
    assert (again.state, again.epoch, minutes_after(again.deadline_at)) == (State.WAITING, 3, 68)


def test_one_click_settles_every_doubt_of_a_conversation() -> None:
    """The card has one question, whatever the number of replies."""
    town = DeskTown()
    town.doubtful()
    found = town.corrections.answer_maybes(town.id, by="ana", at=NIGHT + minutes(30), yes=True)
    assert (found.state, found.maybe_replies) == (State.ANSWERED, ())
    again = town.corrections.answer_maybes(town.id, by="ben", at=NIGHT + minutes(31), yes=False)
    assert again.rev == found.rev


def test_one_click_says_a_human_typed_it() -> None:
    """A reply within ten seconds was held for a machine's: it counts, from its own time."""
    town = DeskTown()
    town.asked()
    town.replied(at=0.1)
    assert town.conversation.state is State.WAITING
    found = town.corrections.reverse_automatic(town.id, "5550001_2", "ana", NIGHT + minutes(20))
    assert (found.state, minutes_after(found.answered_at)) == (State.ANSWERED, 0.1)
    with pytest.raises(Conflict):
        town.corrections.reverse_automatic(town.id, "5550001_2", "ana", NIGHT + minutes(21))


def test_a_persons_word_about_a_reply_outlasts_its_redelivery_and_its_edit() -> None:
    """The platform repeats itself; the person said what it was."""
    town = DeskTown()
    town.asked()
    reply = town.replied(at=0.1)
    town.corrections.reverse_automatic(town.id, "5550001_2", "ana", NIGHT + minutes(20))
    town.hears(edited(reply, "We are truly on it.", at=21))
    assert town.conversation.state is State.ANSWERED


def test_a_deed_that_loses_a_race_is_decided_again() -> None:
    """Intake came between load and save: the closing sees the new post and closes it too."""
    town = DeskTown()
    town.asked()
    town.interrupt_next_commit(lambda: town.asked("And?", at=1, external_id="5550001_3"))
    closed = town.replies.close(town.id, "ana", "spam", NIGHT + minutes(2))
    assert (closed.state, len(closed.entries), closed.rev) == (State.CLOSED, 2, 3)


def test_every_deed_leaves_a_line() -> None:
    """Who did what, and why."""
    town = DeskTown()
    town.asked()
    town.replies.pause(town.id, "ana", "depot", until=NIGHT + minutes(90), at=NIGHT + minutes(2))
    town.replies.resume(town.id, "ben", NIGHT + minutes(3))
    town.replies.close(town.id, "ana", "spam", NIGHT + minutes(4))
    lines = [(row.by, row.words) for row in town.store.everything(TimelineRow)][1:]
    assert lines == [
        ("ana", "ana paused it: depot"),
        ("ben", "ben ended the pause; the clock runs."),
        ("ana", "ana closed it: spam"),
    ]
