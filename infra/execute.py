"""Carry a plan out: change sets, live progress, and the reasons when CloudFormation rolls back.

It speaks to CloudFormation only; what to deploy is decided by its callers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, WaiterError

from infra.failures import CommandError
from infra.plan import Plan

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

NO_CHANGES = ("didn't contain changes", "No updates are to be performed")
# A stack that only a change set holds up exists by name alone.
UNBORN = frozenset({"REVIEW_IN_PROGRESS"})
# CloudFormation never changes a stack whose creation failed; it can only be deleted.
STILLBORN = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"})
BUSY_SUFFIX = "_IN_PROGRESS"
Say = Callable[[str], None]


class DeployError(CommandError):
    """CloudFormation refused or rolled back; the sentence carries its reasons."""


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """A described change set that waits for somebody's yes."""

    stack: str
    arn: str
    creates: bool
    plan: Plan


@dataclass(frozen=True, slots=True)
class Stacks:
    """One region's CloudFormation, and how long to pause between two looks at it."""

    client: CloudFormationClient
    pause_seconds: float = 2.0

    def find(self, name: str) -> StackTypeDef | None:
        """Return the stack, or None where it was never created or was deleted."""
        try:
            stack = self.client.describe_stacks(StackName=name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        return None if stack["StackStatus"] == "DELETE_COMPLETE" else stack

    def outputs(self, name: str) -> dict[str, str]:
        """Return the stack's outputs. Raises: DeployError where there is no such stack."""
        stack = self.find(name)
        if stack is None:
            raise DeployError(f"There is no stack {name} in this account and region: deploy it first.")
        return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}

    def propose(
        self, name: str, template_url: str, parameters: Mapping[str, str], tags: Mapping[str, str]
    ) -> ChangeSet:
        """Create and describe a change set; resources kept by an earlier destroy are adopted.

        Raises: DeployError.
        """
        stack = self.find(name)
        creates = stack is None or stack["StackStatus"] in UNBORN
        if stack is not None and stack["StackStatus"] in STILLBORN:
            raise DeployError(
                f"The first deployment of {name} failed: destroy the stage, then deploy it again."
            )
        arn = self.client.create_change_set(
            StackName=name,
            ChangeSetName=f"deploy-{int(time.time() * 1000)}",
            ChangeSetType="CREATE" if creates else "UPDATE",
            TemplateURL=template_url,
            Parameters=[
                {"ParameterKey": key, "ParameterValue": value} for key, value in sorted(parameters.items())
            ],
            Tags=[{"Key": key, "Value": value} for key, value in sorted(tags.items())],
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
            ImportExistingResources=True,
        )["Id"]
        return ChangeSet(name, arn, creates, self._described(arn))

    def discard(self, change_set: ChangeSet) -> None:
        """Forget a change set nobody wants, and the empty stack that it alone holds up."""
        if change_set.plan.changes:  # an empty one is forgotten already
            self.client.delete_change_set(ChangeSetName=change_set.arn)
        if change_set.creates:
            self.client.delete_stack(StackName=change_set.stack)

    def execute(self, change_set: ChangeSet, say: Say) -> None:
        """Run a change set and tell each resource's progress. Raises: DeployError with every reason."""
        seen = self._event_ids(change_set.stack)
        self.client.execute_change_set(ChangeSetName=change_set.arn)
        wanted = "CREATE_COMPLETE" if change_set.creates else "UPDATE_COMPLETE"
        self._follow(change_set.stack, wanted, seen, say)

    def delete(self, name: str, say: Say) -> None:
        """Delete the stack and tell each resource's progress. Raises: DeployError."""
        stack = self.find(name)
        if stack is None:
            raise DeployError(f"There is no stack {name} in this account and region.")
        seen = self._event_ids(stack["StackId"])
        self.client.delete_stack(StackName=name)
        self._follow(stack["StackId"], "DELETE_COMPLETE", seen, say)

    def _described(self, arn: str) -> Plan:
        waiter = self.client.get_waiter("change_set_create_complete")
        try:
            waiter.wait(
                ChangeSetName=arn, WaiterConfig={"Delay": max(1, int(self.pause_seconds)), "MaxAttempts": 300}
            )
        except WaiterError:
            return self._refused(arn)
        pages = self.client.get_paginator("describe_change_set").paginate(ChangeSetName=arn)
        return Plan.of(change for page in pages for change in page["Changes"])

    def _refused(self, arn: str) -> Plan:
        reason = self.client.describe_change_set(ChangeSetName=arn).get("StatusReason", "no reason given")
        self.client.delete_change_set(ChangeSetName=arn)
        if any(words in reason for words in NO_CHANGES):
            return Plan()
        raise DeployError(f"CloudFormation refused the change set: {reason}")

    def _event_ids(self, stack: str) -> set[str]:
        return {event["EventId"] for event in self._events(stack)}

    def _events(self, stack: str) -> list[Any]:
        return list(reversed(self.client.describe_stack_events(StackName=stack)["StackEvents"]))

    def _follow(self, stack: str, wanted: str, seen: set[str], say: Say) -> None:
        failures: list[str] = []
        while True:
            status = self.client.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
            for event in self._events(stack):
                if event["EventId"] not in seen:
                    seen.add(event["EventId"])
                    _tell(event, failures, say)
            if not status.endswith(BUSY_SUFFIX):
                break
            time.sleep(self.pause_seconds)
        if status != wanted:
            raise DeployError("\n  ".join([f"The stack ended as {status}:", *failures]))


def _tell(event: Mapping[str, Any], failures: list[str], say: Say) -> None:
    status, reason = event["ResourceStatus"], event.get("ResourceStatusReason", "")
    line = f"{event['LogicalResourceId']}  {status.lower().replace('_', ' ')}"
    if status.endswith("_FAILED"):
        failures.append(f"{event['LogicalResourceId']}: {reason}")
        line = f"{line}: {reason}"
    if not status.endswith(BUSY_SUFFIX):
        say(f"  {line}")
