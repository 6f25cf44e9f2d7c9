"""What one post asks of AWS from its webhook to its stored deadline, and what a million of them cost.

The real use cases run here against the emulator, one post per delivery, warm. What AWS does by itself is added:
the queue's poller receives and deletes each message, API Gateway and the poller invoke a function each.
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.services.platform_port import Delivery
from infra.bench.deliveries import ANSWER, QUESTION, Signed, Writer
from infra.bench.figures import Figure, Section
from infra.bench.ledger import Ledger
from infra.bench.limits import limits_of
from infra.bench.prices import Used, dollars, log_dollars
from infra.bench.scene import BRAND, Scene
from infra.failures import CommandError

if TYPE_CHECKING:
    from chalicelib.wiring import Container

CALLS_AIM = 10
DOLLARS_AIM = 15.0
TYPICAL = "new comment"
FURTHER = "second of a conversation"
MESSAGE = "direct message"
PRAISE = "praise"
LONG = "new comment of 1 KiB"
CUSTOMERS = frozenset({TYPICAL, FURTHER, MESSAGE, PRAISE, LONG})
"""Kinds that a customer sends; the brand's own answers have no deadline to be stored."""

POLLER_CALLS = 2
"""Receive and delete: the poller's, one each for a batch of one."""

INVOCATIONS = 2


@dataclass(frozen=True, slots=True)
class Taken:
    """One post: what each of the two functions asked, how long their processor worked, what they logged."""

    kind: str
    api: Ledger
    intake: Ledger
    api_seconds: float
    intake_seconds: float
    logged: int

    @property
    def own_calls(self) -> int:
        """Return the calls our code makes."""
        return self.api.count() + self.intake.count()

    @property
    def calls(self) -> int:
        """Return all calls: ours, the poller's, the invocations."""
        return self.own_calls + POLLER_CALLS + INVOCATIONS

    @property
    def used(self) -> Used:
        """Return what is billed."""
        runs = (
            limits_of("APIHandler").run(self.api_seconds, self.api.count()),
            limits_of("Intake").run(self.intake_seconds, self.intake.count()),
        )
        queue = self.api.count("sqs.SendMessageBatch") + self.intake.count("sqs.SendMessageBatch")
        return Used(1, queue + POLLER_CALLS, runs, self.intake.reads, self.intake.writes, self.logged)


def measure(scene: Scene, *, quick: bool) -> list[Section]:
    """Take posts of each kind in and count."""
    runs = [list(_kinds(scene, scene.container())) for _ in range(2 if quick else 9)]
    typical = [sorted(same, key=_cpu)[len(same) // 2] for same in zip(*runs, strict=True)]
    return [_calls(typical), _money(typical)]


def _cpu(taken: Taken) -> float:
    return taken.api_seconds + taken.intake_seconds


def _kinds(scene: Scene, box: Container) -> Iterator[Taken]:
    """Yield a post of each kind, by a customer of their own."""
    writer, customer = Writer(), str(time.time_ns())
    comment = writer.name()
    _take(scene, box, "first of a container", writer.comment(writer.name(), customer + "0", QUESTION))
    yield _take(scene, box, TYPICAL, writer.comment(comment, customer + "1", QUESTION))
    more = writer.comment(writer.name(), customer + "1", "And nobody answers the phone!", parent=comment)
    yield _take(scene, box, FURTHER, more)
    yield _take(scene, box, "native answer, public", writer.native_reply(comment, ANSWER))
    yield _take(scene, box, MESSAGE, writer.message(customer + "2", QUESTION))
    yield _take(scene, box, "native answer, private", writer.echo(customer + "2", ANSWER))
    praise = writer.comment(writer.name(), customer + "3", "Best crew ever, thank you so much!")
    yield _take(scene, box, PRAISE, praise)
    yield _take(scene, box, LONG, writer.comment(writer.name(), customer + "4", QUESTION * 8))
    yield _take(scene, box, "redelivery", praise)


def _take(scene: Scene, box: Container, kind: str, signed: Signed) -> Taken:
    """Take one delivery in, as the two functions would."""
    said = io.StringIO()
    delivery = Delivery("POST", signed.headers, {}, signed.body)
    with redirect_stdout(said), scene.listener.counting() as api:
        begun = time.process_time()
        box.reception.receive(BRAND.platform, BRAND.app, delivery)
        api_seconds = time.process_time() - begun
    event = {"Records": scene.taken("inbound")}
    with redirect_stdout(said), scene.listener.counting() as intake:
        begun = time.process_time()
        answer = box.entry.intake(event)
        intake_seconds = time.process_time() - begun
    if answer["batchItemFailures"]:
        raise CommandError(f"A post ({kind}) was not taken in")
    return Taken(kind, api, intake, api_seconds, intake_seconds, len(said.getvalue().encode()))


# --- what it comes to --------------------------------------------------------------------------------------


def _calls(taken: list[Taken]) -> Section:
    figures = [figure for one in taken for figure in _counted(one)]
    note = (
        "Calls: those of our code, the poller's receive and delete, and two invocations. Units of writes are as "
        "DynamoDB tells them, indexes included; units of reads follow from what was read. Warm: the secret (5 min) "
        "and the team file (30 s) are in memory; a first post in a fresh container reads each once more."
    )
    return Section("posts", "From webhook to stored deadline, one post per delivery", tuple(figures), note)


def _counted(one: Taken) -> Iterator[Figure]:
    operations = {"api": one.api.by_name(), "intake": one.intake.by_name()}
    aim = CALLS_AIM if one.kind in CUSTOMERS else None
    yield Figure(f"{one.kind}: AWS calls", one.calls, aim=aim, detail=operations)
    yield Figure(f"{one.kind}: read units", one.intake.reads, "RRU")
    yield Figure(f"{one.kind}: write units", one.intake.writes, "WRU", detail={"indexes": one.intake.indexes})


def _money(taken: list[Taken]) -> Section:
    typical = next(one for one in taken if one.kind == TYPICAL)
    parts = [Figure(f"  {name}", price, "$") for name, price in dollars(typical.used).items()]
    figures = [
        Figure(
            f"a million: {one.kind}",
            sum(dollars(one.used).values()),
            "$",
            aim=DOLLARS_AIM if one.kind == TYPICAL else None,
        )
        for one in taken
    ]
    logs = Figure(f"logs of a million: {TYPICAL}", log_dollars(typical.used), "$")
    note = (
        f"List prices of us-east-1. The lines below the first say where a {TYPICAL}'s goes. Lambda's time is the "
        f"processor's here, at its memory's share of one, and 6 ms for each call."
    )
    return Section("cost", "List price of a million posts", (figures[0], *parts, *figures[1:], logs), note)
