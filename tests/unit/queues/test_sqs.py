"""How messages are batched, held back and offered again; the answers are SQS's own, replayed by botocore's stub."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import Permanent, Transient
from chalicelib.queues.messages import dumps
from chalicelib.queues.returns import SqsReturns
from chalicelib.queues.sqs import MAX_BYTES, SqsQueue, delay_seconds
from chalicelib.services.ports import Hand, Held, Inbound, Ref, Refused
from tests.builders import NIGHT

URL = "https://sqs.example/1/wake"
WORK = "https://sqs.example/1/work"


def noise(seed: int, size: int) -> bytes:
    """Return bytes that no compression makes smaller."""
    return hashlib.shake_256(bytes([seed])).digest(size)


def hand(number: int) -> Hand:
    return Hand(Ref("Page", (str(number),)))


def entry(number: int, *, delay: int = 0, at: int | None = None) -> dict[str, Any]:
    position = number if at is None else at
    return {"Id": str(position), "MessageBody": dumps(hand(number)), "DelaySeconds": delay}


class Sqs:
    """A queue whose client expects exactly these batches."""

    def __init__(self) -> None:
        client = boto3.client(
            "sqs", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="y"
        )
        self.stub = Stubber(client)
        self.queue = SqsQueue(URL, client=client)
        self.returns = SqsReturns(WORK, URL, client=client)

    def expects(
        self, *entries: dict[str, Any], failed: dict[str, str] | None = None, fault: bool = False
    ) -> None:
        """Expect one batch, of which some ids fail with a code."""
        failures = [
            {"Id": id_, "Code": code, "SenderFault": fault, "Message": "no"}
            for id_, code in (failed or {}).items()
        ]
        answer = {"Successful": [], "Failed": failures}
        self.stub.add_response("send_message_batch", answer, {"QueueUrl": URL, "Entries": list(entries)})


@pytest.fixture
def sqs() -> Iterator[Sqs]:
    """A queue that demands that every batch expected was sent."""
    made = Sqs()
    with made.stub:
        yield made
        made.stub.assert_no_pending_responses()


def test_nothing_to_send_calls_nobody(sqs: Sqs) -> None:
    sqs.queue.send()


def test_messages_go_in_tens(sqs: Sqs) -> None:
    sqs.expects(*(entry(number) for number in range(10)))
    sqs.expects(*(entry(number, at=number - 10) for number in range(10, 12)))
    sqs.queue.send(*(hand(number) for number in range(12)))


def test_a_batch_never_exceeds_what_sqs_takes(sqs: Sqs) -> None:
    """Two bodies of 0.6 MiB are two batches, in their order."""
    large = [Inbound("x", "y", NIGHT, noise(seed, 460_000)) for seed in range(2)]
    bodies = [dumps(message) for message in large]
    assert sum(map(len, bodies)) > MAX_BYTES
    for body in bodies:
        sqs.expects({"Id": "0", "MessageBody": body, "DelaySeconds": 0})
    sqs.queue.send(*large)


def test_a_message_larger_than_sqs_takes_is_permanent(sqs: Sqs) -> None:
    huge = Inbound("x", "y", NIGHT, noise(1, 800_000))
    with pytest.raises(Permanent, match="split the delivery"):
        sqs.queue.send(huge)


def test_what_is_refused_is_offered_once_more_and_nothing_else_is(sqs: Sqs) -> None:
    sqs.expects(entry(0), entry(1), entry(2), failed={"1": "InternalError"})
    sqs.expects(entry(1))
    sqs.queue.send(hand(0), hand(1), hand(2))


def test_what_is_refused_twice_is_counted_and_may_be_sent_again(sqs: Sqs) -> None:
    sqs.expects(entry(0), entry(1), failed={"1": "InternalError"})
    sqs.expects(entry(1), failed={"1": "InternalError"})
    with pytest.raises(Refused, match="1 of 2 messages: SQS refused them twice") as refusal:
        sqs.queue.send(hand(0), hand(1))
    assert refusal.value.count == 1


def test_a_batch_that_fails_costs_the_next_nothing(sqs: Sqs) -> None:
    """Ten wakes that a throttled queue refuses are the next tick's; the eleventh row is woken now."""
    sqs.stub.add_client_error("send_message_batch", "RequestThrottled")
    sqs.expects(entry(10, at=0))
    with pytest.raises(Refused, match="10 of 11 messages") as refusal:
        sqs.queue.send(*(hand(number) for number in range(11)))
    assert refusal.value.count == 10


