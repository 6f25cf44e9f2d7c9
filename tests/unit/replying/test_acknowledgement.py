"""Who waits without a human hears once, honestly, that they were seen; the clock and the ladder go on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.conversation import State, Voice
from chalicelib.domain.items import Handover
from chalicelib.domain.posts import Kind
from chalicelib.domain.team import Hours, Policy, PolicyMatch
from chalicelib.errors import OutcomeUnknown, Permanent, Transient
from tests.builders import NIGHT, a_dm, a_post, a_reply_post, minutes
from tests.unit.intake.stores import Interrupted
from tests.unit.intake.town import deleted, minutes_after
from tests.unit.replying.waiting_town import HALF, SAID, WaitingTown


def test_after_its_share_of_the_time_the_customer_hears_one_line() -> None:
    """At half the promise, under their post, with the local time of the deadline; and never again."""
    town = WaitingTown()
    town.asked()
    town.advance_to(30)
    assert town.said == []
    town.advance_to(30.5)
    assert town.said == [SAID]
    assert town.replier.taken[0].to_post_id == "5550001_1"
    town.advance_to(180)
    assert town.said == [SAID]


def test_it_stops_nothing() -> None:
    """Neither the clock nor a step: the pages are those of a town that acknowledges nobody."""
    town, silent = WaitingTown(), WaitingTown(None)
    for each in (town, silent):
        each.asked()
        each.advance_to(70)
    found, other = town.conversation, silent.conversation
    assert (found.state, found.epoch, found.deadline_at) == (State.WAITING, other.epoch, other.deadline_at)
    assert town.pages == silent.pages > 0
    assert silent.said == []


def test_it_is_known_to_be_automatic_and_ours() -> None:
    """In the ledger, as a row, and when the platform sends it back."""
    town = WaitingTown()
    town.asked()
    town.advance_to(31)
    echo = a_reply_post(SAID, external_id="own_1", created_at=NIGHT + minutes(30.1), parent_id="5550001_1")
    town.hears(echo)
    found = town.conversation
    assert (found.state, found.sending) == (State.WAITING, ())
    assert [e.voice for e in found.entries] == [Voice.CUSTOMER, Voice.AUTOMATIC]
    assert town.stored("own_1").automatic


def test_an_echo_before_the_send_call_returns_is_automatic_too() -> None:
    """By its words, where the platform carries no token: it must not be taken for a native human's."""
    town = WaitingTown()
    town.asked()
    echo = a_reply_post(SAID, external_id="own_1", created_at=NIGHT + minutes(30), parent_id="5550001_1")
    town.replier.meanwhile = lambda: town.hears(echo)
    town.advance_to(31)
    assert (town.conversation.state, town.acknowledgement.state) == (State.WAITING, Handover.SENT)


def test_a_message_is_acknowledged_in_private() -> None:
    """Where the customer wrote; and the platform hears that no person did."""
    town = WaitingTown()
    town.hears(a_dm())
    town.advance_to(31)
    assert [(out.private, out.by_person) for out in town.replier.taken] == [(True, False)]


# --- when it is not sent ----------------------------------------------------------------------------------


def answered(town: WaitingTown) -> None:
    town.answers(at=10)
    town.advance_to(11)


def answered_natively(town: WaitingTown) -> None:
    town.replied(at=10)


def an_away_message(town: WaitingTown) -> None:
    """Something has told them already that they were heard."""
    town.replied("Thanks!", at=0.1)


def claimed(town: WaitingTown) -> None:
    town.advance_to(20)
    town.claims.claim(town.id, by="ana", at=town.clock.now())


def closed(town: WaitingTown) -> None:
    town.replies.close(town.id, "ana", "a joke", NIGHT + minutes(1))


def paused(town: WaitingTown) -> None:
    town.replies.pause(town.id, "ana", "later", until=NIGHT + minutes(200), at=NIGHT + minutes(1))


