"""Playbooks are pushed like the team file: checked, shown, put in force; versions stay as they were."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.playbook_rows import ActivePlaybooks, PlaybookVersion
from chalicelib.errors import Conflict, Misconfigured, NotFound
from chalicelib.services.playbook_versions import PlaybookFaults, PlaybookProposal, PlaybookVersions
from chalicelib.wiring.playbook_names import playbook_names
from tests.builders import a_team
from tests.fakes import World

ONE = {"a": 'title = "A"\ncheck = ["x"]'}
TWO = {"a": 'title = "A, again"\ncheck = ["x"]', "b": 'title = "B"\ncheck = ["x"]'}
KNOWN = playbook_names(a_team())


class Shelf:
    """The versions on a world of their own."""

    def __init__(self) -> None:
        self.world = World()
        self.versions = PlaybookVersions(self.world.store, self.world.clock)

    def propose(self, files: dict[str, str], by: str = "ana") -> PlaybookProposal:
        return self.versions.propose(files, KNOWN, by=by)

    def push(self, files: dict[str, str], by: str = "ana") -> PlaybookProposal:
        proposal = self.propose(files, by)
        self.versions.activate(proposal)
        return proposal

    def titles(self) -> list[str]:
        return [playbook.title for playbook in self.versions.current(KNOWN)]


def test_before_the_first_push_there_are_none() -> None:
    """Nothing is offered; asking for the file says which command to type."""
    shelf = Shelf()
    assert shelf.titles() == []
    with pytest.raises(NotFound, match="playbooks push"):
        shelf.versions.stored()


def test_a_push_is_in_force_at_once_for_whoever_pushed_and_soon_for_all() -> None:
    """Others read it within half a minute."""
    shelf = Shelf()
    shelf.push(ONE)
    other = PlaybookVersions(shelf.world.store, shelf.world.clock)
    assert shelf.titles() == [playbook.title for playbook in other.current(KNOWN)] == ["A"]
    shelf.push(TWO)
    assert shelf.titles() == ["A, again", "B"]
    assert [playbook.title for playbook in other.current(KNOWN)] == ["A"]
    shelf.world.clock.advance(timedelta(seconds=30))
    assert [playbook.title for playbook in other.current(KNOWN)] == ["A, again", "B"]


def test_a_proposal_says_what_it_changes_and_changes_nothing() -> None:
    """By name."""
    shelf = Shelf()
    shelf.push(TWO)
    proposal = shelf.propose({"a": ONE["a"], "c": TWO["b"]})
    assert (proposal.added, proposal.changed, proposal.dropped) == (("c",), ("a",), ("b",))
    assert shelf.titles() == ["A, again", "B"]


def test_the_same_files_are_the_same_version_and_stay_as_first_kept() -> None:
    """A version that comes back is not written again."""
    shelf = Shelf()
    first = shelf.push(ONE)
    assert shelf.propose(ONE, by="ben").is_in_force
    shelf.push(TWO)
    shelf.push(ONE, by="ben")
    kept = shelf.versions.stored(first.version.id)
    assert (kept.by, shelf.world.store.get(ActivePlaybooks).by) == ("ana", "ben")  # type: ignore[union-attr]
    assert len(shelf.world.store.everything(PlaybookVersion)) == 2


def test_faults_are_refused_all_at_once() -> None:
    """What is no TOML among them."""
    shelf = Shelf()
    with pytest.raises(
        PlaybookFaults, match=r"2 faults in the playbooks:\n  a: it is not TOML.*\n  b.title"
    ) as told:
        shelf.push({"a": "title =", "b": 'check = ["x"]'})
    assert isinstance(told.value, Misconfigured)
    assert shelf.titles() == []


def test_two_pushes_at_once_are_not_merged_blindly() -> None:
    """The second is told to look again."""
    shelf = Shelf()
    mine = shelf.propose(TWO)
    shelf.push(ONE, by="ben")
    with pytest.raises(Conflict, match="push again"):
        shelf.versions.activate(mine)
    assert shelf.titles() == ["A"]


def test_a_push_again_of_what_is_in_force_writes_nothing() -> None:
    """Repeating a command is harmless."""
    shelf = Shelf()
    shelf.push(ONE)
    before = len(shelf.world.fuse.effects)
    shelf.push(ONE)
    assert shelf.world.fuse.effects[before:] == []


def test_names_that_the_team_file_dropped_since_do_not_silence_a_playbook() -> None:
    """It was right when it was pushed."""
    shelf = Shelf()
    shelf.push({"a": 'title = "A"\ncheck = ["x"]\ninvolve = [{ who = "ben" }]'})
    fewer = playbook_names(a_team(people={}))
    other = PlaybookVersions(shelf.world.store, shelf.world.clock)
    assert [playbook.title for playbook in other.current(fewer)] == ["A"]