def test_what_is_our_own_fault_is_permanent(sqs: Sqs) -> None:
    sqs.expects(entry(0), failed={"0": "InvalidMessageContents"}, fault=True)
    with pytest.raises(Permanent, match="InvalidMessageContents"):
        sqs.queue.send(hand(0))


@pytest.mark.parametrize("code", ["RequestThrottled", "ServiceUnavailable"])
def test_a_throttled_queue_is_transient(sqs: Sqs, code: str) -> None:
    sqs.stub.add_client_error("send_message_batch", code)
    with pytest.raises(Transient, match=code):
        sqs.queue.send(hand(0))


def test_a_queue_that_is_not_there_is_a_bug(sqs: Sqs) -> None:
    sqs.stub.add_client_error("send_message_batch", "AWS.SimpleQueueService.NonExistentQueue")
    with pytest.raises(ClientError):
        sqs.queue.send(hand(0))


@pytest.mark.parametrize(
    ("delay", "seconds"),
    [
        (timedelta(0), 0),
        (timedelta(microseconds=1), 1),
        (timedelta(seconds=59), 59),
        (timedelta(seconds=59, microseconds=1), 60),
        (timedelta(minutes=15), 900),
        (timedelta(hours=2), 900),
        (timedelta(seconds=-5), 0),
    ],
)
def test_a_delay_is_rounded_up_and_at_most_a_quarter_of_an_hour(delay: timedelta, seconds: int) -> None:
    assert delay_seconds(delay) == seconds


@given(st.timedeltas(timedelta(0), timedelta(minutes=15)))
def test_nothing_comes_early_and_nothing_a_second_late(delay: timedelta) -> None:
    assert timedelta(0) <= timedelta(seconds=delay_seconds(delay)) - delay < timedelta(seconds=1)


def test_the_delay_travels_with_each_message(sqs: Sqs) -> None:
    sqs.expects(entry(0, delay=31), entry(1, delay=31))
    sqs.queue.send(hand(0), hand(1), delay=timedelta(seconds=30.5))


def test_messages_with_different_delays_go_in_one_call(sqs: Sqs) -> None:
    sqs.expects(entry(0, delay=7), entry(1, delay=59), entry(2))
    delays = (timedelta(seconds=7), timedelta(seconds=58.2), timedelta(0))
    sqs.queue.send_each(*(Held(hand(number), delay) for number, delay in enumerate(delays)))


def test_a_dead_letter_keeps_its_body_and_says_why(sqs: Sqs) -> None:
    why = {"why": {"DataType": "String", "StringValue": "token  revoked"}}
    expected = {"QueueUrl": URL, "MessageBody": "{}", "MessageAttributes": why}
    sqs.stub.add_response("send_message", {"MessageId": "1"}, expected)
    sqs.returns.bury("{}", why="token\n\x00revoked")


def test_a_dead_letter_without_a_reason_is_kept_all_the_same(sqs: Sqs) -> None:
    why = {"why": {"DataType": "String", "StringValue": "no reason given"}}
    sqs.stub.add_response(
        "send_message", {}, {"QueueUrl": URL, "MessageBody": "{}", "MessageAttributes": why}
    )
    sqs.returns.bury("{}", why="\n")


def test_a_dead_letter_queue_that_is_throttled_is_transient(sqs: Sqs) -> None:
    sqs.stub.add_client_error("send_message", "RequestThrottled")
    with pytest.raises(Transient):
        sqs.returns.bury("{}", why="x")


def test_a_message_is_held_back_on_its_own_queue(sqs: Sqs) -> None:
    held = {"QueueUrl": WORK, "ReceiptHandle": "receipt", "VisibilityTimeout": 20}
    sqs.stub.add_response("change_message_visibility", {}, held)
    sqs.returns.hold("receipt", timedelta(seconds=20))


def test_a_throttled_queue_that_cannot_hold_a_message_back_is_a_passing_failure(sqs: Sqs) -> None:
    sqs.stub.add_client_error("change_message_visibility", "ThrottlingException", http_status_code=400)
    with pytest.raises(Transient):
        sqs.returns.hold("receipt", timedelta(seconds=20))
