"""A Nightdesk reply goes out once, and counts when it is known to have arrived."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.conversation import State, Voice
from chalicelib.domain.items import Handover
from chalicelib.domain.posts import Direction, Post, Receipt
from chalicelib.errors import NotFound, OutcomeUnknown, Permanent, Transient
from tests.builders import NIGHT, PAGE_ID, a_dm, a_reply_post, minutes
from tests.unit.intake.desk_town import DeskTown
from tests.unit.intake.town import deleted, minutes_after


def echo(text: str = "Found it!", *, at: float = 5.05, external_id: str = "own_1", **changes: Any) -> Post:
    """Return our reply as the platform sends it back."""
    return a_reply_post(
        text,
        external_id=external_id,
        created_at=NIGHT + minutes(at),
        **({"parent_id": "5550001_1"} | changes),
    )


def test_a_reply_that_went_out_stops_the_clock() -> None:
    """Its post is ours, it is in the ledger, and the agent is named."""
    town = DeskTown()
    town.asked()
    reply = town.answers()
    town.sends()
    found = town.conversation
    assert (found.state, found.answered_by, found.sending) == (State.ANSWERED, "ana", ())
    assert (town.reply.state, town.reply.external_id) == (Handover.SENT, "own_1")
    assert town.stored("own_1").direction is Direction.OUTBOUND
    assert [out.correlation for out in town.replier.taken] == [f"nd:{found.id}:{reply.id}"]


def test_our_own_reply_counts_however_swift() -> None:
    """The ten seconds are for replies whose author we do not know."""
    town = DeskTown()
    town.asked()
    town.answers(at=0.1)
    town.sends()
    assert town.conversation.state is State.ANSWERED


def test_the_echo_of_a_sent_reply_is_known() -> None:
    """It says nothing new."""
    town = DeskTown()
    town.asked()
    town.answers()
    town.sends()
    before = town.conversation
    town.hears(echo())
    assert town.conversation == before


def test_an_echo_before_the_send_call_returns_is_ours() -> None:
    """By its words, since a comment carries no token; the reply is entered once."""
    town = DeskTown()
    town.asked()
    town.answers()
    town.replier.meanwhile = lambda: town.hears(echo(" found  it! "))
    town.sends()
    found = town.conversation
    assert (found.state, found.answered_by, len(found.entries)) == (State.ANSWERED, "ana", 2)
    assert (town.reply.state, town.stored("own_1").direction) == (Handover.SENT, Direction.OUTBOUND)


def test_an_echo_with_our_token_is_ours_whatever_its_words() -> None:
    """A platform may shorten links or trim."""
    town = DeskTown()
    town.asked()
    reply = town.answers()
    town.replier.meanwhile = lambda: town.hears(echo("Found it", correlation=reply.correlation))
    town.sends()
    assert (town.conversation.answered_by, len(town.conversation.entries)) == ("ana", 2)


def test_an_echo_whose_words_changed_is_recognised_when_the_call_returns() -> None:
    """First taken for a native reply, then known as ours: one entry, one answer."""
    town = DeskTown()
    town.asked()
    town.answers()
    town.replier.meanwhile = lambda: town.hears(echo("Found it! ✂"))
    town.sends()
    found = town.conversation
    assert (found.state, found.answered_by, len(found.entries)) == (State.ANSWERED, "ana", 2)
    assert town.stored("own_1").direction is Direction.OUTBOUND


def test_words_typed_natively_before_our_answer_are_not_its_echo() -> None:
    """An older comment with the same words, delivered late, leaves the reply's fate open."""
    town = DeskTown()
    town.asked()
    town.answers(at=30)
    town.replier.fails(OutcomeUnknown("timed out"))
    town.sends()
    town.hears(echo(at=2, external_id="5550001_8"), received_at=NIGHT + minutes(31))
    assert town.reply.state is Handover.UNKNOWN


def test_an_unknown_outcome_is_never_sent_again() -> None:
    """The clock runs on; after two minutes without an echo a person is asked to look."""
    town = DeskTown()
    town.asked()
    town.answers()
    town.replier.fails(OutcomeUnknown("timed out"))
    town.sends()
    assert (town.reply.state, town.conversation.state) == (Handover.UNKNOWN, State.WAITING)
    town.sends(after=2)
    town.sends(after=1)
    assert (town.reply.next_due_at, town.replier.taken) == (None, [])
    assert any("look, and answer again" in words for words in town.timeline())
    town.answers("Once more", at=9)


