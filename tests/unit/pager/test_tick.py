"""What the minute tick wakes: each row at its own instant, and none at another's cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.errors import Transient
from chalicelib.services.ports import Hand, Put, Ref, Refused, Wake
from chalicelib.services.saving import Saving
from chalicelib.services.tick import NOT_WOKEN, WOKEN, Tick
from tests.builders import NIGHT, a_conversation, a_page
from tests.fakes import World

SECOND = timedelta(seconds=1)


def tick_of(world: World) -> Tick:
    return Tick(world.store, Saving(world.store, world.queues, world.clock), world.clock, world.meter)


def test_every_row_due_within_the_minute_is_woken_at_its_own_instant() -> None:
    world = World()
    for seconds in (5, 31, 60, 61):
        due_at = NIGHT + seconds * SECOND
        world.store.commit(Put(replace(a_conversation(), id=f"case{seconds}", next_due_at=due_at)))
    assert tick_of(world).run() == 3
    woken = {
        (message.ref.identity[0], delay) for message, delay in world.wake.sent if isinstance(message, Wake)
    }
    assert woken == {("case5", 5 * SECOND), ("case31", 31 * SECOND), ("case60", 60 * SECOND)}


@pytest.mark.parametrize(
    ("fault", "refused"), [(Refused(1, "one of them"), 1), (Transient("no answer"), 2)], ids=["some", "all"]
)
def test_a_queue_that_refuses_costs_the_other_nothing_and_is_counted(fault: Transient, refused: int) -> None:
    """What could not be woken is still in the due index: the next tick finds it."""
    world = World()
    page = replace(a_page(), conversation_id="case", next_due_at=NIGHT)
    for name in ("case0", "case1"):
        world.store.commit(Put(replace(a_conversation(), id=name, next_due_at=NIGHT)))
    world.store.commit(Put(page))
    saving = Saving(world.store, world.queues, world.clock)
    world.wake.fails(fault)
    with pytest.raises(Refused, match=f"{refused} of 3 rows") as refusal:
        saving.wake(*(due for shard in range(8) for due in world.store.due(shard, NIGHT)))
    assert refusal.value.count == refused
    assert world.outbound.messages == [Hand(Ref("Page", page.identity))]


def test_the_tick_counts_what_was_refused_and_goes_on() -> None:
    world = World()
    for number in range(40):
        world.store.commit(Put(replace(a_conversation(), id=f"case{number}", next_due_at=NIGHT)))
    world.wake.fails(Transient("no answer"))
    woken = tick_of(world).run()
    assert 0 < woken < 40
    assert world.meter.total(NOT_WOKEN) == 40 - woken
    assert world.meter.total(WOKEN) == woken == len(world.wake.sent)
