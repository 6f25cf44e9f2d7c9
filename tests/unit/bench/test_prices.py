"""The price of a million posts follows from counts and list prices alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from infra.bench.limits import limits_of
from infra.bench.prices import CALL_SECONDS, FULL_CPU_MB, Run, Used, dollars, log_dollars

POST = Used(
    api_requests=1,
    queue_requests=3,
    runs=(Run(0.002, 1, 512), Run(0.006, 6, 512)),
    reads=4,
    writes=13,
    log_bytes=500,
)


def test_each_service_is_priced_by_what_it_bills() -> None:
    """Worked out by hand from the price list."""
    priced = dollars(POST)
    assert priced["API Gateway"] == pytest.approx(3.5)
    assert priced["SQS"] == pytest.approx(1.2)
    assert priced["Lambda requests"] == pytest.approx(0.4)
    assert priced["DynamoDB writes"] == pytest.approx(8.125)
    assert priced["DynamoDB reads"] == pytest.approx(0.5)


def test_a_function_with_less_memory_is_taken_to_run_longer() -> None:
    """Lambda gives a share of a processor by memory; waiting for AWS takes as long whatever the memory."""
    small, whole = Run(1.0, 2, FULL_CPU_MB // 4), Run(1.0, 2, FULL_CPU_MB)
    assert whole.seconds == pytest.approx(1 + 2 * CALL_SECONDS)
    assert small.seconds == pytest.approx(4 + 2 * CALL_SECONDS, rel=0.01)


def test_more_memory_than_one_processor_needs_makes_nothing_faster() -> None:
    assert Run(1.0, 0, 2 * FULL_CPU_MB).seconds == Run(1.0, 0, FULL_CPU_MB).seconds


def test_lambdas_time_is_billed_by_memory() -> None:
    one = replace(POST, runs=(Run(0, 100, 1024),))
    assert dollars(one)["Lambda time"] == pytest.approx(100 * CALL_SECONDS * 13.3334)


def test_logs_are_priced_apart_with_what_lambda_itself_writes() -> None:
    """A kilobyte for each post is about half a dollar."""
    assert "logs" not in " ".join(dollars(POST)).lower()
    assert log_dollars(replace(POST, log_bytes=340)) == pytest.approx(0.466, abs=0.01)


def test_limits_are_those_of_the_template() -> None:
    """Whoever changes a function's memory changes what the bench says of it."""
    assert limits_of("Watch").at_once > 1
    assert limits_of("Tick").at_once == 1
    assert limits_of("Tick").run(1.0, 0).memory_mb == limits_of("Tick").memory_mb
