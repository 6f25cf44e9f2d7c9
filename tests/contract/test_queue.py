"""One queue contract, held by the fake and by SQS alike: what goes in comes out, when it is due."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol

import pytest

from chalicelib.errors import Permanent
from chalicelib.queues.messages import loads
from chalicelib.queues.sqs import SqsQueue
from chalicelib.services.ports import Hand, Held, Inbound, Message, Queue, Ref, Wake, Whisper
from infra.local import Emulator
from tests.builders import NIGHT, a_conversation, a_page
from tests.fakes import FakeClock, FakeQueue

TICK = timedelta(seconds=1)


class Outlet(Protocol):
    """A queue, and how a test takes from it."""

    queue: Queue

    def ready(self) -> list[Message]:
        """Take every message that is ready now."""
        ...

    def wait(self, span: timedelta) -> None:
        """Let time pass."""
        ...


class FakeOutlet:
    def __init__(self) -> None:
        self._clock = FakeClock()
        self._fake = FakeQueue(self._clock)
        self.queue: Queue = self._fake

    def ready(self) -> list[Message]:
        return self._fake.receive()

    def wait(self, span: timedelta) -> None:
        self._clock.advance(span)


class SqsOutlet:
    """A real second is waited for by this suite alone: no story depends on it."""

    def __init__(self, client: Any, url: str) -> None:
        self._client = client
        self._url = url
        self.queue: Queue = SqsQueue(url, client=client)

    def ready(self) -> list[Message]:
        found: list[Message] = []
        while True:
            answer = self._client.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10)
            if not answer.get("Messages"):
                return found
            found += [loads(message["Body"]) for message in answer["Messages"]]

    def wait(self, span: timedelta) -> None:
        time.sleep(span.total_seconds() + 0.2)


@pytest.fixture(params=["fake", pytest.param("sqs", marks=pytest.mark.e2e)])
def outlet(request: pytest.FixtureRequest) -> Outlet:
    """An empty queue: in memory, then on SQS."""
    if request.param == "fake":
        return FakeOutlet()
    running: Emulator = request.getfixturevalue("aws")
    make: Callable[[], str] = request.getfixturevalue("make_queue")
    return SqsOutlet(running.client("sqs"), make())


ONE_OF_EACH: list[Message] = [
    Inbound("facebook", "acme-meta", NIGHT, b'{"entry":[\x00\xff]}'),
    Wake(Ref("Conversation", a_conversation().identity), NIGHT),
    Hand(Ref("Page", a_page().identity)),
    Whisper("https://slack.example/response", "Ana holds it until 02:30 👋"),
]


@pytest.mark.parametrize("message", ONE_OF_EACH, ids=lambda message: type(message).__name__)
def test_a_message_arrives_as_it_was_sent(outlet: Outlet, message: Message) -> None:
    outlet.queue.send(message)
    assert outlet.ready() == [message]


def test_nothing_sent_is_nothing_received(outlet: Outlet) -> None:
    outlet.queue.send()
    assert outlet.ready() == []


def test_every_one_of_many_messages_arrives_once(outlet: Outlet) -> None:
    """More than one batch; order never matters."""
    many = [Hand(Ref("Page", (str(number),))) for number in range(23)]
    outlet.queue.send(*many)
    arrived = outlet.ready()
    assert len(arrived) == 23
    assert set(arrived) == set(many)


def test_a_delayed_message_waits_and_then_comes(outlet: Outlet) -> None:
    """Half a second is a whole one: early would be a wake with nothing due."""
    late, soon = (Hand(Ref("Page", (name,))) for name in ("late", "soon"))
    outlet.queue.send(late, delay=TICK / 2)
    outlet.queue.send(soon)
    assert outlet.ready() == [soon]
    outlet.wait(TICK)
    assert outlet.ready() == [late]


def test_each_message_of_one_call_waits_for_its_own_time(outlet: Outlet) -> None:
    late, soon = (Hand(Ref("Page", (name,))) for name in ("late", "soon"))
    outlet.queue.send_each(Held(late, TICK), Held(soon))
    assert outlet.ready() == [soon]
    outlet.wait(TICK)
    assert outlet.ready() == [late]


def test_a_delay_beyond_a_quarter_of_an_hour_is_cut_and_not_refused(outlet: Outlet) -> None:
    """Whoever is woken early looks, finds nothing due, and the tick wakes them again."""
    outlet.queue.send(ONE_OF_EACH[1], delay=timedelta(hours=3))
    assert outlet.ready() == []


def test_deliveries_that_do_not_fit_one_call_go_in_several(outlet: Outlet) -> None:
    large = [Inbound("x", "y", NIGHT, hashlib.shake_256(bytes([seed])).digest(460_000)) for seed in range(3)]
    outlet.queue.send(*large)
    arrived = outlet.ready()
    assert len(arrived) == 3
    assert set(arrived) == set(large)


def test_a_delivery_too_large_for_any_call_is_refused_and_sends_nothing(outlet: Outlet) -> None:
    huge = Inbound("x", "y", NIGHT, hashlib.shake_256(b"z").digest(900_000))
    with pytest.raises(Permanent, match="split the delivery"):
        outlet.queue.send(ONE_OF_EACH[1], huge)
    assert outlet.ready() == []
