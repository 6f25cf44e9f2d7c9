"""What AWS asks for what was counted: list prices of us-east-1, first tier, no free tier, arm64.

As published in November 2026; a price that changes is changed here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass

MILLION = 1_000_000
GIB = 1024**3

API_REQUEST = 3.50 / MILLION  # https://aws.amazon.com/api-gateway/pricing/ (REST)
QUEUE_REQUEST = 0.40 / MILLION  # https://aws.amazon.com/sqs/pricing/ (standard, 64 KiB each)
INVOCATION = 0.20 / MILLION  # https://aws.amazon.com/lambda/pricing/
GIB_SECOND = 0.0000133334  # the same page, arm64
WRITE_UNIT = 0.625 / MILLION  # https://aws.amazon.com/dynamodb/pricing/on-demand/
READ_UNIT = 0.125 / MILLION  # the same page
LOG_GIB = 0.50  # https://aws.amazon.com/cloudwatch/pricing/ (ingested)

FULL_CPU_MB = 1769
"""The memory at which Lambda gives one whole processor; less memory gets its share (Lambda developer guide)."""

CALL_SECONDS = 0.006
"""What one call to DynamoDB or SQS is taken to wait, within a region."""

PLATFORM_LOG_BYTES = 330
"""START, END and REPORT, which Lambda writes for each invocation."""


@dataclass(frozen=True, slots=True)
class Run:
    """One function's part in one post: what its processor did here, and what it waits for."""

    cpu_seconds: float
    calls: int
    memory_mb: int

    @property
    def seconds(self) -> float:
        """Return how long Lambda is taken to run it: its share of a processor, and the waiting."""
        return self.cpu_seconds * max(1.0, FULL_CPU_MB / self.memory_mb) + self.calls * CALL_SECONDS

    @property
    def gib_seconds(self) -> float:
        """Return what is billed."""
        return self.seconds * self.memory_mb / 1024


@dataclass(frozen=True, slots=True)
class Used:
    """What one post used."""

    api_requests: int
    queue_requests: int
    runs: tuple[Run, ...]
    reads: float
    writes: float
    log_bytes: int


def dollars(used: Used) -> dict[str, float]:
    """Return the price of a million such posts, service by service, logs apart."""
    one = {
        "API Gateway": used.api_requests * API_REQUEST,
        "SQS": used.queue_requests * QUEUE_REQUEST,
        "Lambda requests": len(used.runs) * INVOCATION,
        "Lambda time": sum(run.gib_seconds for run in used.runs) * GIB_SECOND,
        "DynamoDB writes": used.writes * WRITE_UNIT,
        "DynamoDB reads": used.reads * READ_UNIT,
    }
    return {name: price * MILLION for name, price in one.items()}


def log_dollars(used: Used) -> float:
    """Return the price of a million such posts' logs."""
    written = used.log_bytes + len(used.runs) * PLATFORM_LOG_BYTES
    return written / GIB * LOG_GIB * MILLION
