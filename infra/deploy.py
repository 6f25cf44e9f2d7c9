"""Deploy: package, upload, plan, ask, carry out.

The operator's command and the local emulator share `propose` and `apply`; only the command asks and explains.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from infra import package
from infra.bucket import Bucket
from infra.execute import ChangeSet, DeployError, Say, Stacks
from infra.staging import digest_of

if TYPE_CHECKING:
    import boto3
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class Target:
    """Where a deployment goes: a stage, an account and a region."""

    stage: str
    region: str
    stacks: Stacks
    bucket: Bucket
    tables: DynamoDBClient

    @classmethod
    def of(
        cls,
        session: boto3.session.Session,
        stage: str,
        *,
        endpoint_url: str | None = None,
        pause_seconds: float = 2.0,
    ) -> Target:
        """Build the clients. `endpoint_url` is the emulator's address."""
        account = session.client("sts", endpoint_url=endpoint_url).get_caller_identity()["Account"]
        region = session.region_name
        stacks = Stacks(session.client("cloudformation", endpoint_url=endpoint_url), pause_seconds)
        bucket = Bucket(
            session.client("s3", endpoint_url=endpoint_url),
            f"nightdesk-{stage}-deploy-{account}-{region}",
            region,
        )
        return cls(stage, region, stacks, bucket, session.client("dynamodb", endpoint_url=endpoint_url))

    @property
    def stack(self) -> str:
        """The stack's name."""
        return f"nightdesk-{self.stage}"

    @property
    def table(self) -> str:
        """The name of the table, which outlives the stack."""
        return f"nightdesk-{self.stage}"

    def delete_table(self) -> None:
        """Delete the table and every conversation in it, if it is there."""
        with suppress(self.tables.exceptions.ResourceNotFoundException):
            self.tables.delete_table(TableName=self.table)
        self.tables.get_waiter("table_not_exists").wait(TableName=self.table)


def propose(
    target: Target,
    parameters: Mapping[str, str],
    *,
    bundled: bool = True,
    tags: Mapping[str, str] | None = None,
) -> ChangeSet:
    """Package, upload and plan. Raises: CommandError."""
    refuse_table_clock(target.stage, parameters)
    built = package.build(target.stage, bundled=bundled)
    target.bucket.ensure()
    key = target.bucket.keep(f"{built.digest}.zip", built.archive.read_bytes())
    template = json.dumps(package.located(built.template, target.bucket.name, key)).encode()
    url = target.bucket.url(target.bucket.keep(f"{digest_of(template)}.template.json", template))
    labels = {"project": "nightdesk", "stage": target.stage} | dict(tags or {})
    return target.stacks.propose(target.stack, url, {"Stage": target.stage} | dict(parameters), labels)


def apply(
    target: Target,
    parameters: Mapping[str, str],
    *,
    bundled: bool = True,
    tags: Mapping[str, str] | None = None,
    say: Say = lambda _line: None,
) -> dict[str, str]:
    """Deploy without asking and return the stack's outputs. Raises: CommandError."""
    change_set = propose(target, parameters, bundled=bundled, tags=tags)
    if change_set.plan.changes:
        target.stacks.execute(change_set, say)
    return target.stacks.outputs(target.stack)


def refuse_what_the_template_would(stage: str, parameters: Mapping[str, str]) -> None:
    """Refuse names and values that CloudFormation would only after the upload. Raises: DeployError."""
    known = json.loads(package.MERGED.read_text(encoding="utf-8"))["Parameters"]
    for name, value in {"Stage": stage, **parameters}.items():
        if name not in known:
            meant = get_close_matches(name, known, 1) or sorted(known)
            raise DeployError(f"There is no parameter {name}: write {' or '.join(meant)}.")
        form, allowed = known[name].get("AllowedPattern", ".*"), known[name].get("AllowedValues", [value])
        if value not in allowed:
            raise DeployError(f"{name}={value} is not one of them: write {' or '.join(allowed)}.")
        if not re.fullmatch(form, value, re.DOTALL):
            about = known[name].get("Description", "see infra/template.json")
            raise DeployError(f"{name}={value} has not the form {form}: {about}.")


def refuse_table_clock(stage: str, parameters: Mapping[str, str]) -> None:
    """Refuse, outside tests, a clock that people can set. Raises: DeployError."""
    if parameters.get("Clock") == "table" and not stage.startswith("test-"):
        raise DeployError(
            f"Clock=table stops time: it is only for stages named test-..., and this one is {stage}."
        )
