"""Who waits without a human hears so once, on the deployed stack; and what somebody wanted to see again comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from chalicelib.domain.conversation import State, Voice
from chalicelib.domain.items import Handover, Happened, Reply
from infra.__main__ import main
from infra.standin.world import Line
from tests.e2e.harness.town import PAGE, TEAM, Town

LINE = "We have seen this; a person will answer by 03:00 UTC. (This line is automatic.)"
ACKNOWLEDGING = f'{TEAM}\n[acknowledgement]\nafter = "50%"\n'


Heard = Callable[[], list[str]]


@pytest.fixture
def heard(town: Town) -> Iterator[Heard]:
    """What Nightdesk has said to customers in this story; the team file asks for acknowledgements."""
    stage, lines = town.driver.stack.stage, town.standin.world.lines
    put = town.driver.stack.client("ssm").put_parameter
    put(
        Name=f"/nightdesk/{stage}/accounts/facebook/{PAGE.id}/token",
        Value="page-token",
        Type="SecureString",
        Overwrite=True,
    )
    town.begin(team=ACKNOWLEDGING)
    lines.clear()
    yield lambda: [line.text for line in lines if line.by == "nightdesk"]
    lines.clear()


def complained(town: Town) -> str:
    """Let a customer complain at two, on the platform and by its webhook."""
    words = "My parcel never arrived. Where is my refund?"
    comment = town.post(words, at="Sun 02:00")
    when = town.when("Sun 02:00").timestamp()
    town.standin.world.lines.append(
        Line("facebook", f"{PAGE.id}_root", comment, "Jo", words, "customer", when)
    )
    return comment


def test_who_waits_hears_once_that_they_were_seen_and_nothing_stops(town: Town, heard: Heard) -> None:
    """At half the promise; its echo comes back as ours; every page of the ladder leaves as ever."""
    complaint = complained(town)
    town.advance_to("Sun 02:29").expect("card:#social")
    assert heard() == []
    town.advance_to("Sun 02:31").expect()
    assert heard() == [LINE], town.told(complaint, Happened.NOTE) + town.told(complaint, Happened.STEP)
    town.advance_to("Sun 02:41").expect("sms:dev")
    town.advance_to("Sun 03:00").expect("sms:dev", "slack:ben")
    found = town.conversation(complaint)
    assert (found.state, found.deadline_at) == (State.WAITING, town.when("Sun 03:00"))
    assert [entry.voice for entry in found.entries] == [Voice.CUSTOMER, Voice.AUTOMATIC]
    assert heard() == [LINE]
    town.reply_natively(complaint, "So sorry! Your refund is on its way.", at="Sun 03:02")
    town.advance_to("Sun 04:00").expect()
    assert town.conversation(complaint).state is State.ANSWERED


def test_who_is_being_seen_to_hears_only_the_person(town: Town, heard: Heard) -> None:
    """Claimed before half the time, answered by a person: no machine speaks in between."""
    complaint = complained(town)
    town.advance_to("Sun 02:25").expect("card:#social")
    town.press("claim", by="dev")
    town.advance_to("Sun 02:35").expect("whisper:dev")
    town.reply_natively(complaint, "So sorry! Your refund is on its way.", at="Sun 02:36")
    town.advance_to("Sun 04:00").expect()
    assert heard() == []


def test_an_acknowledgement_that_fails_pages_nobody(town: Town, heard: Heard) -> None:
    """The platform does not know the post: the timeline says so, and the ladder is the one of every night."""
    complaint = town.post("My parcel never arrived. Where is my refund?", at="Sun 02:00")
    town.advance_to("Sun 02:41").expect("card:#social", "sms:dev")
    assert heard() == []
    (reply,) = town.box.store.children(Reply, town.conversation(complaint).id)
    assert (reply.automatic, reply.state) == (True, Handover.FAILED)
    assert any("acknowledgement was not sent" in words for words in town.told(complaint, Happened.NOTE))
    town.reply_natively(complaint, "So sorry! Your refund is on its way.", at="Sun 02:42")
    town.expect()


def test_closed_follows_up_and_reopens(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Closed with a reason and looked at again in two days by who asked; then the customer writes, and it opens."""
    town.begin()
    complaint = town.post("My parcel never arrived. Where is my refund?", at="Sun 02:00")
    who = ("--by", "ben", "--stage", town.driver.stack.stage)
    name = town.conversation(complaint).id
    assert main(("conversation", "follow-up", name, "has the refund arrived?", "--in", "2d", *who)) == 0
    assert main(("conversation", "close", name, "called them", *who)) == 0
    assert "is closed." in capsys.readouterr().out
    town.driver.settle()
    assert town.conversation(complaint).state is State.CLOSED
    town.advance_to("Tue 01:59").expect()
    town.advance_to("Tue 02:01").expect("slack:ben")
    found = town.conversation(complaint)
    assert (found.state, found.deadline_at) == (State.WAITING, town.when("Tue 03:00"))
    assert main(("conversation", "close", name, "it has", *who)) == 0
    town.driver.settle()
    town.advance_to("Tue 06:00").expect()
    again = town.comment(f"{PAGE.id}_9", "And the voucher?", by="Jo", at="Tue 07:00", parent=complaint)
    town.advance_to("Tue 07:00")
    assert town.deliver(again) == 200
    town.driver.settle()
    assert town.conversation(complaint).state is State.WAITING
    town.expect("slack:ben")  # who had this customer last
