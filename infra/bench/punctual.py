"""What it costs to be on time: serial calls from the due instant to the hand-over, messages and units per row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.items import Page
from chalicelib.services.ports import Hand, Wake
from infra.bench.figures import Figure, Section
from infra.bench.limits import limits_of
from infra.bench.minute import TICKS, Minute, Ticked, Worked
from infra.bench.scene import Scene
from infra.bench.seeds import Hands, taken_in, told

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""When this happens: before anything that was put on stage earlier is due."""

DAY = timedelta(days=1)
SAMPLE = 250

_NOTE = (
    "All rows page one person by SMS: beyond the first page a minute they share digests, and each row's card in Slack "
    "is edited. Messages and units count all that a row causes until nothing is left to do, the ticks of the next "
    f"{TICKS} minutes included. Of more than {SAMPLE} rows the tick wakes all, and {SAMPLE} are worked to the end. "
    "Times on Lambda: processor time here at the function's share of a processor, and 6 ms for each call; the "
    "carrier's and Slack's own time is not in them. "
    "Until all is done: watchers and senders at the template's concurrency, side by side."
)


def measure(scene: Scene, *, quick: bool) -> Section:
    """Count what being on time costs."""
    clock = Hands(LONG_AGO)
    box = scene.container(clock)
    waiting = told(taken_in(scene, box, "punctual"), box.teams.current())
    figures = list(_serial(Minute(scene, box, clock), waiting))
    sizes = (10, 40) if quick else (10, 1_000, 10_000)
    for day, rows in enumerate(sizes, start=1):
        minute, at = Minute(scene, box, clock), LONG_AGO + day * DAY
        minute.fill(waiting, at, rows, shown=SAMPLE)
        ticked = minute.tick(at)
        worked = minute.work(at, min(rows, SAMPLE))
        if rows != sizes[-1]:
            minute.end()
        figures += _figures(rows, ticked, worked)
    return Section("punctual", "Being on time: one person paged by SMS", tuple(figures), _NOTE)


def _serial(minute: Minute, waiting: Conversation) -> Iterator[Figure]:
    """Follow one page from its due instant to the moment it is handed over."""
    at = LONG_AGO + DAY / 2
    minute.fill(waiting, at, 1, shown=1)
    minute.tick(at)
    (wake,) = minute.take()
    watched = minute.do(wake)
    page = next(m for m in minute.take() if isinstance(m, Hand) and m.ref.kind == Page.__name__)
    way = minute.do(page).until("sns.Publish")
    minute.work(at)
    minute.end()
    names = [call.name for call in watched.calls]
    yield Figure("serial AWS calls, due to hand-over", len(names) + len(way), detail={"way": names + way})
    yield Figure("of them in the watcher", len(names))
    yield Figure("queues on the way", 2)


def _figures(rows: int, ticked: Ticked, worked: Worked) -> Iterator[Figure]:
    sampled, tick, work = min(rows, SAMPLE), ticked.ledger, worked.ledger

    def per_row(of_tick: float, of_work: float) -> float:
        return of_tick / rows + of_work / sampled

    of = f"of {rows:,} due"
    granted = limits_of("Tick")
    seconds = granted.run(ticked.cpu_seconds, tick.count()).seconds
    yield Figure(f"messages per row, {of}", per_row(len(tick.queued), len(work.queued)))
    yield Figure(f"AWS calls per row, {of}", per_row(tick.count(), work.count()), detail=work.by_name())
    yield Figure(f"read units per row, {of}", per_row(tick.reads, work.reads), "RRU")
    yield Figure(f"write units per row, {of}", per_row(tick.writes, work.writes), "WRU")
    yield Figure(f"SMS for {sampled} rows, {of}", work.count("sns.Publish"))
    yield Figure(f"tick's AWS calls, {of}", tick.count(), detail=tick.by_name())
    yield Figure(f"tick's processor time here, {of}", ticked.cpu_seconds, "s")
    yield Figure(f"tick's time on Lambda, {of}", seconds, "s", aim=granted.timeout_seconds / 2)
    yield Figure(f"until all is done, {of}", _until_done(rows, sampled, worked), "s")


def _until_done(rows: int, sampled: int, worked: Worked) -> float:
    """Return the seconds that watchers or senders need, whichever have more to do."""
    watch, send = limits_of("Watch"), limits_of("Send")
    watching = rows * worked.seconds_each(Wake, watch) / watch.at_once
    sending = rows * worked.times[Hand] / sampled * worked.seconds_each(Hand, send) / send.at_once
    return max(watching, sending)
