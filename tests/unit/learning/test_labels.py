"""Labels are read by month, and only recent samples are asked about."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from chalicelib.services.labels import ASKED, Labels
from chalicelib.services.ports import Put
from infra.table_commands import asked_lines
from tests.builders import NIGHT, utc
from tests.fakes import World
from tests.unit.learning.labels import DOUBTED, a_label


def kept(world: World, number: int, posted_at: datetime, **changes: Any) -> None:
    month = f"{posted_at:%Y-%m}"
    world.store.commit(Put(a_label(number, month=month, posted_at=posted_at, **changes)))


def test_labels_are_found_over_the_turn_of_months_and_years() -> None:
    """Whatever was posted in between, and nothing else, oldest first."""
    world = World()
    days = [
        "2026-11-30 23:00",
        "2026-12-01 00:00",
        "2026-12-31 23:00",
        "2027-01-10 01:00",
        "2027-01-10 03:00",
    ]
    for number, day in enumerate(days):
        kept(world, number, utc(day))
    found = Labels(world.store).between(utc("2026-12-01 00:00"), NIGHT)
    assert [label.posted_at for label in found] == [utc(day) for day in days[1:4]]


def test_a_label_kept_later_than_its_post_is_found_by_the_post() -> None:
    """Corrected in January, posted in December."""
    world = World()
    world.store.commit(Put(a_label(1, month="2027-01", posted_at=utc("2026-12-31 23:00"))))
    assert len(Labels(world.store).between(utc("2026-12-31 00:00"), NIGHT)) == 1


def test_people_are_asked_about_open_samples_of_a_fortnight() -> None:
    """Neither what is answered, nor doubts (they wait in the queue), nor what is long past."""
    world = World()
    open_at = NIGHT - timedelta(hours=5)
    kept(world, 1, open_at, conversation_id="c1", post_id="p1")
    kept(world, 2, open_at, needed=False)
    kept(world, 3, open_at, said=DOUBTED)
    kept(world, 4, NIGHT - ASKED - timedelta(hours=2))
    (asked,) = Labels(world.store).to_check(NIGHT)
    assert asked.post_id == "p1"
    lines = "\n".join(asked_lines([asked]))
    assert "c1" in lines
    assert "Lovely crew!" in lines
