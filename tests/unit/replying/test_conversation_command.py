"""`conversation`: the acts of people at the command line, each in somebody's name and with its reason."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.domain.conversation import State
from chalicelib.domain.follow_up_rows import FollowUp, FollowUpState
from chalicelib.errors import Conflict
from infra.conversation_commands import acted
from infra.failures import CommandError
from tests.builders import NIGHT, minutes
from tests.unit.intake.desk_town import DeskTown
from tests.unit.intake.town import minutes_after
from tests.unit.replying.desk_box import box_of, read


def asked() -> DeskTown:
    town = DeskTown()
    town.asked()
    return town


def does(town: DeskTown, act: str, *words: str, by: str = "ana") -> None:
    """Type one act."""
    assert acted(read("conversation", act, town.id, *words, "--by", by), box_of(town)) == 0


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


def test_closing_needs_no_answer_and_a_later_post_opens_it_again(capsys: pytest.CaptureFixture[str]) -> None:
    """By itself: with a clock of its own, from the new post."""
    town = asked()
    does(town, "close", "answered by phone")
    assert (town.conversation.state, town.conversation.closed_reason) == (State.CLOSED, "answered by phone")
    assert "is closed." in said(capsys)
    town.asked("It is still not here", at=300, external_id="5550001_5")
    found = town.conversation
    assert (found.state, minutes_after(found.deadline_at)) == (State.WAITING, 360)
    assert found.closed_reason is None


@pytest.mark.parametrize(
    ("words", "end"),
    [(("--for", "2h"), 120), (("--for", "1h30m"), 90), (("--until", "2027-01-10 05:00"), 180)],
)
def test_a_pause_ends_when_it_was_told_to(
    words: tuple[str, str], end: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """In so long, or at the team's local time."""
    town = asked()
    town.clock.set(NIGHT)
    does(town, "pause", "waits for the depot", *words)
    assert (town.conversation.state, minutes_after(town.conversation.paused_until)) == (State.PAUSED, end)
    assert "is paused, until 2027-01-10" in said(capsys)
    does(town, "resume", by="ben")
    assert town.conversation.state is State.WAITING


@pytest.mark.parametrize(
    ("words", "told"),
    [((), "Say until when"), (("--for", "soon"), "is not a duration"), (("--until", "9"), "9")],
)
def test_a_pause_without_a_readable_end_is_a_sentence(words: tuple[str, ...], told: str) -> None:
    """That says what to write."""
    with pytest.raises(CommandError, match=told):
        does(asked(), "pause", "waits", *words)


def test_giving_it_to_somebody_makes_them_the_owner(capsys: pytest.CaptureFixture[str]) -> None:
    """Who must be somebody."""
    town = asked()
    does(town, "reassign", "ben")
    assert "owned by ben" in said(capsys)
    with pytest.raises(Conflict, match="nobody in the team file is called zed"):
        does(town, "reassign", "zed")


def test_a_follow_up_is_asked_for_and_taken_back(capsys: pytest.CaptureFixture[str]) -> None:
    """In two days, for a reason."""
    town = asked()
    does(town, "follow-up", "has it arrived?", "--in", "2d", "--json")
    facts: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (facts["by"], facts["state"]) == ("ana", "pending")
    (row,) = town.store.everything(FollowUp)
    assert (row.reason, row.due_at) == ("has it arrived?", town.clock.now() + minutes(2 * 24 * 60))
    does(town, "follow-up", "--cancel", "ana", by="ben")
    assert [row.state for row in town.store.everything(FollowUp)] == [FollowUpState.CANCELLED]
    with pytest.raises(CommandError, match="what to look for"):
        does(town, "follow-up", "--in", "2d")


def test_how_it_stands_is_told_to_programs_too(capsys: pytest.CaptureFixture[str]) -> None:
    """State, owner, deadline, end of the pause."""
    town = asked()
    does(town, "close", "a joke", "--json")
    assert json.loads(capsys.readouterr().out) == {
        "conversation": town.id,
        "state": "closed",
        "owner": None,
        "deadline_at": None,
        "paused_until": None,
    }


def test_nobody_acts_namelessly() -> None:
    """A person of the team file, or none."""
    with pytest.raises(CommandError, match="Nobody is called zed"):
        does(asked(), "close", "a joke", by="zed")
