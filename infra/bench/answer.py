"""How long a webhook waits for its answer, beside a bare Chalice route that only enqueues.

Both are deployed on the same emulator and asked in turn, warm, over a kept connection, while no other function runs.
The emulator's own share is in both, so the same two archives are also asked in this machine's bare interpreter, with
SQS on the emulator: there, nothing hides the difference.
"""

from __future__ import annotations

import base64
import http.client
import json
import secrets
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from infra import deploy, package
from infra.bench import archives
from infra.bench.deliveries import QUESTION, Signed, Writer
from infra.bench.figures import Section, measured, ratio
from infra.bench.scene import BRAND, Scene, consumers
from infra.failures import CommandError

AIM = 1.5
MS = 1000.0
WARM_UP = 10

_NOTE = (
    "Deployed: one POST through the emulator's API gateway to the warm function and back, ours and the bare one "
    "in turn. In process: the packaged application called with an API Gateway event, SQS on the emulator."
)


def measure(scene: Scene, *, quick: bool) -> Section:
    """Time answers. Raises: CommandError when one is not 200."""
    signed = Writer().comment("100_1", "4711", QUESTION)
    with tempfile.TemporaryDirectory(prefix="nightdesk-bench-") as folder:
        ours, bare = _deployed(scene, Path(folder), signed, 20 if quick else 200)
        called, bare_called = _in_process(scene, Path(folder), signed, 1 if quick else 6)
    (wall, cpu), (bare_wall, bare_cpu) = archives.apart(called), archives.apart(bare_called)
    figures = (
        measured("Nightdesk, deployed", ours, "ms", scale=MS),
        measured("bare route, deployed", bare, "ms", scale=MS),
        ratio("ratio, deployed", ours, bare, AIM),
        measured("Nightdesk, in process", wall, "ms", scale=MS),
        measured("bare route, in process", bare_wall, "ms", scale=MS),
        ratio("ratio, in process", wall, bare_wall, AIM),
        measured("Nightdesk, processor", cpu, "ms", scale=MS),
        measured("bare route, processor", bare_cpu, "ms", scale=MS),
        ratio("ratio, processor", cpu, bare_cpu),
    )
    return Section("answer", "Time to answer a webhook (warm)", figures, _NOTE)


# --- deployed -------------------------------------------------------------------------------------------


class Asker:
    """One kept connection to one route."""

    def __init__(self, url: str, signed: Signed) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.netloc, timeout=60)
        self._path, self._signed = parts.path, signed

    def ask(self) -> float:
        """Return the seconds one answer took. Raises: CommandError."""
        begun = time.perf_counter()
        self._connection.request("POST", self._path, self._signed.body, self._signed.headers)
        answer = self._connection.getresponse()
        answer.read()
        if answer.status != http.HTTPStatus.OK:
            raise CommandError(f"{self._path} answered {answer.status}")
        return time.perf_counter() - begun


def _deployed(scene: Scene, folder: Path, signed: Signed, times: int) -> tuple[list[float], list[float]]:
    ours = Asker(scene.stack.api_url + signed.path, signed)
    bare = Asker(f"{_deploy_bare(scene, folder)}/hook", signed)
    consumers(scene.stack, run=False)
    try:
        for _ in range(WARM_UP):
            ours.ask(), bare.ask()
        pairs = [(ours.ask(), bare.ask()) for _ in range(times)]
    finally:
        scene.stack.client("sqs").purge_queue(QueueUrl=scene.stack.queues["inbound"])
        consumers(scene.stack, run=True)
    return [one for one, _ in pairs], [other for _, other in pairs]


def _deploy_bare(scene: Scene, folder: Path) -> str:
    """Deploy the bare application beside ours, and return its address."""
    emulator = scene.stack.emulator
    out = archives.packaged_bare(folder)
    target = deploy.Target.of(
        emulator.session, scene.stack.stage, endpoint_url=emulator.endpoint_url, pause_seconds=0.05
    )
    key = target.bucket.keep("bare.zip", (out / "deployment.zip").read_bytes())
    template = package.located(json.loads((out / "sam.json").read_text()), target.bucket.name, key)
    template["Resources"]["APIHandler"]["Properties"]["Environment"] = {
        "Variables": {"QUEUE_URL": scene.queue("bare")}
    }
    place = target.bucket.url(target.bucket.keep("bare.template.json", json.dumps(template).encode()))
    api = secrets.token_hex(4)
    change_set = target.stacks.propose("bench-bare", place, {}, {"ms-custom-id": api})
    target.stacks.execute(change_set, lambda _line: None)
    return f"{emulator.endpoint_url}/_aws/execute-api/{api}/api"


# --- in process -----------------------------------------------------------------------------------------


def _in_process(
    scene: Scene, folder: Path, signed: Signed, rounds: int, times: int = 40
) -> tuple[list[archives.Taken], list[archives.Taken]]:
    """Return how long warm answers took, ours and the bare ones in turn, the first of each round left out."""
    ours, bare = pair(scene, folder)
    taken: tuple[list[archives.Taken], list[archives.Taken]] = ([], [])
    for _ in range(rounds):
        taken[0].extend(ours.run(event_of(signed), times)[1][1:])
        taken[1].extend(bare.run(bare_event_of(signed), times)[1][1:])
    return taken


def pair(
    scene: Scene, folder: Path, kind: str = archives.COMPILED
) -> tuple[archives.Unpacked, archives.Unpacked]:
    """Return the unpacked functions, ours and the bare one, with the environment of the deployed one."""
    ours, bare = both(scene, folder)
    return ours[kind], bare[kind]


def both(scene: Scene, folder: Path) -> tuple[dict[str, archives.Unpacked], dict[str, archives.Unpacked]]:
    """Return the unpacked functions by whether they carry bytecode."""
    environment = scene.environment | scene.stack.environment | {"PATH": "/usr/bin:/bin"}
    project = folder / "bare-project" / "out"
    out = project if project.exists() else archives.packaged_bare(folder)
    bare = archives.bare_one(out / "deployment.zip", folder, environment | {"QUEUE_URL": scene.queue("bare")})
    return archives.ours(folder, environment), bare


def event_of(signed: Signed) -> dict[str, Any]:
    """Return the delivery as API Gateway hands it to our function."""
    parameters = {"platform": BRAND.platform, "app": BRAND.app}
    return _event(signed, "/hooks/{platform}/{app}", signed.path, parameters)


def bare_event_of(signed: Signed) -> dict[str, Any]:
    """Return the same delivery as API Gateway hands it to the bare function."""
    return _event(signed, "/hook", "/hook", None)


def _event(signed: Signed, resource: str, path: str, parameters: Mapping[str, str] | None) -> dict[str, Any]:
    """Return a request of a REST API with the proxy integration, its body as binary types make it."""
    return {
        "resource": resource,
        "path": path,
        "httpMethod": "POST",
        "headers": signed.headers,
        "multiValueHeaders": {name: [value] for name, value in signed.headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": parameters,
        "stageVariables": None,
        "requestContext": {"resourcePath": resource, "httpMethod": "POST", "path": path, "stage": "api"},
        "body": base64.b64encode(signed.body).decode(),
        "isBase64Encoded": True,
    }
