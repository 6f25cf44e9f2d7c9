"""The process dies between any two writes of watch and send: nothing is lost, and no page is doubled.

Each story runs once to count its effects (commits, queue messages, hand-overs), then once for every effect with
the power cut just before it, both with the message coming back and with it lost for good.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.domain.items import Card, Handover, Page
from chalicelib.domain.pager_rows import Digest
from chalicelib.domain.pages import LEASE
from chalicelib.domain.team import Offset, Step
from chalicelib.errors import Permanent
from tests.builders import minutes
from tests.fakes import Crash
from tests.unit.pager.town import Town, a_town

SHORT = (
    Step(Offset(remaining=0.5), tell=("#social",)),
    Step(Offset(remaining=0.4), page=("primary", "backup")),
    Step(Offset(delta=timedelta(0)), page=("lead",), repeat=minutes(10)),
)
RECOVERY = LEASE + minutes(1) + timedelta(seconds=1)
"""A lease and a tick: after that, whatever a crash left behind has been found."""


def climbs(town: Town) -> None:
    """Told, paged, claimed under way, nudged at the deadline, and paged again when the claim runs out."""
    case = town.post()
    town.advance_to(37)
    _insists(town, lambda: town.claim(case, "ben"))
    town.advance_to(72)


def nobody_acts(town: Town) -> None:
    """Told, paged on all contacts, breached, repeated."""
    town.post()
    town.advance_to(82)


def a_flood(town: Town) -> None:
    """Five posts at once: one text to Ana, then one digest of the other four."""
    for _ in range(5):
        town.post()
    town.advance_to(45)


def a_dead_phone(town: Town) -> None:
    """Ana's number is gone, so the lead stands in."""
    town.world.sms.fails("+447700900001", Permanent("no such number"))
    town.post()
    town.advance_to(45)


STORIES = (climbs, nobody_acts, a_flood, a_dead_phone)


def _insists(town: Town, act: Callable[[], object]) -> None:
    """A person whose click fails clicks again."""
    try:
        act()
    except Crash:
        town.crashes += 1
        act()


def _effects(story: Callable[[Town], None]) -> int:
    town = _told(story, None, redelivers=True)
    return len(town.world.fuse.effects)


def _told(story: Callable[[Town], None], before: int | None, *, redelivers: bool) -> Town:
    town = a_town(*SHORT)
    town.redelivers = redelivers
    town.world.fuse.before = before
    story(town)
    return town


def _first_of_the_pager(story: Callable[[Town], None]) -> int:
    """Return how many effects the arrival of the posts has: dying there is intake's story."""
    return 10 if story is a_flood else 2


@pytest.mark.parametrize("redelivers", [True, False], ids=["redelivered", "lost"])
@pytest.mark.parametrize("story", STORIES)
def test_dying_between_any_two_writes_loses_nothing_and_doubles_nothing(
    story: Callable[[Town], None],
    redelivers: bool,  # noqa: FBT001
) -> None:
    undisturbed = _told(story, None, redelivers=True)
    wanted = _people(undisturbed)
    for before in range(_first_of_the_pager(story), _effects(story)):
        town = _told(story, before, redelivers=redelivers)
        assert town.crashes == 1, before
        _nothing_is_doubled(town, before)
        _nothing_is_left_over(town, before)
        _nobody_is_lost(town, wanted, before)


def _people(town: Town) -> set[tuple[str, str, str]]:
    """Return who was reached for which step of which post."""
    reached = {t.key for t in town.world.sms.sent} | {s.key for s in town.world.chat.shown}
    pages = [p for p in town.store.everything(Page) if p.key in reached or _by_digest(p, reached)]
    return {(p.conversation_id, p.step, p.person) for p in pages}


def _nobody_is_lost(town: Town, wanted: set[tuple[str, str, str]], before: int) -> None:
    """Everybody the undisturbed story reached is reached; or nobody knows (we died mid-send) and the lead is."""
    reached = _people(town)
    for conversation, step, person in wanted - reached:
        pages = [p for p in town.pages(conversation) if (p.step, p.person) == (step, person)]
        assert Handover.UNKNOWN in {p.state for p in pages}, (before, conversation, step, person)
        assert person == "lead" or (conversation, step, "lead") in reached, (
            before,
            conversation,
            step,
            person,
        )


def _by_digest(page: Page, reached: set[str]) -> bool:
    return f"{page.person}|{page.channel}|{page.digest_id}" in reached


def _nothing_is_doubled(town: Town, before: int) -> None:
    keys = Counter(t.key for t in town.world.sms.sent) + Counter(s.key for s in town.world.chat.shown)
    assert max(keys.values(), default=0) == 1, (before, keys.most_common(2))


def _nothing_is_left_over(town: Town, before: int) -> None:
    """Whatever was due long enough ago for a lease and a tick has ended."""
    then = town.clock.now() - RECOVERY
    rows: list[Page | Digest | Card] = [*town.store.everything(Page), *town.store.everything(Digest)]
    rows += town.store.everything(Card)
    overdue = [r for r in rows if r.next_due_at is not None and r.next_due_at <= then]
    assert not overdue, (before, overdue)
    gathered = [p for p in town.store.everything(Page) if p.digest_id and p.state is Handover.SENDING]
    assert not gathered, before
