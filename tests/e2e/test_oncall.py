"""Who is on call, on the deployed stack: handed over with a summary, changed without a deploy, seen at once."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.domain.team import Override
from infra.__main__ import main
from tests.e2e.harness.town import LADDER, TEAM, Town

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


def test_an_operators_override_is_seen_by_the_next_page_and_ends_when_told(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the command line, on the stage: Ana stands in for the night, then does not."""
    town.begin()
    stage = ["--stage", town.driver.stack.stage, "--json"]
    day = f"{town.sunday:%Y-%m-%d}"
    words = ["--who", "ana", "--from", f"{day} 01:00", "--to", f"{day} 06:00"]
    capsys.readouterr()
    assert main(["oncall", "override", "primary", *words, *stage]) == 0
    made = json.loads(capsys.readouterr().out)
    town.post("Where is my order?", by="Jo", at="Sun 02:00")
    town.advance_to("Sun 02:41").expect("card:#social", "sms:ana")
    assert main(["oncall", "override", "primary", "--end", made["id"], *stage]) == 0
    town.driver.settle()
    town.advance_to("Sun 03:01").expect("sms:dev", "slack:ben")


def test_a_pushed_file_is_in_force_and_those_it_moves_are_told(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a deploy: the night goes to Ana, and whoever is reached in Slack hears that their shift moved."""
    town.begin("Sun 02:00", team=IN_SLACK)
    file = tmp_path / "team.toml"
    moved = IN_SLACK.replace('rotate = ["dev"]', 'rotate = ["ana"]').replace("LADDER", "\n".join(LADDER))
    file.write_text(moved)
    pushed = ["team", "push", "--team", str(file), "--yes", "--stage", town.driver.stack.stage]
    assert main(pushed) == 0
    assert "dev" in capsys.readouterr().out
    town.driver.settle()
    assert town.box.teams.version(town.box.teams.stored().id).schedules["primary"].layers[1].rotate == (
        "ana",
    )
    told = town.received()
    assert told["slack:dev"] == 1
    town.expect(*told.elements())


def test_a_test_page_reaches_a_person_on_each_contact(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Marked as a test; it opens nothing."""
    town.begin("Sun 02:00", team=IN_SLACK)
    assert main(["oncall", "test-page", "dev", "--stage", town.driver.stack.stage]) == 0
    assert "sms" in capsys.readouterr().out
    town.expect("sms:dev", "slack:dev")
    assert all("test page" in words for _, words in town.driver.texts())