def taken_back(town: WaitingTown) -> None:
    town.hears(deleted(a_post(), at=5))


def perhaps_answered(town: WaitingTown) -> None:
    """A private message that may have been about this."""
    town.hears(
        a_reply_post(external_id="m_2", contact_id="7766554433", kind=Kind.DM, thread_id="dm:7766554433",
                     parent_id=None, post_id=None)
    )  # fmt: skip


@pytest.mark.parametrize(
    "what",
    [answered, answered_natively, an_away_message, claimed, closed, paused, taken_back, perhaps_answered],
)
def test_it_is_not_sent_to_who_has_heard_from_us_or_need_not(what: Any) -> None:
    """Answered, closed, paused, gone; somebody has it; or somebody may have answered them."""
    town = WaitingTown()
    town.asked()
    what(town)
    before = list(town.said)
    town.advance_to(45)
    assert town.said == before
    assert SAID not in town.said


def test_an_answer_on_its_way_comes_first() -> None:
    """Until it has failed: then nobody has spoken, and the customer is acknowledged after all."""
    town = WaitingTown()
    town.asked()
    town.advance_to(29)
    town.answers(at=29)
    for _ in range(3):
        town.replier.fails(Transient("busy", retry_after=minutes(2)))
    town.advance_to(32)
    assert town.said == []
    town.advance_to(36)
    assert town.said == [SAID]


def test_an_acknowledgement_on_its_way_holds_up_nobody() -> None:
    """A person answers meanwhile as if it were not there; and it does not leave after them."""
    town = WaitingTown()
    town.asked()
    town.replier.fails(Transient("busy", retry_after=minutes(3)))
    town.advance_to(31)
    assert town.acknowledgement.next_due_at is not None
    town.answers("Found it!", at=31)
    town.advance_to(40)
    assert town.said == ["Found it!"]
    assert town.acknowledgement.state is Handover.FAILED


def test_a_claim_made_between_saving_and_sending_holds_it_back() -> None:
    """Somebody has it now."""
    town = WaitingTown()
    town.asked()
    town.replier.fails(Transient("busy", retry_after=minutes(3)))
    town.advance_to(31)
    town.claims.claim(town.id, by="ana", at=town.clock.now())
    town.advance_to(40)
    assert town.said == []


def test_a_claim_made_while_it_is_being_leased_wins() -> None:
    """It leaves only if the conversation still stands as it was seen; in the end it is given up."""
    town = WaitingTown()
    town.asked()
    town.replier.fails(Transient("busy", retry_after=minutes(3)))
    town.advance_to(31)
    claim = lambda: town.claims.claim(town.id, by="ana", at=town.clock.now())  # noqa: E731
    town.sends_through(Interrupted(town.store, claim))
    town.advance_to(40)
    assert town.said == []
    assert town.acknowledgement.state is Handover.FAILED


def test_a_claim_that_ran_out_leaves_a_human_missing() -> None:
    """So the line goes out, if there is still time for what it says."""
    town = WaitingTown()
    town.asked()
    town.claims.claim(town.id, by="ana", at=NIGHT + minutes(15))
    town.advance_to(44.5)
    assert town.said == []
    town.advance_to(46)
    assert town.said == [SAID]


def test_a_time_that_has_all_but_come_is_not_promised() -> None:
    """A claim until the deadline: nothing honest is left to say."""
    town = WaitingTown()
    town.asked()
    town.claims.claim(town.id, by="ana", at=NIGHT + minutes(29))
    town.advance_to(65)
    assert town.said == []
    assert any("Too late to acknowledge" in words for words in town.timeline())


def test_off_is_off() -> None:
    """Which is what it is unless the team file says otherwise."""
    town = WaitingTown(None)
    town.asked()
    town.advance_to(59)
    assert town.said == []


