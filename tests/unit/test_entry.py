"""Each record of a batch is worked alone, and each error decides by its family what becomes of its message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.entry import Batch, backoff
from chalicelib.errors import Conflict, NotFound, Permanent, Transient
from chalicelib.services.ports import Message, Ref, Wake, Whisper

AT = datetime(2027, 3, 6, 2, 0, tzinfo=UTC)


class Bench:
    """A batch whose work fails as told, and everything that became of it."""

    def __init__(self, *, silent: bool = False, **failures: Exception) -> None:
        self.silent = silent
        self.failures = failures
        self.worked: list[str] = []
        self.buried: list[tuple[str, str]] = []
        self.held: list[tuple[str, float]] = []
        self.logged: list[str] = []
        self.batch = Batch(self._decode, {Wake: self._work}, self, self)

    def _decode(self, body: str) -> Message:
        if body == "unknown":
            raise Permanent("messages of version 9 are not known here: deploy the newer code first")
        return Whisper("https://example.com/answer", body) if body == "astray" else Wake(Ref(body, ()), AT)

    def _work(self, message: Wake) -> None:
        name = message.ref.kind
        if name in self.failures:
            raise self.failures[name]
        self.worked.append(name)

    def bury(self, body: str, *, why: str) -> None:
        self.buried.append((body, why))

    def hold(self, receipt: str, delay: timedelta) -> None:
        if self.silent:
            raise Transient("SQS is throttled")
        self.held.append((receipt, delay.total_seconds()))

    def info(self, words: str, /, **facts: object) -> None:
        self.logged.append(f"{words}: {facts['why']}")

    def warning(self, words: str, /, **facts: object) -> None:
        self.logged.append(f"{words}: {facts['why']}")

    def exception(self, words: str, /, **facts: object) -> None:
        self.logged.append(f"{words}: {facts['message']}")

    def run(self, *bodies: str) -> list[str]:
        answer = self.batch({"Records": [_record(body) for body in bodies]})
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def _record(body: str, tried: int = 1) -> dict[str, Any]:
    counted = {"ApproximateReceiveCount": str(tried)}
    name = {"messageId": f"id-{body}", "receiptHandle": f"receipt-{body}", "eventSource": "aws:sqs"}
    return name | {"body": body, "attributes": counted}


def test_one_bad_record_comes_back_alone_and_its_neighbours_are_done() -> None:
    bench = Bench(b=Transient("the table is throttled"))
    assert bench.run("a", "b", "c") == ["id-b"]
    assert bench.worked == ["a", "c"]


@pytest.mark.parametrize("over", [NotFound("no such conversation"), Conflict("ben holds it", holder="ben")])
def test_what_is_over_is_done_and_logged(over: Exception) -> None:
    bench = Bench(a=over)
    assert bench.run("a") == []
    assert bench.buried == []
    assert bench.logged == [f"nothing left to do: {over}"]


def test_what_cannot_work_is_dead_lettered_at_once_instead_of_retried() -> None:
    bench = Bench(a=Permanent("the token is revoked"))
    assert bench.run("a") == []
    assert bench.buried == [("a", "the token is revoked")]


def test_a_message_nobody_understands_is_dead_lettered_with_its_body_intact() -> None:
    bench = Bench()
    assert bench.run("unknown", "a") == []
    assert [body for body, _ in bench.buried] == ["unknown"]
    assert bench.worked == ["a"]


def test_a_bug_is_retried_by_the_queue_and_never_swallowed() -> None:
    bench = Bench(a=ZeroDivisionError())
    assert bench.run("a", "b") == ["id-a"]
    assert bench.logged == ["a bug: the message comes back: id-a"]


def test_a_batch_of_nothing_but_failures_still_answers_which() -> None:
    bench = Bench(a=Transient("later"), b=Transient("later"))
    assert bench.run("a", "b") == ["id-a", "id-b"]


def test_a_message_that_strayed_onto_the_wrong_queue_is_dead_lettered() -> None:
    bench = Bench()
    assert bench.run("astray") == []
    assert bench.buried == [("astray", "this queue carries no Whisper")]


def test_what_may_work_later_comes_back_soon_instead_of_after_the_queues_visibility() -> None:
    bench = Bench(a=Transient("the table is throttled"))
    bench.run("a")
    assert bench.held == [("receipt-a", 5.0)]


def test_a_message_that_cannot_be_held_back_still_comes_back() -> None:
    bench = Bench(silent=True, a=Transient("the table is throttled"))
    assert bench.run("a") == ["id-a"]


def test_each_try_waits_longer_up_to_five_minutes_and_the_provider_is_heeded() -> None:
    waits = [backoff(tries, None).total_seconds() for tries in (1, 2, 3, 9)]
    assert waits == [5, 10, 20, 300]
    assert backoff(1, timedelta(seconds=42)).total_seconds() == 42
    assert backoff(1, timedelta(hours=2)).total_seconds() == 300
