"""Works a minute's worth of due rows in this process: ticks on the minute, queues with their true delays.

The clock is the bench's, so that it is one minute's worth however long this machine takes. It counts and times; what
the figures mean is its caller's to say.
"""

from __future__ import annotations

import heapq
import io
import itertools
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.domain.conversation import Conversation
from chalicelib.errors import Conflict, NotFound
from chalicelib.queues.messages import loads
from chalicelib.services.ports import Hand, Message, Wake
from infra.bench.ledger import Ledger
from infra.bench.limits import Limits
from infra.bench.scene import Scene
from infra.bench.seeds import Hands, at_rest, card_of, moved, seed

if TYPE_CHECKING:
    from chalicelib.wiring import Container

SPAN = timedelta(minutes=1)
TICKS = 4
"""Ticks until everything that waited at a gate has left."""


@dataclass
class Ticked:
    """The first tick: what it asked, and how long the processor worked."""

    ledger: Ledger
    cpu_seconds: float


@dataclass
class Worked:
    """All that came of a minute's messages: every call, and by kind of message how often, how many calls, how long."""

    ledger: Ledger = field(default_factory=Ledger)
    times: Counter[type] = field(default_factory=Counter)
    calls: Counter[type] = field(default_factory=Counter)
    cpu_seconds: dict[type, float] = field(default_factory=dict)

    def add(self, kind: type, ledger: Ledger, cpu_seconds: float) -> None:
        """Add one message's work."""
        self.ledger.calls += ledger.calls
        self.times[kind] += 1
        self.calls[kind] += ledger.count()
        self.cpu_seconds[kind] = self.cpu_seconds.get(kind, 0.0) + cpu_seconds

    def seconds_each(self, kind: type, granted: Limits) -> float:
        """Return how long Lambda is taken to need for one message of a kind."""
        times = max(1, self.times[kind])
        return granted.run(self.cpu_seconds.get(kind, 0.0), self.calls[kind]).seconds / times


@dataclass
class Minute:
    """One minute, of one installation."""

    scene: Scene
    box: Container
    clock: Hands
    _cases: list[Conversation] = field(default_factory=list)
    _agenda: list[tuple[datetime, int, Message | None]] = field(default_factory=list)
    _serial: Any = field(default_factory=itertools.count)

    def fill(self, waiting: Conversation, at: datetime, rows: int, *, shown: int) -> None:
        """Let this many conversations fall due within the minute that begins at ``at``.

        All have been told of, but only the first ``shown`` have the card for it: others are not worked.
        """
        if waiting.next_due_at is None:
            return
        team, by = self.box.teams.current(), at - waiting.next_due_at
        names = (f"{at:%Y%m%d}n{number}" for number in range(rows))
        cases = [moved(waiting, name, by + SPAN * place / rows, team) for place, name in enumerate(names)]
        seed(self.scene, cases)
        seed(self.scene, map(card_of, cases[:shown]))
        self._cases += cases

    def tick(self, at: datetime) -> Ticked:
        """Run the tick that looks ahead at this minute, and plan what it woke."""
        self.clock.at = at
        with self._counted() as ledger:
            begun = time.process_time()
            self.box.tick.run()
            taken = time.process_time() - begun
        return Ticked(ledger, taken)

    def work(self, at: datetime, most: int | None = None) -> Worked:
        """Work every message, or the first so many, and what comes of them, with the ticks of the next minutes.

        The others are put to rest first, or those ticks would wake them again.
        """
        done = Worked()
        planned = sorted(self._agenda)[:most]
        seed(self.scene, map(at_rest, self._cases[len(planned) :]))
        self._agenda = [*planned, *(self._item(at + number * SPAN, None) for number in range(1, TICKS + 1))]
        heapq.heapify(self._agenda)
        while self._agenda:
            ready_at, _, message = heapq.heappop(self._agenda)
            self.clock.at = max(self.clock.at, ready_at)
            begun = time.process_time()
            ledger = self.do(message)
            done.add(type(message), ledger, time.process_time() - begun)
        return done

    def do(self, message: Message | None) -> Ledger:
        """Work one message, or tick where there is none; return its calls."""
        with self._counted() as ledger, suppress(NotFound, Conflict):
            match message:
                case None:
                    self.box.tick.run()
                case Wake():
                    self.box.watch.wake(message.ref, message.due_at)
                case Hand():
                    self.box.send.deliver(message.ref)
        return ledger

    def end(self) -> None:
        """Let nothing of this minute be due any more: the next one must not find it."""
        seed(self.scene, map(at_rest, self._cases))

    def take(self) -> list[Message]:
        """Take every message that is planned out of the plan."""
        taken = [message for _, _, message in self._agenda if message is not None]
        self._agenda.clear()
        return taken

    @contextmanager
    def _counted(self) -> Iterator[Ledger]:
        with redirect_stdout(io.StringIO()), self.scene.listener.counting() as ledger:
            yield ledger
        for body, seconds in ledger.queued:
            self._plan(self.clock.at + timedelta(seconds=seconds), loads(body))

    def _plan(self, at: datetime, message: Message | None) -> None:
        heapq.heappush(self._agenda, self._item(at, message))

    def _item(self, at: datetime, message: Message | None) -> tuple[datetime, int, Message | None]:
        return at, next(self._serial), message
