"""Waking many rows at once: each at its own instant, and none at the cost of another, a queue or a shard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from chalicelib.errors import Transient
from chalicelib.services.ports import Due, Hand, Put, Ref, Refused
from chalicelib.services.saving import Saving
from chalicelib.services.tick import HEARTBEAT, NOT_WOKEN, WOKEN, Tick
from tests.builders import NIGHT, a_conversation, a_page
from tests.fake_store import FakeStore
from tests.fakes import World


def tick_of(world: World) -> Tick:
    return Tick(world.store, Saving(world.store, world.queues, world.clock), world.clock, world.meter)


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


def test_the_tick_counts_what_was_refused() -> None:
    world = World()
    for number in range(4):
        world.store.commit(Put(replace(a_conversation(), id=f"case{number}", next_due_at=NIGHT)))
    world.wake.fails(Refused(3, "full"))
    assert tick_of(world).run() == 1
    assert world.meter.total(NOT_WOKEN) == 3
    assert world.meter.total(WOKEN) == 1


class HalfBlind(FakeStore):
    """A table one of whose shards cannot be read."""

    blind = 0

    def due(self, shard: int, until: datetime) -> Iterator[Due]:
        if shard == self.blind:
            raise Transient("throttled")
        return super().due(shard, until)


def test_a_shard_that_cannot_be_read_costs_the_others_nothing() -> None:
    """The tick fails in the end, without a heartbeat: an alarm tells of shards that stay unread."""
    world, store = World(), HalfBlind()
    cases = [replace(a_conversation(), id=f"case{number}", next_due_at=NIGHT) for number in range(40)]
    store.commit(*map(Put, cases))
    tick = Tick(store, Saving(store, world.queues, world.clock), world.clock, world.meter)
    with pytest.raises(Transient, match="throttled"):
        tick.run()
    assert 0 < len(world.wake.sent) < 40
    assert world.meter.total(WOKEN) == len(world.wake.sent)
    assert world.meter.total(HEARTBEAT) == 0
    store.blind = -1
    assert tick.run() == 40
    assert world.meter.total(HEARTBEAT) == 1