def test_a_look_at_the_platform_settles_an_unknown_outcome() -> None:
    """Where it can be asked: the reply stands there, so it is entered without an echo."""
    town = DeskTown()
    town.asked()
    town.answers()
    town.replier.fails(OutcomeUnknown("timed out"), arrives=True)
    town.replier.blind = False
    town.sends()
    town.sends(after=0.5)
    assert town.replier.looks == [("Found it!", NIGHT + minutes(5))]
    assert (town.reply.state, town.conversation.state) == (Handover.SENT, State.ANSWERED)


def test_a_look_is_repeated_for_two_minutes() -> None:
    """Platforms show late what they took."""
    town = DeskTown()
    town.asked()
    town.answers()
    town.replier.fails(OutcomeUnknown("timed out"), arrives=True)
    town.sends()
    for _ in range(9):
        town.sends(after=0.5)
    assert len(town.replier.looks) == 4


def test_an_echo_that_comes_while_we_give_up_looking_wins() -> None:
    """Nobody is told to look for what has just been settled."""
    town = DeskTown()
    town.asked()
    town.answers()
    town.replier.fails(OutcomeUnknown("timed out"), arrives=True)
    town.sends()
    town.replier.while_looking = lambda: town.hears(echo())
    town.sends(after=3)
    assert (town.reply.state, town.conversation.state) == (Handover.SENT, State.ANSWERED)
    assert not any("look, and answer again" in words for words in town.timeline())


def test_the_platform_hears_all_it_may_need() -> None:
    """What was asked, when, where, and by whom it is answered."""
    town = DeskTown()
    post = town.asked()
    town.asked("Hello?", at=2, external_id="5550001_3")
    town.answers()
    town.sends()
    (outgoing,) = town.replier.taken
    assert (outgoing.kind, outgoing.asked_at, outgoing.permalink) == (post.kind, NIGHT, post.permalink)
    assert (outgoing.post_id, outgoing.last_inbound_at) == (post.post_id, NIGHT + minutes(2))
    assert (outgoing.private, outgoing.by_person) == (False, True)


def test_an_echo_long_after_still_settles_an_unknown_outcome() -> None:
    """Webhooks may take hours; the reply is ours all the same."""
    town = DeskTown()
    town.asked()
    town.answers()
    town.replier.fails(OutcomeUnknown("timed out"), arrives=True)
    town.sends()
    town.sends(after=2)
    town.hears(echo(), received_at=NIGHT + minutes(60))
    assert (town.reply.state, town.conversation.answered_by) == (Handover.SENT, "ana")


def test_an_echo_settles_an_unknown_outcome() -> None:
    """It had arrived after all."""
    town = DeskTown()
    town.asked()
    town.answers()
    town.replier.fails(OutcomeUnknown("timed out"), arrives=True)
    town.sends()
    town.hears(echo())
    assert (town.reply.state, town.conversation.state) == (Handover.SENT, State.ANSWERED)
    town.sends(after=5)
    assert len(town.replier.taken) == 1


def test_a_lease_whose_wake_the_queue_refused_is_a_lease_all_the_same() -> None:
    """The row is in the due index; the customer need not wait for the queue."""
    town = DeskTown()
    town.asked()
    town.answers()
    town.outbound.fails(Transient("queue down"))
    town.sends()
    assert (town.reply.state, len(town.replier.taken)) == (Handover.SENT, 1)


def test_a_crash_after_the_lease_leaves_the_outcome_unknown() -> None:
    """Whoever died may have sent it: nobody sends it again."""
    town = DeskTown()
    town.asked()
    town.answers()
    town.replier.fails(KeyboardInterrupt(), arrives=True)  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        town.sends()
    assert town.reply.state is Handover.SENDING
    town.sends(after=1)
    assert (town.reply.state, len(town.replier.taken)) == (Handover.UNKNOWN, 1)


def test_a_definite_failure_is_tried_three_times() -> None:
    """Then the reply is failed, the person told, and the clock runs on."""
    town = DeskTown()
    town.asked()
    town.answers()
    for _ in range(3):
        town.replier.fails(Transient("busy"))
    for _ in range(3):
        town.sends(after=1)
    assert (town.reply.state, town.reply.attempts, town.reply.outcome) == (Handover.FAILED, 3, "busy")
    assert (town.conversation.state, town.conversation.sending) == (State.WAITING, ())
    assert any("was not sent: busy" in words for words in town.timeline())


def test_a_provider_that_names_its_wait_is_waited_for() -> None:
    """Not a second sooner."""
    town = DeskTown()
    town.asked()
    town.answers()
    town.replier.fails(Transient("slow down", retry_after=timedelta(minutes=4)))
    town.sends()
    town.sends(after=3)
    assert town.replier.taken == []
    town.sends(after=1)
    assert len(town.replier.taken) == 1


