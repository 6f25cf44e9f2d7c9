"""The tick wakes what is due within a minute, and the door of outbound rows knows its senders."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.errors import Permanent, Transient
from chalicelib.services.ports import Put, Ref, Wake
from tests.builders import NIGHT, a_card, a_conversation, a_page, minutes
from tests.unit.pager.town import Town, a_town


def due_in(town: Town, *after: timedelta) -> None:
    for number, each in enumerate(after):
        row = a_conversation(id=f"c{number}", next_due_at=NIGHT + each)
        town.store.commit(Put(row))


def test_it_wakes_each_row_due_within_a_minute_with_its_exact_delay_and_no_other() -> None:
    town = a_town()
    due_in(town, timedelta(0), timedelta(seconds=17), timedelta(seconds=60), timedelta(seconds=61))
    assert town.tick.run() == 3
    wakes = {m.ref.identity[0]: (m.due_at, delay) for m, delay in town.wake.sent if isinstance(m, Wake)}
    assert wakes == {
        "c0": (NIGHT, timedelta(0)),
        "c1": (NIGHT + timedelta(seconds=17), timedelta(seconds=17)),
        "c2": (NIGHT + minutes(1), minutes(1)),
    }


def test_it_sends_pages_and_cards_to_whoever_delivers_them() -> None:
    town = a_town()
    town.store.commit(Put(a_page(next_due_at=NIGHT)), Put(a_card()))
    town.tick.run()
    assert [type(m).__name__ for m in town.outbound.messages] == ["Hand", "Hand"]
    assert town.wake.messages == []


def test_it_beats_even_when_there_is_nothing_to_do() -> None:
    """The alarm watches the heartbeat, so silence must mean that the tick is dead."""
    town = a_town()
    assert town.tick.run() == 0
    assert town.world.meter.total("TickHeartbeat") == 1


def test_a_queue_that_refuses_does_not_cost_the_others_their_wake() -> None:
    town = a_town()
    due_in(town, *[timedelta(0)] * 5)
    town.wake.fails(Transient("throttled"))
    woken = town.tick.run()
    assert woken < 5
    assert town.world.meter.total("NotWoken") == 5 - woken
    assert town.world.meter.total("TickHeartbeat") == 1
    assert town.tick.run() == 5


def test_a_kind_that_nobody_sends_is_a_mistake_of_wiring() -> None:
    town = a_town()
    with pytest.raises(Permanent, match="nobody sends a Sparkle"):
        town.send.deliver(Ref("Sparkle", ("1",)))


def test_a_row_that_is_gone_is_nothing() -> None:
    town = a_town()
    for kind, identity in (
        ("Page", ("c", "1", "0", "0", "ana", "0")),
        ("Card", ("c", "#social")),
        ("Digest", ("ana", "sms", "d")),
        ("Digest", ("#social", "slack", "d")),
        ("ShiftMark", ("primary",)),
    ):
        town.send.deliver(Ref(kind, identity))
    town.work()
    town.expect()
