"""The stack of the end-to-end stories: packaged, planned and deployed as for production, once for a whole run."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from infra.local import Emulator, LocalStack, deployed_into
from infra.standin.server import Standin
from tests.e2e.harness.driver import Driver
from tests.e2e.harness.town import GRAM, PAGE, SIGNING_SECRET, Town, stage_environment, store_secrets


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything that drives the stack."""
    for item in items:
        if "/e2e/" in item.path.as_posix():
            item.add_marker(pytest.mark.e2e)


class StoryTime:
    """What time the stand-in signs with: a story's, which its driver moves."""

    def __init__(self) -> None:
        self.driver: Driver | None = None

    def __call__(self) -> float:
        """Return the story's present in seconds since 1970."""
        assert self.driver is not None, "no story is being told"
        return self.driver.now.timestamp()


@pytest.fixture(scope="session")
def story_time() -> StoryTime:
    """The clock of whoever is outside the stack."""
    return StoryTime()


@pytest.fixture(scope="session")
def standin(story_time: StoryTime) -> Iterator[Standin]:
    """Slack and Meta, on this machine."""
    with Standin(signing_secret=SIGNING_SECRET, brands=[PAGE, GRAM], now=story_time).running() as running:
        yield running


@pytest.fixture(scope="session")
def stack(emulator: Emulator, standin: Standin) -> LocalStack:
    """The deployed stack, on a clock that only the driver moves and with ticks that only the driver starts."""
    stack = deployed_into(emulator, f"test-{secrets.token_hex(3)}", parameters(standin))
    stop_schedules(stack)
    store_secrets(stack.client("ssm").put_parameter, stack.stage)
    standin.connect(stack.api_url)
    return stack


def parameters(standin: Standin, **others: str) -> dict[str, str]:
    """Return what the stage is deployed with: its own clock, and the stand-in for the world outside."""
    return {
        "Clock": "table",
        "SlackApiUrl": standin.slack_api_url,
        "GraphApiUrl": standin.graph_api_url,
        "GraphInstagramApiUrl": standin.graph_api_url,
        "ThreadsApiUrl": standin.threads_api_url,
        "XApiUrl": standin.x_api_url,
        **others,
    }


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


@pytest.fixture
def town(
    driver: Driver, standin: Standin, story_time: StoryTime, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Town]:
    """A story; whatever reached anybody and was not expected fails it at its end."""
    for name, value in driver.stack.environment.items():
        monkeypatch.setenv(name, value)
    story_time.driver = driver
    standin.world.complaints.clear()
    told = Town(driver, standin, stage_environment(driver))
    yield told
    told.end()
