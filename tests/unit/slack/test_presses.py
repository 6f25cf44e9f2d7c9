"""A press in Slack is one conditional write, and the person hears what came of it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib.domain.conversation import State
from chalicelib.errors import Transient
from chalicelib.services.platform_port import Delivery
from chalicelib.web.interactions import challenge
from chalicelib.web.payloads import deeds
from infra.standin.clicks import buttons, named
from tests.builders import minutes
from tests.unit.intake.town import deleted
from tests.unit.slack.desk import ANA, BEN, STRANGER, SlackDesk


def waiting() -> SlackDesk:
    desk = SlackDesk()
    desk.asked()
    return desk


def owner(desk: SlackDesk) -> str | None:
    """Return who has it."""
    claim = desk.books.load(desk.id).claim
    return claim.owner if claim else None


def state(desk: SlackDesk) -> State:
    """Return how it stands."""
    return desk.books.load(desk.id).state


def offers(desk: SlackDesk) -> list[str]:
    """Return what the card offers, in order."""
    return [named(button) for button in buttons(desk.card())]


def pressed(user: str, action: str, value: str) -> bytes:
    """Return a press of a button that stands on no card any more."""
    payload = {
        "type": "block_actions",
        "user": {"id": user},
        "response_url": "https://hooks.slack.com/actions/1",
        "actions": [{"action_id": action, "value": value, "type": "button"}],
    }
    return urlencode({"payload": json.dumps(payload)}).encode()


def test_a_claim_is_written_before_slack_is_answered_and_says_until_when() -> None:
    desk = waiting()
    told = desk.press(ANA, "claim")
    assert owner(desk) == "ana"
    assert (told or "").startswith("It is yours until <!date^")


def test_the_second_to_claim_hears_who_was_first_and_changes_nothing() -> None:
    """Both saw the button."""
    desk = waiting()
    card = desk.card()
    desk.press(ANA, "claim", card)
    assert (desk.press(BEN, "claim", card) or "").startswith("ana has it")
    assert owner(desk) == "ana"


def test_a_press_that_slack_delivers_twice_acts_once() -> None:
    desk = waiting()
    desk.repeats = {"press"}
    desk.press(ANA, "claim")
    assert owner(desk) == "ana"
    assert len([words for words in desk.timeline() if "claimed it" in words]) == 1


def test_what_somebody_has_is_offered_for_taking_over_and_given_back_from_the_menu() -> None:
    desk = waiting()
    desk.press(ANA, "claim")
    desk.press(BEN, "take_over")
    assert owner(desk) == "ben"
    assert (desk.press(ANA, "release") or "").startswith("ben has it")
    assert (desk.press(BEN, "release") or "").startswith("Released")
    assert owner(desk) is None


def test_a_claim_can_be_kept_longer_by_its_owner_alone() -> None:
    desk = waiting()
    desk.press(ANA, "claim")
    desk.clock.advance(minutes(10))
    assert (desk.press(ANA, "renew") or "").startswith("It is yours until")
    assert (desk.press(BEN, "renew") or "").startswith("ana has it")


@pytest.mark.parametrize(
    ("action", "after", "words"),
    [
        ("was_for_them", State.ANSWERED, "Noted: the brand's reply was for them."),
        ("was_not_for_them", State.WAITING, "Noted: they still wait for an answer."),
    ],
)
def test_what_a_doubtful_reply_was_is_said_in_one_press(action: str, after: State, words: str) -> None:
    desk = SlackDesk()
    desk.doubtful()
    assert offers(desk)[:2] == ["was_for_them", "was_not_for_them"]
    assert desk.press(BEN, action) == words
    assert state(desk) is after
    assert not {"was_for_them", "was_not_for_them"} & set(offers(desk))


def test_each_state_offers_what_can_be_done_with_it_and_nothing_else() -> None:
    desk = waiting()
    assert offers(desk) == ["claim", "reply", "close", "pause", "hand_over", "follow_up", "correct"]
    desk.press(ANA, "claim")
    claimed = [
        "reply",
        "take_over",
        "renew",
        "close",
        "pause",
        "release",
        "hand_over",
        "follow_up",
        "correct",
    ]
    assert offers(desk) == claimed
    desk.replies.pause(
        desk.id, "ana", "waits for the airline", until=desk.clock.now() + minutes(30), at=desk.clock.now()
    )
    assert offers(desk) == ["resume", "reply", "close", "pause", "follow_up", "correct"]
    desk.press(ANA, "resume")
    assert state(desk) is State.WAITING
    desk.replied("We are on it.", at=7)
    assert offers(desk) == ["reply", "follow_up", "correct"]


def test_what_was_judged_to_need_nothing_is_owed_an_answer_by_one_press() -> None:
    desk = SlackDesk()
    desk.needless("Nice plane")
    desk.asked("Nice plane")
    assert offers(desk) == ["answer_needed", "follow_up", "correct"]
    assert desk.press(ANA, "answer_needed") == "Noted: it does need an answer, and its clock runs."
    assert state(desk) is State.WAITING


def test_what_a_person_closed_is_opened_again_by_one_press() -> None:
    desk = waiting()
    desk.replies.close(desk.id, "ana", "The same as another conversation", desk.clock.now())
    assert offers(desk) == ["answer_needed", "follow_up", "correct"]
    desk.press(BEN, "answer_needed")
    found = desk.books.load(desk.id)
    assert (found.state, found.closure, found.closed_reason) == (State.WAITING, None, None)
    assert "ben opened it again." in desk.timeline()


def test_what_was_closed_and_needed_nothing_by_the_judge_is_owed_an_answer_all_the_same() -> None:
    """Both words are taken back by the one press."""
    desk = SlackDesk()
    desk.asked("Where is it?")
    desk.needless("Thanks anyway")
    desk.asked("Thanks anyway", external_id="5550001_3", at=2)
    desk.replies.close(desk.id, "ana", "Answered elsewhere", desk.clock.now())
    desk.press(BEN, "answer_needed")
    assert state(desk) is State.WAITING


def test_a_reply_taken_for_a_machines_is_a_persons_by_one_press() -> None:
    """It came within ten seconds, by somebody who types fast."""
    desk = waiting()
    desk.replied("On it!", at=0.1)
    assert state(desk) is State.WAITING
    assert "human_typed" in offers(desk)
    assert desk.press(ANA, "human_typed") == "Noted: a person typed that reply, so it counts."
    assert state(desk) is State.ANSWERED


def test_what_its_author_took_back_offers_nothing() -> None:
    desk = SlackDesk()
    post = desk.asked()
    desk.hears(deleted(post, at=2))
    assert offers(desk) == []


def test_somebody_the_team_file_does_not_know_is_told_whom_to_ask_and_changes_nothing() -> None:
    desk = waiting()
    told = desk.press(STRANGER, "claim") or ""
    assert "Ask lead" in told
    assert 'slack = "U77STRANGER"' in told
    assert owner(desk) is None


@pytest.mark.parametrize("action", ["claim", "release", "take_over", "reply", "close", "answer_needed"])
def test_a_button_of_a_conversation_that_is_gone_says_so(action: str) -> None:
    desk = waiting()
    desk.door.act(pressed(ANA, action, "no-such-conversation"))
    assert desk.told() == "That conversation is closed or no longer there."


@pytest.mark.parametrize("action", ["claim", "release", "take_over", "resume"])
def test_a_button_on_an_old_message_says_that_there_is_nothing_left_to_do(action: str) -> None:
    desk = waiting()
    desk.replied()
    desk.door.act(pressed(ANA, action, desk.id))
    assert (desk.told() or "").startswith("That did not work: ")
    assert owner(desk) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"payload=",
        b"payload=%7B",
        b"payload=[1]",
        b"payload=%7B%22type%22%3A%22block_actions%22%7D",
        b"\xff\xfe",
        b"payload=" + json.dumps({"type": "shortcut", "user": {"id": "U01"}}).encode(),
        b"payload=" + json.dumps({"type": "view_submission", "user": {"id": "U01"}}).encode(),
        b"payload=" + json.dumps({"type": "view_submission", "user": {"id": "U01"}, "view": 7}).encode(),
        b"payload=" + json.dumps({"type": "block_actions", "user": {}, "actions": [{}]}).encode(),
    ],
)
def test_anything_slack_may_send_besides_what_we_asked_for_is_nothing(body: bytes) -> None:
    assert deeds(body) == []


@pytest.mark.parametrize("metadata", ["", "{", "[]", None])
def test_a_form_without_its_memory_is_a_form_that_remembers_nothing(metadata: Any) -> None:
    view = {"id": "V1", "callback_id": "close", "private_metadata": metadata, "state": {"values": {}}}
    body = urlencode({"payload": json.dumps({"type": "view_closed", "user": {"id": "U01"}, "view": view})})
    [closed] = deeds(body.encode())
    assert closed.view is not None
    assert closed.view.memory == {}


def test_a_button_we_did_not_make_is_nothing() -> None:
    """Link buttons call us too."""
    desk = waiting()
    before = len(desk.outbound.sent)
    assert desk.door.act(pressed(ANA, "open_link", desk.id)) == ""
    assert len(desk.outbound.sent) == before


def test_a_table_that_is_busy_is_told_to_slack_and_not_hidden() -> None:
    """The person sees Slack's error and presses again."""
    desk = waiting()
    body = pressed(ANA, "claim", desk.id)
    desk.store.fails(Transient("throttled"))
    with pytest.raises(Transient):
        desk.door.act(body)


def test_the_address_check_of_slacks_events_is_repeated_and_nothing_else_is() -> None:
    assert challenge(Delivery("POST", body=b'{"type":"url_verification","challenge":"abc"}')) == "abc"
    for body in (b'{"type":"event_callback","challenge":"abc"}', b"[]", b"nonsense", b"\xff"):
        assert challenge(Delivery("POST", body=body)) == ""
