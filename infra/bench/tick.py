"""What one tick costs with ten rows due, among few open conversations and among many: it must be the same."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.conversation import Conversation
from infra.bench.figures import Figure, Section
from infra.bench.ledger import Ledger
from infra.bench.scene import Scene
from infra.bench.seeds import Hands, moved, seed, taken_in
from infra.failures import CommandError

if TYPE_CHECKING:
    from chalicelib.wiring import Container

DUE = 10
LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)
"""When this happens: before anything else in the table is due."""

SOON = timedelta(seconds=30)
_NOTE = (
    "The tick asks each of the 8 shards of the due index: half a unit each while little is due. Waiting rows are in "
    "the index too, beyond the instant it asks for, and are not read."
)


@dataclass(frozen=True, slots=True)
class Ticked:
    """One tick."""

    open: int
    ledger: Ledger


def measure(scene: Scene, *, quick: bool) -> Section:
    """Tick among few and among many. Raises: CommandError when it wakes another number than is due."""
    few, many = (100, 400) if quick else (1_000, 50_000)
    clock = Hands(LONG_AGO)
    box = scene.container(clock)
    waiting = taken_in(scene, box, "tick")
    team = box.teams.current()
    due = [moved(waiting, f"due{n}", SOON - _step(waiting), team) for n in range(DUE)]
    seed(scene, due)
    seed(scene, _open(waiting, box, 0, few - DUE))
    first = _tick(box, scene, few)
    seed(scene, _open(waiting, box, few - DUE, many - DUE))
    second = _tick(box, scene, many)
    return Section("tick", f"One tick with {DUE} rows due", _figures(first, second), _NOTE)


def _open(waiting: Conversation, box: Container, since: int, until: int) -> Iterator[Conversation]:
    """Yield conversations that wait, none of them due within hours."""
    team = box.teams.current()
    for number in range(since, until):
        yield moved(waiting, f"open{number}", timedelta(hours=5, seconds=number), team)


def _step(waiting: Conversation) -> timedelta:
    """Return how long after the beginning of time the conversation is next due."""
    if waiting.next_due_at is None:
        raise CommandError("A waiting conversation is not in the due index")
    return waiting.next_due_at - LONG_AGO


def _tick(box: Container, scene: Scene, among: int) -> Ticked:
    with redirect_stdout(io.StringIO()), scene.listener.counting() as ledger:
        woken = box.tick.run()
    if woken != DUE:
        raise CommandError(f"The tick woke {woken} rows, not {DUE}")
    return Ticked(among, ledger)


def _figures(*ticks: Ticked) -> tuple[Figure, ...]:
    figures = []
    for each in ticks:
        among = f"among {each.open:,} open"
        figures += [
            Figure(f"read units {among}", each.ledger.reads, "RRU", detail=each.ledger.indexes),
            Figure(f"AWS calls {among}", each.ledger.count(), detail=each.ledger.by_name()),
        ]
    first, last = ticks[0].ledger.reads, ticks[-1].ledger.reads
    return (*figures, Figure("ratio of units, many to few", last / first, "x", aim=1.0))
