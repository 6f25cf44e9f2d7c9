"""An answer is typed in Slack, thought about once more where there is reason to, and sent once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.advice import OFTEN
from chalicelib.domain.conversation import State
from chalicelib.domain.items import Reply
from chalicelib.domain.posts import Receipt
from chalicelib.errors import OutcomeUnknown, Permanent, Transient
from chalicelib.services.dialog_port import TooLate
from chalicelib.services.playbooks import Helper, Suggestion, Wording
from chalicelib.services.ports import Put
from chalicelib.services.reply_advice import counted
from tests.builders import PAGE_ID, a_dm, minutes
from tests.unit.slack.desk import ANA, BEN, STRANGER, SlackDesk, words_of


def asked(text: str = "Where is my order?", **changes: Any) -> SlackDesk:
    desk = SlackDesk()
    desk.asked(text, **changes)
    desk.clock.advance(minutes(3))
    return desk


def state(desk: SlackDesk) -> State:
    """Return how it stands."""
    return desk.conversation.state


def texts(desk: SlackDesk) -> list[str]:
    """Return what was saved to be sent."""
    return [reply.text for reply in desk.store.everything(Reply)]


def test_the_form_shows_the_post_what_may_be_said_and_where() -> None:
    desk = asked()
    desk.press(ANA, "reply")
    shown = desk.shown_to(ANA)
    assert ">Where is my order?" in shown
    assert "at most 8000 characters" in shown
    assert "open until <!date^" in shown
    assert desk.seen.complaints == []


def test_the_form_shows_what_they_wrote_before_and_masks_what_is_personal() -> None:
    desk = asked("My number is +44 7700 900123, call me")
    desk.asked("Still nothing?", external_id="5550001_9", at=2)
    desk.press(ANA, "reply")
    shown = desk.shown_to(ANA)
    assert "(phone)" in shown
    assert "900123" not in shown
    assert "Still nothing?" in shown


def test_an_answer_is_saved_and_its_sender_is_told_that_it_is_on_its_way() -> None:
    """It is not said to be sent: the platform has not confirmed it yet."""
    desk = asked()
    desk.press(ANA, "reply")
    desk.submit(ANA, text="It left this morning.")
    assert texts(desk) == ["It left this morning."]
    assert "on its way, ana" in desk.shown_to(ANA)
    assert state(desk) is State.WAITING
    desk.sends()
    assert state(desk) is State.ANSWERED
    assert "Answered by ana" in words_of(desk.card().blocks)


def test_the_same_form_sent_twice_is_one_answer() -> None:
    desk = asked()
    desk.press(ANA, "reply")
    desk.repeats = {"submission"}
    desk.submit(ANA, text="It left this morning.")
    assert texts(desk) == ["It left this morning."]
    assert "on its way" in desk.shown_to(ANA)


def test_the_same_form_sent_twice_is_told_the_same_twice() -> None:
    """Its own first sending must not count against the second: these words were sent often today."""
    desk = asked()
    use = counted(desk.store, desk.conversation, "It left this morning.", desk.clock.now())
    desk.store.commit(Put(replace(use, times=OFTEN - 1)))
    desk.press(ANA, "reply")
    desk.repeats = {"submission"}
    desk.submit(ANA, text="It left this morning.")
    assert "on its way" in desk.shown_to(ANA)


def test_a_phone_number_is_warned_of_once_and_sent_if_it_is_meant() -> None:
    desk = asked()
    desk.press(ANA, "reply")
    desk.submit(ANA, text="Call Jo on +44 7700 900123.")
    form = desk.forms.open_to(ANA).view
    assert texts(desk) == []
    assert form["submit"]["text"] == "Send anyway"
    assert "It holds a phone number" in words_of(form)
    desk.submit(ANA, text="Call Jo on +44 7700 900123.")
    assert texts(desk) == ["Call Jo on +44 7700 900123."]


def test_another_warning_than_the_one_that_was_shown_is_shown_first() -> None:
    """Overruling one thing is not overruling the next."""
    desk = asked()
    desk.press(ANA, "reply")
    desk.submit(ANA, text="Call Jo on +44 7700 900123.")
    desk.submit(ANA, text="What is your booking number?")
    assert texts(desk) == []
    assert "asks in public" in desk.shown_to(ANA)


def test_what_was_warned_of_and_mended_is_sent() -> None:
    desk = asked()
    desk.press(ANA, "reply")
    desk.submit(ANA, text="Call Jo on +44 7700 900123.")
    desk.submit(ANA, text="We will call you.")
    assert texts(desk) == ["We will call you."]


def test_what_the_platform_would_refuse_cannot_be_sent_at_all() -> None:
    """The form stays open with the reason under the field."""
    desk = SlackDesk()
    desk.hears(a_dm())
    desk.press(ANA, "reply")
    desk.submit(ANA, text="x" * 2001)
    desk.submit(ANA, text="x" * 2001)
    assert texts(desk) == []
    assert "2000 are allowed" in desk.forms.open_to(ANA).errors["text.0"]


def test_a_private_answer_to_a_public_post_goes_out_in_private() -> None:
    desk = asked()
    desk.press(ANA, "reply")
    desk.submit(ANA, text="What is your booking number?", way="private")
    [reply] = desk.store.everything(Reply)
    assert reply.private


def test_who_is_writing_is_shown_to_whoever_opens_the_form_next() -> None:
    desk = asked()
    desk.press(ANA, "reply")
    desk.clock.advance(minutes(1))
    desk.press(BEN, "reply")
    assert "ana has been writing an answer since <!date^" in desk.shown_to(BEN)
    assert desk.writing == ["ana", "ben"]


def test_who_began_to_write_meanwhile_is_shown_before_the_first_one_sends() -> None:
    desk = asked()
    desk.press(ANA, "reply")
    desk.press(BEN, "reply")
    desk.submit(ANA, text="It left this morning.")
    assert texts(desk) == []
    assert "ben has been writing" in desk.shown_to(ANA)
    desk.submit(ANA)
    assert texts(desk) == ["It left this morning."]


def test_the_second_of_two_sees_the_firsts_answer_before_sending_theirs() -> None:
    """On its way it stands in front; once the customer has it, adding to it must be meant."""
    desk = asked()
    desk.press(ANA, "reply")
    desk.press(BEN, "reply")
    desk.submit(ANA, text="It left this morning.")
    desk.submit(ANA)
    desk.submit(BEN, text="It is lost.")
    assert texts(desk) == ["It left this morning."]
    assert "An answer by ana is on its way" in desk.shown_to(BEN)
    desk.sends()
    desk.clock.advance(minutes(1))
    desk.submit(BEN)
    assert texts(desk) == ["It left this morning."]
    assert "ana answered it at" in desk.shown_to(BEN)
    assert ">It left this morning." in desk.shown_to(BEN)
    desk.submit(BEN)
    assert sorted(texts(desk)) == ["It is lost.", "It left this morning."]


def test_a_form_given_up_is_no_longer_shown_to_others() -> None:
    desk = asked()
    desk.press(ANA, "reply")
    desk.forms.close(ANA)
    desk.press(BEN, "reply")
    assert "ana" not in desk.shown_to(BEN)


def test_a_form_that_was_left_open_is_forgotten_after_a_while() -> None:
    desk = asked()
    desk.press(ANA, "reply")
    desk.clock.advance(minutes(16))
    desk.press(BEN, "reply")
    assert "ana has been writing" not in desk.shown_to(BEN)


def test_an_answer_sent_is_no_longer_being_written() -> None:
    desk = asked()
    desk.press(ANA, "reply")
    desk.submit(ANA, text="It left this morning.")
    assert desk.writing == []


def test_answering_what_somebody_else_has_takes_it_over_and_says_so_first() -> None:
    desk = asked()
    desk.press(BEN, "claim")
    desk.press(ANA, "reply")
    assert "ben has it until <!date^" in desk.shown_to(ANA)
    assert "takes it over" in desk.shown_to(ANA)
    desk.submit(ANA, text="It left this morning.")
    assert texts(desk) == ["It left this morning."]
    assert desk.conversation.claim is not None
    assert desk.conversation.claim.owner == "ana"


def test_a_press_too_old_for_a_form_says_so_and_what_to_do() -> None:
    desk = asked()
    desk.slack.views.patience = -1
    told = desk.press(ANA, "reply")
    assert told is not None
    assert told.endswith("Press again.")
    assert desk.open_to(ANA) is None
    assert desk.writing == []


@pytest.mark.parametrize(
    "fault", [Transient("Slack is busy (ratelimited)"), Permanent("Slack refuses our token")]
)
def test_a_slack_that_opens_no_form_is_told_to_whoever_pressed(fault: Any) -> None:
    desk = asked()
    desk.dialogs.fails(fault)
    told = desk.press(ANA, "reply")
    assert told is not None
    assert str(fault) in told


def test_a_slack_that_never_answered_may_have_opened_the_form() -> None:
    """Whoever sees none presses again; whoever sees one is not told that there is none."""
    desk = asked()
    desk.dialogs.fails(OutcomeUnknown("Slack did not answer"))
    assert desk.press(ANA, "reply") == (
        "Slack did not say whether the form opened. If you do not see it, press again."
    )


def test_a_press_delivered_twice_opens_one_form_and_says_nothing() -> None:
    desk = asked()
    desk.repeats = {"press"}
    assert desk.press(ANA, "reply") is None
    assert len(desk.slack.views.opened) == 1


def test_a_stranger_opens_no_form_and_sends_none() -> None:
    desk = asked()
    told = desk.press(STRANGER, "reply")
    assert told is not None
    assert 'slack = "U77STRANGER"' in told
    assert desk.open_to(STRANGER) is None


def test_an_answer_that_did_not_arrive_is_said_on_the_card_while_they_wait() -> None:
    desk = asked()
    desk.press(ANA, "reply")
    desk.submit(ANA, text="It left this morning.")
    desk.replier.fails(Permanent("Facebook: the token is not valid any more"))
    desk.sends()
    shown = words_of(desk.card().attachments)
    assert ":warning: ana's answer did not arrive: Facebook: the token is not valid any more." in shown
    assert desk.conversation.state is State.WAITING
    desk.press(ANA, "reply")
    desk.submit(ANA, text="It left this morning!")
    desk.sends()
    assert ":warning:" not in words_of(desk.card().attachments)


def test_an_answer_that_fails_later_is_said_on_the_card_and_its_customer_waits_again() -> None:
    """The platform took it, and an hour later says that it could not deliver it: the clock is the old one."""
    desk = asked()
    desk.press(ANA, "reply")
    desk.submit(ANA, text="It left this morning.")
    desk.sends()
    assert state(desk) is State.ANSWERED
    [reply] = desk.store.everything(Reply)
    started_at = desk.conversation.opened_at
    at = desk.clock.advance(minutes(20))
    desk.news(Receipt("facebook", PAGE_ID, reply.external_id or "", "failed", at, "failed:1"))
    assert state(desk) is State.WAITING
    assert desk.conversation.started_at == started_at
    assert ":warning: ana's answer no longer stands" in words_of(desk.card().attachments)


def test_a_conversation_that_cannot_be_answered_from_here_says_why() -> None:
    """The form has nothing to send; answering elsewhere still counts."""
    desk = SlackDesk()
    desk.hears(a_dm())
    desk.clock.advance(timedelta(days=8))
    desk.press(ANA, "reply")
    form = desk.forms.open_to(ANA).view
    assert "submit" not in form
    assert "No answer can be sent from here now." in words_of(form)


def test_a_form_that_is_too_late_is_its_own_kind_of_failure() -> None:
    """Whoever opens forms must tell it from a token that died."""
    desk = asked()
    desk.dialogs.fails(TooLate("three seconds are over"))
    assert desk.press(ANA, "reply") == "three seconds are over. Press again."


LATE = Suggestion(
    "late-order",
    "Late order",
    "delivery order",
    check=("the tracking page",),
    say=(Wording("Sorry, Jo! It is late."), Wording("Which address did you give?", private=True)),
    involve=(Helper("lead", "named in the playbook", "it is lost"),),
    private="before asking for an address",
)


def test_the_teams_playbook_is_shown_and_its_wording_begins_the_answer() -> None:
    desk = asked()
    desk.suggestions = (LATE,)
    desk.press(ANA, "reply")
    shown = desk.shown_to(ANA)
    assert "Playbook “Late order” (delivery order). Check: the tracking page." in shown
    assert "Involve lead (it is lost)." in shown
    assert desk.forms.choose(ANA, "wording", "late-order:0") == 200
    desk.submit(ANA)
    assert texts(desk) == ["Sorry, Jo! It is late."]


def test_a_wording_for_private_talk_chooses_that_way() -> None:
    desk = asked()
    desk.suggestions = (LATE,)
    desk.press(ANA, "reply")
    desk.forms.choose(ANA, "wording", "late-order:1")
    desk.submit(ANA)
    [reply] = desk.store.everything(Reply)
    assert (reply.text, reply.private) == ("Which address did you give?", True)


def test_another_wording_replaces_the_first_and_may_be_edited() -> None:
    """Slack keeps what was typed into a block whose name stays, so each has a new one."""
    desk = asked()
    desk.suggestions = (LATE,)
    desk.press(ANA, "reply")
    names = []
    for number in (1, 0):
        desk.forms.choose(ANA, "wording", f"late-order:{number}")
        names.append(
            [b["block_id"] for b in desk.forms.open_to(ANA).inputs if b["block_id"].startswith("text")]
        )
    assert names == [["text.1"], ["text.2"]]
    desk.submit(ANA, text="Sorry, Jo! It is late, and comes today.", way="public")
    assert texts(desk) == ["Sorry, Jo! It is late, and comes today."]


def test_a_wording_that_is_gone_by_now_changes_nothing() -> None:
    """The playbooks were pushed anew while the form was open."""
    desk = asked()
    desk.suggestions = (LATE,)
    desk.press(ANA, "reply")
    desk.suggestions = ()
    desk.forms.choose(ANA, "wording", "late-order:0")
    assert desk.forms.open_to(ANA).versions == 1
