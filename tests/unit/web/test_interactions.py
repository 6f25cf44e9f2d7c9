"""A press in Slack is one conditional write, and the person hears what came of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib.domain.conversation import Conversation, State
from chalicelib.errors import Transient
from chalicelib.services.bookkeeping import Books
from chalicelib.services.claims import Claims
from chalicelib.services.platform_port import Delivery
from chalicelib.services.ports import Put, Whisper
from chalicelib.services.reply_corrections import ReplyCorrections
from chalicelib.services.saving import Saving
from chalicelib.web.interactions import Interactions, challenge, presses
from tests.builders import NIGHT, a_conversation, a_reply_entry, an_entry, minutes
from tests.fakes import World

ADDRESS = "https://hooks.slack.com/actions/T1/1/abc"


class Slack:
    """A world with one waiting conversation, and fingers."""

    def __init__(self, **changes: Any) -> None:
        self.world = World()
        self.conversation = a_conversation(**changes)
        self.world.store.commit(Put(self.conversation))
        saving = Saving(self.world.store, self.world.queues, self.world.clock)
        claims = Claims(self.world.store, saving, self.world.team, self.world.clock)
        books = Books(self.world.store, saving, self.world.team)
        self.parts: dict[str, Any] = {
            "doubts": ReplyCorrections(books),
            "teams": self.world.team,
            "clock": self.world.clock,
            "outbound": self.world.outbound,
        }
        self.door = Interactions(claims=claims, **self.parts)

    def press(self, user: str, action: str, value: str | None = None) -> str:
        """Press, and return what that user alone was told."""
        before = len(self.world.outbound.sent)
        self.door.act(form(user, action, value or self.conversation.id))
        told = [m for m in self.world.outbound.messages[before:] if isinstance(m, Whisper)]
        assert [whisper.response_url for whisper in told] == [ADDRESS]
        return told[0].text

    @property
    def now(self) -> Conversation:
        found = self.world.store.get(Conversation, self.conversation.id)
        assert found is not None
        return found

    @property
    def owner(self) -> str | None:
        return self.now.claim.owner if self.now.claim else None


def form(user: str, action: str, value: str, **changes: Any) -> bytes:
    payload = {
        "type": "block_actions",
        "user": {"id": user},
        "response_url": ADDRESS,
        "actions": [{"action_id": action, "value": value, "type": "button"}],
    }
    return urlencode({"payload": json.dumps(payload | changes)}).encode()


def test_a_claim_is_written_before_slack_is_answered_and_says_until_when() -> None:
    slack = Slack()
    told = slack.press("U01", "claim")
    assert slack.owner == "ana"
    assert told.startswith("It is yours until <!date^")


def test_the_second_to_claim_hears_who_was_first_and_changes_nothing() -> None:
    slack = Slack()
    slack.press("U01", "claim")
    assert slack.press("U02", "claim").startswith("ana has it")
    assert slack.owner == "ana"


def test_pressing_twice_is_the_same_as_pressing_once() -> None:
    slack = Slack()
    slack.press("U01", "claim")
    assert slack.press("U01", "claim").startswith("It is yours until")
    assert slack.owner == "ana"


def test_taking_over_is_explicit_and_works() -> None:
    slack = Slack()
    slack.press("U01", "claim")
    assert slack.press("U02", "take_over").startswith("It is yours")
    assert slack.owner == "ben"


def test_releasing_gives_it_back_and_only_its_owner_can() -> None:
    slack = Slack()
    slack.press("U01", "claim")
    assert slack.press("U02", "release").startswith("ana has it")
    assert slack.press("U01", "release").startswith("Released")
    assert slack.owner is None


def in_doubt() -> Slack:
    """Two wait in one thread, and the brand's reply names neither."""
    reply = a_reply_entry(settles=False)
    slack = Slack(entries=(an_entry(), reply), maybe_replies=(reply.id,))
    slack.world.clock.set(NIGHT + minutes(10))
    return slack


def test_saying_that_the_brands_reply_was_for_them_stops_the_clock() -> None:
    slack = in_doubt()
    assert slack.press("U02", "was_for_them") == "Noted: the brand's reply was for them."
    assert (slack.now.state, slack.now.maybe_replies) == (State.ANSWERED, ())


def test_saying_that_it_was_not_lets_the_clock_run_and_asks_no_more() -> None:
    slack = in_doubt()
    assert slack.press("U02", "was_not_for_them").startswith("Noted: they still wait")
    assert (slack.now.state, slack.now.maybe_replies) == (State.WAITING, ())


def test_a_claim_can_be_kept_longer_by_its_owner_alone() -> None:
    slack = Slack()
    slack.press("U01", "claim")
    slack.world.clock.advance(minutes(10))
    assert slack.press("U01", "renew").startswith("It is yours until")
    assert slack.now.claim is not None
    assert slack.now.claim.renewals == 1
    assert slack.press("U02", "renew").startswith("ana has it")


def test_somebody_the_team_file_does_not_know_is_told_whom_to_ask_and_changes_nothing() -> None:
    slack = Slack()
    told = slack.press("U77STRANGER", "claim")
    assert "Ask lead" in told
    assert 'slack = "U77STRANGER"' in told
    assert slack.owner is None


@pytest.mark.parametrize("action", ["claim", "release", "take_over"])
def test_a_button_on_an_old_message_says_that_there_is_nothing_left_to_do(action: str) -> None:
    slack = Slack(state=State.ANSWERED, deadline_at=None, next_due_at=None, owed_post_id=None)
    assert slack.press("U01", action)
    assert (
        slack.press("U01", action, "no-such-conversation")
        == "That conversation is closed or no longer there."
    )
    assert slack.owner is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"payload=",
        b"payload=%7B",
        b"payload=[1]",
        b"payload=%7B%22type%22%3A%22block_actions%22%7D",
        b"\xff\xfe",
        b"payload=%7B%22type%22%3A%22view_closed%22%2C%22user%22%3A%7B%22id%22%3A%22U01%22%7D%7D",
    ],
)
def test_anything_slack_may_send_besides_presses_is_nothing(body: bytes) -> None:
    assert presses(body) == []


def test_a_button_we_did_not_make_is_nothing() -> None:
    """Link buttons call us too."""
    slack = Slack()
    slack.door.act(form("U01", "open_link", slack.conversation.id))
    assert slack.world.outbound.sent == []


def test_a_table_that_is_busy_is_told_to_slack_and_not_hidden() -> None:
    """The person sees Slack's error and presses again."""
    slack = Slack()

    class Busy:
        def claim(self, *_: object, **__: object) -> Conversation:
            raise Transient("throttled")

        release = take_over = renew = claim

    door = Interactions(claims=Busy(), **slack.parts)
    with pytest.raises(Transient):
        door.act(form("U01", "claim", slack.conversation.id))


def test_the_address_check_of_slacks_events_is_repeated_and_nothing_else_is() -> None:
    asked = Delivery("POST", body=b'{"type":"url_verification","challenge":"abc"}')
    assert challenge(asked) == "abc"
    for body in (b'{"type":"event_callback","challenge":"abc"}', b"[]", b"nonsense", b"\xff"):
        assert challenge(replace(asked, body=body)) == ""


def test_claims_are_made_at_the_worlds_own_time() -> None:
    slack = Slack()
    slack.press("U01", "claim")
    assert slack.now.claim is not None
    assert slack.now.claim.at == NIGHT