@pytest.mark.parametrize(
    ("changes", "heard"),
    [({"accounts": ("acme-fb",)}, 1), ({"accounts": ("other",)}, 0), ({"surface": "private"}, 0)],
)
def test_it_keeps_to_its_accounts_and_surface(changes: dict[str, Any], heard: int) -> None:
    """As the team file says."""
    town = WaitingTown(replace(HALF, **changes))
    town.asked()
    town.advance_to(40)
    assert len(town.said) == heard


def test_where_promises_are_spent_in_office_hours_the_share_is_of_open_time() -> None:
    """Asked at night: half of the 8 hours from nine is at one, and the line says five o'clock."""
    office = Hours("office", "Europe/London", ("daily 09:00-18:00",))
    policy = Policy(PolicyMatch(), minutes(480), minutes(480), "default", "office")
    town = WaitingTown(hours={"office": office}, policies=(policy,))
    town.asked()
    town.clock.set(NIGHT + minutes(10 * 60))
    town.advance_to(11 * 60 - 1)
    assert town.said == []
    town.advance_to(11 * 60)
    assert town.said == [SAID.replace("03:00", "17:00")]


# --- when it fails ------------------------------------------------------------------------------------------


def test_a_failure_changes_nothing_but_the_record() -> None:
    """Nobody is paged for it, the clock is the same, and it is not tried again."""
    town, calm = WaitingTown(), WaitingTown()
    for each in (town, calm):
        each.asked()
    town.replier.fails(Permanent("token revoked"))
    for each in (town, calm):
        each.advance_to(62)
    assert (town.said, calm.said) == ([], [SAID])
    assert (town.conversation.epoch, town.conversation.deadline_at) == (
        calm.conversation.epoch,
        calm.conversation.deadline_at,
    )
    assert town.pages == calm.pages
    assert any("The acknowledgement was not sent: token revoked" in words for words in town.timeline())


@pytest.mark.parametrize("arrives", [True, False])
def test_one_whose_fate_is_unknown_is_never_sent_again(*, arrives: bool) -> None:
    """Nor is anybody asked to look for it."""
    town = WaitingTown()
    town.asked()
    town.replier.fails(OutcomeUnknown("timed out"), arrives=arrives)
    town.advance_to(120)
    assert town.said == [SAID] * arrives
    assert not any("answer again" in words for words in town.timeline())


def test_its_deletion_restarts_no_clock_and_sends_no_other() -> None:
    """Whoever deletes it on the platform."""
    town = WaitingTown()
    town.asked()
    town.advance_to(31)
    before = town.conversation
    town.hears(deleted(a_reply_post(external_id="own_1"), at=35))
    found = town.conversation
    assert (found.state, found.epoch, found.deadline_at) == (before.state, before.epoch, before.deadline_at)
    town.advance_to(59)
    assert town.said == [SAID]


def test_a_clock_that_starts_again_for_the_same_question_says_nothing_again() -> None:
    """The human answer was deleted: what the customer has read once they need not read twice."""
    town = WaitingTown()
    town.asked()
    town.advance_to(31)
    town.answers("Found it!", at=32)
    town.advance_to(33)
    town.hears(deleted(a_reply_post(external_id="own_2"), at=50))
    assert (town.conversation.state, minutes_after(town.conversation.deadline_at)) == (State.WAITING, 60)
    town.advance_to(120)
    assert town.said == [SAID, "Found it!"]


def test_a_new_question_after_an_answer_may_be_acknowledged() -> None:
    """It is another wait."""
    town = WaitingTown()
    town.asked()
    town.answers("Found it!", at=5)
    town.advance_to(6)
    town.asked("And my bag?", at=100, external_id="5550001_9")
    town.advance_to(131)
    assert town.said == ["Found it!", SAID.replace("03:00", "04:40")]


def test_more_posts_by_who_waits_bring_no_second_line() -> None:
    """One clock, one line."""
    town = WaitingTown()
    town.asked()
    town.asked("Hello?", at=20, external_id="5550001_3")
    town.asked("Anybody?", at=40, external_id="5550001_4")
    town.advance_to(58)
    assert town.said == [SAID]
