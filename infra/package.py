"""Build what a deployment uploads: one archive of code and the template that describes the stack.

It reads the project and writes below `build/`; it must not speak to AWS. The archive is the same for every stage
and for the local emulator: what differs arrives as parameters.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra import staging
from infra.failures import CommandError
from infra.staging import BUILD, ROOT

MERGED = ROOT / "infra" / "template.json"
BUILT = BUILD / "packages"
KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Package:
    """An archive on disk, the digest of its sources, and the template whose functions run it."""

    archive: Path
    digest: str
    template: dict[str, Any]


def build(stage: str, *, bundled: bool = True, project: Path = ROOT) -> Package:
    """Package the project for `stage`, or find that it is packaged already.

    `bundled=False` leaves third-party packages out: the emulator runs functions with this very environment, which
    holds the same pinned ones. Raises: CommandError.
    """
    BUILT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="staged-") as folder:
        staged = staging.copied(project, Path(folder))
        digest = staging.digest_of_sources(staged, project, MERGED, bundled=bundled)
        if not (BUILT / digest).exists():
            _forget_old()
            staging.kept(staging.packaged(staged, project, MERGED, bundled=bundled), BUILT / digest)
    chalice = json.loads((BUILT / digest / "sam.json").read_text())
    template = with_table_named(without_cycle(chalice), stage)
    return Package(BUILT / digest / "deployment.zip", digest, template)


def without_cycle(template: dict[str, Any]) -> dict[str, Any]:
    """Let the API name its function by text, so that the function may know the API's address."""
    if "RestAPI" not in template["Resources"]:
        raise CommandError(
            "app.py has no routes, so there is no address for webhooks: register its blueprints."
        )
    arn = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:nightdesk-${Stage}-api"
    resources = dict(template["Resources"])
    rest_api = json.dumps(resources["RestAPI"]).replace("${APIHandler.Arn}", arn)
    return template | {"Resources": resources | {"RestAPI": json.loads(rest_api)}}


def with_table_named(template: dict[str, Any], stage: str) -> dict[str, Any]:
    """Write the table's name out: CloudFormation adopts a kept resource only by a literal name, not by Fn::Sub.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-automatically.html
    """
    named: dict[str, Any] = json.loads(json.dumps(template))
    named["Resources"]["Table"]["Properties"]["TableName"] = f"nightdesk-{stage}"
    return named


def located(template: dict[str, Any], bucket: str, key: str) -> dict[str, Any]:
    """Return the template with every function's code at `bucket` and `key`."""
    placed: dict[str, Any] = json.loads(json.dumps(template))
    for resource in placed["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = {"Bucket": bucket, "Key": key}
    return placed


def _forget_old() -> None:
    for old in BUILT.iterdir():
        if old.stat().st_mtime < time.time() - KEPT_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
