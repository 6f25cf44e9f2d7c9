"""``/nightdesk`` lists what one has, what waits, and a customer's conversations: without a scan, and saying so."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from chalicelib.domain.personal_data import mask
from chalicelib.services.worklist import MOST_READ, Worklist
from chalicelib.web.desk_commands import DeskCommands
from infra.standin.blocks import faults, summons
from tests.builders import CUSTOMER, NIGHT, THREAD, minutes
from tests.unit.slack.desk import ANA, BEN, STRANGER, SlackDesk, words_of


class Typing(SlackDesk):
    """People type commands."""

    most_read = MOST_READ

    def types(self, text: str, user: str = ANA) -> str:
        """Type one, and return every word of the answer, which must be one that Slack takes."""
        lists = Worklist(self.store, self.team, mask, most_read=self.most_read)
        commands = DeskCommands(lists=lists, dialogs=self.dialogs, teams=self.team, clock=self.clock)
        body = urlencode({"command": "/nightdesk", "text": text, "user_id": user}).encode()
        self.answer: dict[str, Any] = json.loads(commands.answer(body))
        assert faults(self.answer) == []
        assert summons(self.answer) == []
        assert self.answer["response_type"] == "ephemeral"
        return words_of(self.answer["blocks"])

    def waits(self, name: str, *, at: float = 0, text: str = "Where is my order?", **changes: Any) -> str:
        """Let another customer ask; returns the conversation's id."""
        asked = {
            "external_id": f"c_{name}",
            "author_id": name,
            "contact_id": name,
            "author_name": name.capitalize(),
        }
        self.asked(text, at=at, **(asked | changes))
        return next(c.id for c in self.conversations if c.contact_id == name)


def test_my_open_work_is_what_i_have_and_what_i_paused() -> None:
    desk = Typing()
    mine, paused = desk.waits("kim"), desk.waits("lou", at=1)
    desk.waits("max", at=2)
    desk.claims.claim(mine, by="ana", at=desk.clock.now())
    desk.replies.pause(paused, "ana", "waits", until=NIGHT + minutes(200), at=desk.clock.now())
    shown = desk.types("")
    assert shown.startswith("You have: 2")
    assert "Kim on Facebook, normal, due <!date^" in shown
    assert "Lou on Facebook, normal, paused until <!date^" in shown
    assert "Max" not in shown
    assert "Nothing is yours right now." in desk.types("", BEN)


def test_the_queue_is_everybodys_the_most_pressing_first() -> None:
    desk = Typing()
    desk.waits("kim", at=5)
    first = desk.waits("lou", at=1)
    desk.claims.claim(first, by="ben", at=desk.clock.now())
    shown = desk.types("queue")
    assert shown.index("Lou") < shown.index("Kim")
    assert ", with ben" in shown


def test_a_customer_is_found_by_a_part_of_their_name_whatever_its_case() -> None:
    desk = Typing()
    desk.waits("kim")
    desk.waits("lou")
    assert "Kim" in desk.types("find KI")
    assert "Nobody found for max." in desk.types("find max")
    assert f"Nobody found for {'x' * 100}." in desk.types(f"find {'x' * 3000}")


def test_who_waits_for_nothing_any_more_is_found_by_their_id() -> None:
    """No index holds names; the id of a contact, or of a conversation, is looked up."""
    desk = Typing()
    desk.asked(thread_id=THREAD)
    desk.replied()
    assert "Nobody found" in desk.types("find Jo Peters")
    assert "Jo Peters on Facebook, normal, answered" in desk.types(f"find {CUSTOMER}")
    assert "Jo Peters on Facebook, normal, answered" in desk.types(f"find {desk.id}")


def test_a_list_says_how_far_it_looked() -> None:
    """Beyond the most pressing nothing is read: three seconds are short."""
    desk = Typing()
    desk.most_read = 2
    for count in range(3):
        desk.waits(f"kim{count}", at=count)
    shown = desk.types("queue")
    assert shown.startswith("Open work, by deadline: 2")
    assert "Only the 2 most pressing conversations were looked through." in shown
    desk.most_read = 3
    assert "looked through" not in desk.types("queue")


def test_no_more_is_shown_than_can_be_read_and_how_many_there_were_is_said() -> None:
    desk = Typing()
    for count in range(12):
        desk.waits(f"kim{count}", at=count)
    assert desk.types("queue").startswith("Open work, by deadline: 10 of 12")


def test_a_line_opens_the_form_to_answer() -> None:
    desk = Typing()
    waiting = desk.waits("kim")
    desk.types("queue")
    [button] = [block["accessory"] for block in desk.answer["blocks"] if "accessory" in block]
    assert (button["action_id"], button["value"]) == ("reply", waiting)


def test_what_customers_call_themselves_and_write_is_only_ever_text() -> None:
    desk = Typing()
    desk.waits("kim", text="<!channel> ring +44 7700 900123 & *now*", author_name="<!here> @channel")
    shown = desk.types("queue")
    assert "&lt;!channel&gt; ring (phone) &amp;" in shown
    assert "&lt;!here&gt; @\u200bchannel" in shown


def test_anything_else_explains_what_can_be_asked() -> None:
    desk = Typing()
    for typed in ("help", "find", "queue now", "dance"):
        assert "`/nightdesk find NAME`" in desk.types(typed)


def test_a_stranger_is_told_what_to_add_and_whom_to_ask() -> None:
    shown = Typing().types("queue", STRANGER)
    assert 'slack = "U77STRANGER"' in shown
    assert "Ask lead" in shown
