"""Whatever people do in whatever order: an acknowledgement changes nothing but what the customer reads, once a clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.conversation import Conversation, Voice
from chalicelib.domain.items import Page
from chalicelib.errors import Conflict
from tests.builders import NIGHT, minutes
from tests.unit.replying.waiting_town import HALF, WaitingTown

Deed = Callable[[WaitingTown, float], object]


def _asks_again(town: WaitingTown, at: float) -> None:
    town.asked("Hello?", at=at, external_id=f"q{at}")


def _closes(town: WaitingTown, at: float) -> None:
    town.replies.close(town.id, "ana", "a joke", NIGHT + minutes(at))


def _pauses(town: WaitingTown, at: float) -> None:
    town.replies.pause(town.id, "ana", "later", until=NIGHT + minutes(at + 25), at=NIGHT + minutes(at))


DEEDS: dict[str, Deed] = {
    "answers": lambda town, at: town.answers("On it", at=at),
    "answers natively": lambda town, at: town.replied("On it", at=at, external_id=f"n{at}"),
    "claims": lambda town, at: town.claims.claim(town.id, by="ana", at=NIGHT + minutes(at)),
    "releases": lambda town, at: town.claims.release(town.id, by="ana", at=NIGHT + minutes(at)),
    "closes": _closes,
    "pauses": _pauses,
    "asks again": _asks_again,
}
STORIES = st.lists(st.tuples(st.integers(1, 150), st.sampled_from(sorted(DEEDS))), max_size=5)


def told(town: WaitingTown, story: list[tuple[int, str]]) -> WaitingTown:
    """Play a story; what cannot be done there and then is not done."""
    town.asked()
    for at, deed in sorted(story):
        town.advance_to(at)
        with suppress(Conflict):
            DEEDS[deed](town, at)
        town.settle()
    town.advance_to(180)
    return town


def standing(found: Conversation) -> tuple[object, ...]:
    """Return what people are held to: the clock, the ladder and who spoke, machines aside."""
    spoke = [(e.id, e.voice) for e in found.entries if e.voice is not Voice.AUTOMATIC]
    steps = sorted(f.step for f in found.fired if f.step != "acknowledgement")
    return found.state, found.epoch, found.deadline_at, found.claim, spoke, steps


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STORIES)
def test_the_clock_the_ladder_and_the_pages_are_those_of_a_silent_town(story: list[tuple[int, str]]) -> None:
    """And there is at most one line for each clock that ran."""
    town, silent = told(WaitingTown(HALF), story), told(WaitingTown(None), story)
    lines = [text for text in town.said if "automatic" in text]
    assert len(lines) <= (town.conversation.epoch + 1) // 2
    assert len(set(lines)) == len(lines)
    assert [text for text in town.said if text not in lines] == silent.said
    assert _without_own_names(standing(town.conversation)) == _without_own_names(
        standing(silent.conversation)
    )
    pages = [[p.key for p in each.store.everything(Page)] for each in (town, silent)]
    assert sorted(pages[0]) == sorted(pages[1])


def _without_own_names(found: tuple[object, ...]) -> str:
    """Leave out the numbers the platform gives our sends: an acknowledgement takes one."""
    return re.sub(r"own_\d+", "own", repr(found))
