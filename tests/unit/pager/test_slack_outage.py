"""Slack is down: pages go by text, the lead hears of it once, and afterwards every message shows the truth."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.items import Card
from chalicelib.errors import Permanent, Transient
from chalicelib.services.card_sender import LONGEST_WAIT, PATIENCE
from chalicelib.services.cards import card_writes
from tests.unit.pager.town import Town, a_town

DOWN = Transient("Slack is not available (503)")
REVOKED = Permanent("Slack refuses our token (token_revoked): install the app again", runbook="slack-token")


def headlines(town: Town) -> list[str]:
    """Return what the messages in Slack say now."""
    return [shown.view.headline for shown in town.world.chat.shown]


def answered_in_the_dark(fault: Exception) -> Town:
    """Tell the channel at 24, lose Slack at 26, answer at 30, and let an hour pass."""
    town = a_town()
    case = town.post()
    town.advance_to(25).expect("card:#social")
    town.world.chat.goes_down("#social", fault)
    town.claim(case, "ana")
    town.advance_to(28)
    town.answer(case)
    town.saving.commit(*card_writes(town.store, town.conversation(case), town.clock.now()))
    town.advance_to(88).expect("sms:lead")
    return town


@pytest.mark.parametrize("fault", [DOWN, REVOKED], ids=["down", "revoked"])
def test_when_slack_is_back_what_was_answered_meanwhile_says_so(fault: Exception) -> None:
    """Nothing changes any more, and still the message is put right within minutes."""
    town = answered_in_the_dark(fault)
    assert headlines(town) == ["Waiting for an answer: 36 min left"]
    town.world.chat.comes_back("#social")
    town.advance_to(88 + LONGEST_WAIT / timedelta(minutes=1)).expect()
    assert headlines(town) == ["Answered"]


def test_what_was_never_shown_and_is_answered_by_then_is_not_shown_any_more() -> None:
    town = a_town()
    town.world.chat.goes_down("#social", DOWN)
    case = town.post()
    town.advance_to(38).expect("sms:lead")
    town.answer(case)
    town.saving.commit(*card_writes(town.store, town.conversation(case), town.clock.now()))
    town.world.chat.comes_back("#social")
    town.advance_to(60).expect()
    assert headlines(town) == []


def test_what_still_waits_is_shown_when_slack_is_back_and_pages_never_waited_for_it() -> None:
    town = a_town()
    town.world.chat.goes_down("#social", DOWN)
    town.post()
    town.advance_to(45).expect("sms:lead", "sms:ana")
    town.world.chat.comes_back("#social")
    town.advance_to(51).expect("card:#social")


def test_the_lead_hears_of_it_once_and_the_story_says_it_once() -> None:
    town = answered_in_the_dark(DOWN)
    assert [text for text in town.texts_to("lead") if "does not take messages" in text] != []
    [case] = {card.conversation_id for card in town.store.everything(Card)}
    assert len([words for words in town.story(case) if "could not be told" in words]) == 1


def test_after_a_day_without_slack_a_card_rests() -> None:
    """Until its conversation changes: the table is no place to knock forever."""
    town = answered_in_the_dark(DOWN)
    [card] = town.store.everything(Card)
    assert card.next_due_at is not None
    town.advance_to(88 + PATIENCE * 5 + 10)
    [card] = town.store.everything(Card)
    assert card.next_due_at is None
