"""The bench's stage: the production template on the local emulator, and the same code in this process beside it.

What is counted runs here, in this process, with the deployed functions' own settings; its queues are the bench's
own, so that no deployed function takes a message away. What is timed runs where it is deployed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from infra.bench.ledger import Listener
from infra.local import LocalStack, local_stack
from infra.standin.meta import Brand
from infra.standin.server import Standin

if TYPE_CHECKING:
    from chalicelib.services.ports import Clock
    from chalicelib.wiring import Container

STAGE = "bench"
BRAND = Brand("facebook", "1029384756", "Acme Air", "acme-meta", "the-bench-secret")
QUEUES = ("inbound", "wake", "outbound")

TEAM = """
brand = "Acme Air"
sample = 0
[accounts.acme-fb]
platform = "facebook"
id = "1029384756"
app = "acme-meta"
team = "care"
[teams.care]
channel = "#social"
tz = "UTC"
[[policies]]
first = "60m"
next = "60m"
escalation = "default"
[[escalation.default]]
at = "-60%"
tell = ["#social"]
[[escalation.default]]
at = "-33%"
page = ["primary"]
[[escalation.default]]
at = "+5m"
page = ["lead"]
repeat = "10m"
[people.ana]
phone = "+447700900001"
reach = ["sms"]
[people.lead]
phone = "+447700900009"
email = "lead@example.com"
reach = ["sms"]
[schedules.primary]
tz = "UTC"
fallback = "lead"
[[schedules.primary.layers]]
name = "days"
rotate = ["ana"]
every = "1 week"
start = "2026-01-05 09:00"
"""


@dataclass
class Scene:
    """The deployed stack, and how to work on it from here."""

    stack: LocalStack
    listener: Listener
    _made: dict[str, str] = field(default_factory=dict)

    @cached_property
    def deployed(self) -> dict[str, str]:
        """What the deployed functions run with."""
        found = self.stack.client("lambda").get_function_configuration(
            FunctionName=f"nightdesk-{self.stack.stage}-api"
        )
        return dict(found["Environment"]["Variables"])

    @property
    def environment(self) -> dict[str, str]:
        """The deployed functions' settings, with the bench's own queues."""
        return self.deployed | {f"{name.upper()}_QUEUE_URL": self.queue(name) for name in QUEUES}

    def queue(self, name: str) -> str:
        """Return the address of a queue that nobody takes messages from, made when first asked for."""
        if name not in self._made:
            answer = self.stack.client("sqs").create_queue(QueueName=f"bench-{name}")
            self._made[name] = answer["QueueUrl"]
        return self._made[name]

    @cached_property
    def swift_table(self) -> Any:  # noqa: ANN401 - boto3 builds clients by name
        """A client that does not look twice at what it writes: filling the table takes half as long."""
        from botocore.config import Config

        emulator = self.stack.emulator
        unchecked = Config(parameter_validation=False)
        return emulator.session.client("dynamodb", endpoint_url=emulator.endpoint_url, config=unchecked)

    def container(self, clock: Clock | None = None) -> Container:
        """Return a fresh container, as in a function's first invocation; ``clock`` replaces the machine's."""
        from chalicelib.settings import read_settings
        from chalicelib.wiring import Container

        made = Container(read_settings(self.environment))
        if clock is not None:
            made.clock = clock
        return made

    def taken(self, name: str) -> list[dict[str, Any]]:
        """Take every message that a queue has ready, as a function is handed them."""
        client, url, taken = self.stack.client("sqs"), self.queue(name), []
        while messages := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                taken.append(_record(message))
        return taken


@contextmanager
def staged() -> Iterator[Scene]:
    """Deploy, and work for the length of the block with an environment that names this emulator."""
    from chalicelib import aws

    standin = Standin(signing_secret="none")  # noqa: S106 - nobody presses a button here
    slack = {"SlackApiUrl": standin.slack_api_url}
    with standin.running(), local_stack(STAGE, slack) as stack, _environment(stack.environment):
        schedules(stack, run=False)
        aws.session.cache_clear()
        scene = Scene(stack, Listener(aws.session()))
        _store_secrets(stack)
        activate(scene.container(), TEAM)
        yield scene


def activate(container: Container, text: str) -> None:
    """Put a team file in force."""
    container.teams.activate(container.teams.propose(text, {}, by="the bench"))


def schedules(stack: LocalStack, *, run: bool) -> None:
    """Let the schedules run, or stop them: what is counted must not be done by them."""
    events = stack.client("events")
    for rule in events.list_rules(NamePrefix=f"nightdesk-{stack.stage}-")["Rules"]:
        (events.enable_rule if run else events.disable_rule)(Name=rule["Name"])


def consumers(stack: LocalStack, *, run: bool) -> None:
    """Let the functions take messages from their queues, or not: what is timed must not share the machine."""
    client = stack.client("lambda")
    for source in client.list_event_source_mappings()["EventSourceMappings"]:
        client.update_event_source_mapping(UUID=source["UUID"], Enabled=run)


def _store_secrets(stack: LocalStack) -> None:
    secrets = {
        f"apps/{BRAND.platform}/{BRAND.app}/secret": BRAND.secret,
        "slack/bot_token": "xoxb-bench",
    }
    for name, value in secrets.items():
        parameter = f"/nightdesk/{stack.stage}/{name}"
        stack.client("ssm").put_parameter(Name=parameter, Value=value, Type="SecureString")


def _record(message: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": {},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
    }


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set variables of the environment for the length of the block."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value
