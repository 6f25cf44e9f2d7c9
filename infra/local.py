"""The same stack on this machine: start the AWS emulator on a free port and deploy the template into it.

Used by the demo, the end-to-end tests and the bench. Nothing deployed knows that it runs locally: the emulator
hands its functions AWS_ENDPOINT_URL, and boto3 does the rest.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra import deploy
from infra.failures import CommandError

if TYPE_CHECKING:
    import boto3

REGION = "eu-west-1"
ACCOUNT = "123456789012"
SECRET = "local"  # noqa: S105 (the emulator's own, known to nobody else)
STARTUP_SECONDS = 30.0
# What EventBridge hands a scheduled function.
SCHEDULED = {
    "version": "0",
    "id": "00000000-0000-0000-0000-000000000000",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": ACCOUNT,
    "time": "1970-01-01T00:00:00Z",
    "region": REGION,
    "resources": [],
    "detail": {},
}


class LocalError(CommandError):
    """The emulator did not start or did not answer; the sentence says where its log is."""


@dataclass(frozen=True)
class Emulator:
    """A running emulator: its address, its log and its process."""

    endpoint_url: str
    log: Path
    process: subprocess.Popen[bytes]

    @cached_property
    def session(self) -> boto3.session.Session:
        """A boto3 session with credentials that only this emulator knows."""
        import boto3

        return boto3.session.Session(
            aws_access_key_id=ACCOUNT, aws_secret_access_key=SECRET, region_name=REGION
        )

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs so that its boto3 speaks to this emulator."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": REGION,
        }

    @cached_property
    def _clients(self) -> dict[str, Any]:
        return {}

    def client(self, service: str) -> Any:  # noqa: ANN401 (boto3 builds clients by name)
        """Return a boto3 client of the emulated service; building one takes longer than most calls."""
        if service not in self._clients:
            made = self.session.client(service, endpoint_url=self.endpoint_url)  # type: ignore[call-overload]
            self._clients[service] = made
        return self._clients[service]

    def ask(self, path: str) -> Any:  # noqa: ANN401 (JSON)
        """Read one of the emulator's own inspection pages, such as the text messages sent."""
        with urllib.request.urlopen(f"{self.endpoint_url}/_ministack/{path}", timeout=10) as answer:  # noqa: S310
            return json.load(answer)


@dataclass(frozen=True)
class LocalStack:
    """The deployed stack: where to reach it and what it is made of. `queues` maps inbound, wake, outbound, sweep to URLs."""

    emulator: Emulator
    stage: str
    api_url: str
    table: str
    queues: Mapping[str, str]
    outputs: Mapping[str, str]

    @property
    def endpoint_url(self) -> str:
        """The emulator's address, as boto3 takes it."""
        return self.emulator.endpoint_url

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs so that its boto3 speaks to this stack."""
        return self.emulator.environment

    def client(self, service: str) -> Any:  # noqa: ANN401 (boto3 builds clients by name)
        """Return a boto3 client of the emulated service."""
        return self.emulator.client(service)

    def invoke(self, function: str, event: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 (JSON)
        """Run one function by its short name (`tick`, `auditor`) and return what it answers. Raises: LocalError."""
        payload = json.dumps(event or SCHEDULED).encode()
        name = f"nightdesk-{self.stage}-{function}"
        answer = self.client("lambda").invoke(FunctionName=name, Payload=payload)
        body = json.loads(answer["Payload"].read() or "null")
        if "FunctionError" in answer:
            raise LocalError(f"Function {function} failed: {body}")
        return body

    def waiting(self) -> dict[str, int]:
        """Count each queue's messages, visible, delayed and in flight, dead letters included."""
        stored = self.emulator.ask(f"sqs/messages?account={ACCOUNT}&region={REGION}")["messages"]
        queues = stored.get(ACCOUNT, {}).get(REGION, {})
        own = f"nightdesk-{self.stage}-"
        names = {url.rsplit("/", 1)[1]: len(messages) for url, messages in queues.items()}
        return {name.removeprefix(own): count for name, count in names.items() if name.startswith(own)}

    def texts(self) -> list[dict[str, Any]]:
        """Return the text messages sent to phones, phone by phone, those of one phone oldest first."""
        stored = self.emulator.ask(f"sns/sms-messages?account={ACCOUNT}&region={REGION}")
        return [text for phone in _leaves(stored) for text in phone]


@contextmanager
def running_emulator() -> Iterator[Emulator]:
    """Run the emulator on a free port for the length of the block, and leave nothing behind."""
    home = Path(tempfile.mkdtemp(prefix="nightdesk-local-"))
    port = _free_port()
    log = home / "emulator.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "ministack"], env=_environment(home, port), stdout=output, stderr=output,
            start_new_session=True,
        )  # fmt: skip
    running = Emulator(f"http://127.0.0.1:{port}", log, process)
    try:
        _await_health(running)
        yield running
    finally:
        _stop(process)
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def local_stack(stage: str = "", parameters: Mapping[str, str] | None = None) -> Iterator[LocalStack]:
    """Deploy the stack into a fresh emulator for the length of the block.

    Without a stage each call gets its own `test-...`. `parameters` are the template's.
    """
    with running_emulator() as running:
        yield deployed_into(running, stage or f"test-{secrets.token_hex(3)}", parameters or {})


def deployed_into(running: Emulator, stage: str, parameters: Mapping[str, str]) -> LocalStack:
    """Deploy, or deploy again, into a running emulator."""
    target = deploy.Target.of(running.session, stage, endpoint_url=running.endpoint_url, pause_seconds=0.05)
    api_id = _api_id(target)
    api_url = f"{running.endpoint_url}/_aws/execute-api/{api_id}/api"
    outputs = deploy.apply(
        target,
        {"PublicBaseUrl": api_url} | dict(parameters),
        bundled=False,
        tags={"ms-custom-id": api_id},  # the emulator's way to choose an API's id
    )
    queues = {
        name: outputs[f"{name.capitalize()}QueueUrl"] for name in ("inbound", "wake", "outbound", "sweep")
    }
    return LocalStack(running, stage, api_url, outputs["TableName"], queues, outputs)


def _api_id(target: deploy.Target) -> str:
    """Keep the address of a stack that is already there, so that a second deployment changes nothing."""
    if target.stacks.find(target.stack) is None:
        return secrets.token_hex(4)
    return target.stacks.outputs(target.stack)["RestAPIId"]


def _leaves(stored: Any) -> Iterator[list[dict[str, Any]]]:  # noqa: ANN401 (JSON)
    if isinstance(stored, list):
        yield stored
    elif isinstance(stored, dict):
        for value in stored.values():
            yield from _leaves(value)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(home: Path, port: int) -> dict[str, str]:
    """Build the emulator's settings: functions inherit them, so nothing else of the person's shell is there."""
    mine = {name: os.environ[name] for name in ("HOME", "LANG", "PATH") if name in os.environ}
    return mine | {
        "AUTH": "true",  # each function may do what its role says, and no more
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": REGION,
        "TMPDIR": str(home),
        "S3_DATA_DIR": str(home / "s3"),
        "STATE_DIR": str(home / "state"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _await_health(running: Emulator) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline and running.process.poll() is None:
        try:
            running.ask("health")
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
        else:
            return
    raise LocalError(f"The emulator did not start:\n{running.log.read_text(errors='replace')[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Stop the emulator and the functions it started: they share its process group."""
    for word in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, word)
        except ProcessLookupError:
            return
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            continue
