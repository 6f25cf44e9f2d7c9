"""Clocks: the machine's, and a story's that stands in the table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.items import ClockRow
from chalicelib.errors import Misconfigured
from chalicelib.services.ports import Put
from chalicelib.store.clock import SystemClock, TableClock
from tests.builders import NIGHT
from tests.fakes import FakeStore


def test_the_system_clock_is_aware_and_utc() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert abs(datetime.now(UTC) - now) < timedelta(seconds=5)


def test_a_queue_holds_a_message_just_until_it_is_due() -> None:
    clock = SystemClock()
    delay = clock.delay_until(clock.now() + timedelta(seconds=60))
    assert timedelta(seconds=55) < delay <= timedelta(seconds=60)


def test_what_is_overdue_is_not_held_at_all() -> None:
    assert SystemClock().delay_until(NIGHT - timedelta(days=3650)) == timedelta(0)


def test_a_storys_clock_is_where_the_story_says_and_holds_nothing_back() -> None:
    store = FakeStore()
    clock = TableClock(store)
    store.commit(Put(ClockRow(NIGHT)))
    assert clock.now() == NIGHT
    store.commit(Put(ClockRow(NIGHT + timedelta(hours=1), rev=2)))
    assert clock.now() == NIGHT + timedelta(hours=1)
    assert clock.delay_until(NIGHT + timedelta(days=1)) == timedelta(0)


def test_a_story_without_a_clock_is_told_to_set_one() -> None:
    with pytest.raises(Misconfigured, match="write its ClockRow first"):
        TableClock(FakeStore()).now()
