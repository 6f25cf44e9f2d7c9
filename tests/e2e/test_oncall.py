"""Who is on call, on the deployed stack: handed over with a summary, changed without a deploy, seen at once."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.domain.team import Override
from tests.e2e.harness.town import TEAM, Town

IN_SLACK = TEAM.replace(
    'phone = "+447700900004"\nslack = "U04"\nreach = ["sms"]',
    'phone = "+447700900004"\nslack = "U04"\nreach = ["sms", "slack"]',
)


def test_whoever_comes_on_call_is_told_what_waits(town: Town) -> None:
    """At six on Tuesday Dev takes over: one direct message, with the one who waits in it."""
    town.begin("Tue 17:30", team=IN_SLACK)
    town.driver.audit()
    town.post("Where is my order?", by="Kim", at="Tue 17:45")
    town.advance_to("Tue 18:00").expect("slack:dev")
    said = town.standin.world.said[-1]
    assert "You are on call" in said.text
    assert "1 waiting" in str(said.blocks) + str(said.attachments) + said.text
    town.advance_to("Tue 18:09").expect("card:#social")


def test_an_override_made_now_decides_the_very_next_page(town: Town) -> None:
    """The functions read overrides when they page; nothing is deployed, nothing is waited for."""
    town.begin()
    town.post("Where is my order?", at="Sun 02:00")
    town.advance_to("Sun 02:30").expect("card:#social")
    start = town.driver.now
    stand_in = Override("primary", start, start + timedelta(hours=4), "ana", by="lead")
    town.box.teams.add_override(stand_in)
    town.driver.settle()
    town.advance_to("Sun 02:41").expect("sms:ana")


def test_a_running_clock_keeps_the_promise_it_started_with(town: Town) -> None:
    """A stricter file is put in force meanwhile: the old post keeps its hour, the new one gets the new promise."""
    town.begin()
    old = town.post("Where is my order?", by="Jo", at="Sun 02:00")
    town.configure(team=TEAM.replace('first = "60m"', 'first = "30m"'))
    town.advance_to("Sun 02:05")
    new = town.post("Where is my bag?", by="Kim", at="Sun 02:05")
    assert town.conversation(old).deadline_at == town.when("Sun 03:00")
    assert town.conversation(new).deadline_at == town.when("Sun 02:35")
    town.reply_natively(old, "Here!", at="Sun 02:06")
    town.reply_natively(new, "There!", at="Sun 02:07")
    town.advance_to("Sun 04:00").expect()