def test_a_platform_that_wants_rest_for_an_hour_ends_the_try() -> None:
    """Meanwhile nobody else could answer, and by then somebody has natively: it would be answered twice."""
    town = DeskTown()
    town.asked()
    town.answers()
    town.replier.fails(Transient("the quota is spent", retry_after=timedelta(hours=1)))
    town.sends()
    assert (town.reply.state, town.reply.next_due_at) == (Handover.FAILED, None)
    assert "was not sent" in town.timeline()[-1]
    town.answers("From somebody else", at=9)


@pytest.mark.parametrize("fault", [Permanent("token revoked"), NotFound("the post is gone")])
def test_what_will_never_work_fails_at_once(fault: Exception) -> None:
    """A person must act; another answer may be tried."""
    town = DeskTown()
    town.asked()
    town.answers()
    town.replier.fails(fault)
    town.sends()
    assert town.reply.state is Handover.FAILED
    assert town.conversation.state is State.WAITING
    town.answers("Once more", at=9)


def test_a_post_taken_back_meanwhile_is_not_answered() -> None:
    """The reply would show a stranger's answer to nothing."""
    town = DeskTown()
    post = town.asked()
    town.answers()
    town.hears(deleted(post, at=5.5))
    town.sends()
    assert (town.reply.state, town.replier.taken) == (Handover.FAILED, [])


def test_our_reply_deleted_on_the_platform_starts_the_clock_again() -> None:
    """Whoever deleted it, the customer sees no answer."""
    town = DeskTown()
    town.asked()
    town.answers()
    town.sends()
    town.hears(deleted(echo(), at=58))
    found = town.conversation
    assert (found.state, found.epoch, minutes_after(found.deadline_at)) == (State.WAITING, 3, 68)


def failure(at: float, receipt_for: str = "own_1", status: str = "failed") -> Receipt:
    """Return the platform's news of a reply."""
    return Receipt(
        "facebook", PAGE_ID, receipt_for, status, NIGHT + minutes(at), f"receipt:{receipt_for}:{status}"
    )


def test_a_reply_that_fails_later_starts_the_clock_from_the_true_time() -> None:
    """A send that was accepted and then not delivered answered nobody; the news comes twice."""
    town = DeskTown()
    town.hears(a_dm())
    town.answers()
    town.sends()
    assert town.conversation.state is State.ANSWERED
    for _ in range(2):
        town.news(failure(58))
    found = town.conversation
    assert (found.state, minutes_after(found.started_at), minutes_after(found.deadline_at)) == (
        State.WAITING,
        0,
        68,
    )


def test_a_receipt_settles_a_reply_whose_answer_was_lost() -> None:
    """WhatsApp shows no history: the token that comes back with a status is all there is to tell."""
    town = DeskTown()
    town.hears(a_dm())
    reply = town.answers()
    town.replier.fails(OutcomeUnknown("no answer"), arrives=True)
    town.sends()
    assert town.reply.state is Handover.UNKNOWN
    news = replace(failure(5.5, receipt_for="wamid.1", status="sent"), correlation=reply.correlation)
    for _ in range(2):
        town.news(news)
    assert (town.reply.state, town.reply.external_id) == (Handover.SENT, "wamid.1")
    assert town.conversation.state is State.ANSWERED
    assert town.stored("wamid.1").text == reply.text


def test_a_receipt_before_the_send_call_returns_is_the_echo_of_that_send() -> None:
    """The reply is entered once."""
    town = DeskTown()
    town.hears(a_dm())
    reply = town.answers()
    news = replace(failure(5.1, status="sent"), correlation=reply.correlation)
    town.replier.meanwhile = lambda: town.news(news)
    town.sends()
    assert (town.reply.state, town.conversation.state) == (Handover.SENT, State.ANSWERED)
    assert [e.id for e in town.conversation.entries if e.voice is not Voice.CUSTOMER] == ["own_1"]


def test_a_failure_known_before_the_send_call_returns_is_kept() -> None:
    """The reply is entered as gone."""
    town = DeskTown()
    town.hears(a_dm())
    town.answers()
    town.replier.meanwhile = lambda: town.news(failure(5.1))
    town.sends()
    assert town.conversation.state is State.WAITING


def test_a_receipt_that_is_no_failure_changes_nothing() -> None:
    """It annotates at most; the timer on no human answer is the real fallback."""
    town = DeskTown()
    town.hears(a_dm())
    town.answers()
    town.sends()
    before = town.conversation
    town.news(failure(6, status="delivered"))
    assert town.conversation == before
