"""The stack of the end-to-end stories: packaged, planned and deployed as for production, once for a whole run."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from infra.local import Emulator, LocalStack, deployed_into
from tests.e2e.harness.driver import Driver


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything that drives the stack."""
    for item in items:
        if "/e2e/" in item.path.as_posix():
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def stack(emulator: Emulator) -> LocalStack:
    """The deployed stack, on a clock that only the driver moves and with ticks that only the driver starts."""
    stack = deployed_into(emulator, f"test-{secrets.token_hex(3)}", {"Clock": "table"})
    stop_schedules(stack)
    return stack


def stop_schedules(stack: LocalStack) -> None:
    """Keep the real minute out of stories told in their own time."""
    events = stack.client("events")
    for rule in events.list_rules(NamePrefix=f"nightdesk-{stack.stage}-")["Rules"]:
        events.disable_rule(Name=rule["Name"])


@pytest.fixture
def driver(stack: LocalStack) -> Iterator[Driver]:
    """The stack emptied: no rows, no messages, no pages of an earlier story."""
    driver = Driver(stack)
    driver.wipe()
    yield driver
    driver.settle()
