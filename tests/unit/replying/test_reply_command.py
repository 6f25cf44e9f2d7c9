"""`reply` says what there is to say before anything is sent, and sends in spite of it only when told."""

from __future__ import annotations

import json

import pytest

from chalicelib.domain.items import Reply
from infra.failures import CommandError
from infra.reply_command import answer
from tests.unit.intake.desk_town import DeskTown
from tests.unit.replying.desk_box import box_of, read

ASKS = "Please send us your booking number"


def asked() -> DeskTown:
    town = DeskTown()
    town.asked()
    return town


def test_a_clear_answer_is_saved_and_on_its_way(capsys: pytest.CaptureFixture[str]) -> None:
    """And says where."""
    town = asked()
    assert answer(read("reply", town.id, "It is on its way.", "--by", "ana"), box_of(town)) == 0
    (reply,) = town.store.everything(Reply)
    assert (reply.text, reply.by, reply.private) == ("It is on its way.", "ana", False)
    assert "in public" in capsys.readouterr().out


def test_a_warning_stops_it_until_anyway(capsys: pytest.CaptureFixture[str]) -> None:
    """The warning says what to do; with --anyway it is said and the answer goes."""
    town = asked()
    with pytest.raises(CommandError, match=r"move to private.*--anyway"):
        answer(read("reply", town.id, ASKS, "--by", "ana"), box_of(town))
    assert town.store.everything(Reply) == []
    assert answer(read("reply", town.id, ASKS, "--by", "ana", "--anyway", "--json"), box_of(town)) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["warnings"] == ["asks_in_public"]
    assert "warning: " in printed.err


def test_the_same_question_in_private_is_no_warning() -> None:
    """Moved to private, as it was told to be."""
    town = asked()
    assert answer(read("reply", town.id, ASKS, "--by", "ana", "--private"), box_of(town)) == 0
    (reply,) = town.store.everything(Reply)
    assert reply.private


def test_a_fault_stops_it_whatever_is_added() -> None:
    """The platform would not take it."""
    town = asked()
    with pytest.raises(CommandError, match=r"cannot be sent.*8000"):
        answer(read("reply", town.id, "x" * 8_001, "--by", "ana", "--anyway"), box_of(town))
    assert town.store.everything(Reply) == []


def test_whoever_answers_is_somebody() -> None:
    """A name that is in the team file."""
    town = asked()
    with pytest.raises(CommandError, match="Nobody is called zed"):
        answer(read("reply", town.id, "Hello", "--by", "zed"), box_of(town))
