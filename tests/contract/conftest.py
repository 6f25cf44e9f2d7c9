"""Where a contract suite finds what it holds to the contract: the fake, and the same thing on the emulator."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.services.ports import Store
from chalicelib.store.dynamo import DynamoStore
from infra.local import Emulator, running_emulator
from tests.fakes import FakeStore

TEMPLATE = Path(__file__).parents[2] / "infra" / "template.json"
_serial = itertools.count(1)


@pytest.fixture(scope="session")
def aws() -> Iterator[Emulator]:
    """Run one emulator for all contract tests that need it."""
    with running_emulator() as running:
        yield running


@pytest.fixture(scope="session")
def make_table(aws: Emulator) -> Callable[[], str]:
    """Make empty tables just as the template declares its own."""
    declared: dict[str, Any] = json.loads(TEMPLATE.read_text())["Resources"]["Table"]["Properties"]
    wanted = ("AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes", "KeySchema")
    properties = {name: declared[name] for name in wanted}

    def make() -> str:
        name = f"contract-{next(_serial)}"
        aws.client("dynamodb").create_table(TableName=name, **properties)
        return name

    return make


@pytest.fixture(scope="session")
def make_queue(aws: Emulator) -> Callable[[], str]:
    """Make empty queues, and return their addresses."""

    def make() -> str:
        answer = aws.client("sqs").create_queue(QueueName=f"contract-{next(_serial)}")
        return str(answer["QueueUrl"])

    return make


@pytest.fixture(params=["fake", pytest.param("table", marks=pytest.mark.e2e)])
def store(request: pytest.FixtureRequest) -> Store:
    """An empty store: in memory, then on DynamoDB."""
    if request.param == "fake":
        return FakeStore()
    running: Emulator = request.getfixturevalue("aws")
    name: str = request.getfixturevalue("make_table")()
    return DynamoStore(name, client=running.client("dynamodb"))
