"""The process dies between any two writes of an acknowledgement: it is said at most once, and the clock runs on.

Dying after the hand-over leaves its fate unknown, and then it is never said again; dying anywhere before leaves it to
the tick. Once with the message coming back and once with it lost for good.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.domain.conversation import State, Voice
from chalicelib.domain.items import Handover
from chalicelib.errors import Transient
from tests.builders import NIGHT, minutes
from tests.fakes import Fuse
from tests.unit.replying.waiting_town import SAID, WaitingTown

Story = Callable[[WaitingTown], None]


def goes_out(_: WaitingTown) -> None:
    """Nothing in its way."""


def is_refused_once(town: WaitingTown) -> None:
    """The platform is busy; the second hand-over succeeds."""
    town.replier.fails(Transient("busy"))


def told(story: Story, before: int | None, *, redelivers: bool) -> WaitingTown:
    """Play a wait of 40 minutes with the power cut before one effect."""
    fuse = Fuse()
    town = WaitingTown(fuse=fuse)
    town.redelivers = redelivers
    town.asked()
    fuse.before = None if before is None else len(fuse.effects) + before
    story(town)
    town.advance_to(40)
    return town


def effects(story: Story) -> int:
    """Return how many effects a wait has after the post has come in."""
    quiet = WaitingTown(fuse=Fuse())
    quiet.asked()
    return len(told(story, None, redelivers=True).fuse.effects) - len(quiet.fuse.effects)


@pytest.mark.parametrize("redelivers", [True, False], ids=["redelivered", "lost"])
@pytest.mark.parametrize("story", [goes_out, is_refused_once])
def test_dying_between_any_two_writes_says_it_at_most_once(story: Story, *, redelivers: bool) -> None:
    died_in_hand = 0
    for before in range(effects(story)):
        town = told(story, before, redelivers=redelivers)
        assert town.crashes == 1, before
        unknown = town.acknowledgement.state is Handover.UNKNOWN
        died_in_hand += unknown
        assert len(town.said) == 1 or (unknown and not town.said), (before, town.said)
        assert town.acknowledgement.next_due_at is None, before
        assert_nothing_stopped(town, before)
    assert 0 < died_in_hand < effects(story)


def assert_nothing_stopped(town: WaitingTown, before: int) -> None:
    """The clock is the one that started, and no human is said to have spoken."""
    found = town.conversation
    assert (found.state, found.deadline_at) == (State.WAITING, NIGHT + minutes(60)), before
    assert Voice.HUMAN not in {entry.voice for entry in found.entries}, before
    assert set(town.said) <= {SAID}, before
