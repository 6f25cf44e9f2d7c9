"""A plan: what a deployment will create, change, replace or remove, as data and in plain words.

It is pure: it reads the answers of CloudFormation's DescribeChangeSet and must not call anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Action(StrEnum):
    """What happens to one resource."""

    CREATE = "create"
    ADOPT = "adopt"
    CHANGE = "change"
    REPLACE = "replace"
    REMOVE = "remove"


MARKS = {Action.CREATE: "+", Action.ADOPT: "<", Action.CHANGE: "~", Action.REPLACE: "!", Action.REMOVE: "-"}
ACTIONS = {"Add": Action.CREATE, "Import": Action.ADOPT, "Modify": Action.CHANGE, "Remove": Action.REMOVE}
WORDS = {
    "AWS::ApiGateway::Deployment": "a release of the web address",
    "AWS::ApiGateway::RestApi": "the web address for webhooks, Slack and pages",
    "AWS::ApiGateway::Stage": "the current release of the web address",
    "AWS::CloudWatch::Alarm": "an alarm to the lead",
    "AWS::DynamoDB::Table": "the table with every conversation",
    "AWS::Events::Rule": "a schedule",
    "AWS::IAM::Policy": "what one function may do with this carrier of texts",
    "AWS::IAM::Role": "what one function may do",
    "AWS::Lambda::EventSourceMapping": "a queue feeding a function",
    "AWS::Lambda::Function": "a function",
    "AWS::Lambda::Permission": "who may call a function",
    "AWS::Logs::LogGroup": "a function's log",
    "AWS::SNS::Subscription": "a phone, an address or a queue that a topic reaches",
    "AWS::SNS::Topic": "where alarms go, or what phones say comes in",
    "AWS::SNS::TopicPolicy": "who may tell us what phones say",
    "AWS::SQS::Queue": "a queue",
    "AWS::SQS::QueuePolicy": "who may write to a queue",
}


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One resource and what happens to it; `because` names the properties that differ."""

    action: Action
    resource: str
    kind: str
    because: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """For example `~ change   Send  (a function: Code, Timeout)`."""
        about = WORDS.get(self.kind, self.kind) + (f": {', '.join(self.because)}" if self.because else "")
        return f"  {MARKS[self.action]} {self.action:<8} {self.resource}  ({about})"


@dataclass(frozen=True, slots=True)
class Plan:
    """Every change of one deployment, in the order of `Action`, then by name."""

    changes: tuple[Change, ...] = ()

    @classmethod
    def of(cls, described: Iterable[Mapping[str, Any]]) -> Plan:
        """Read the `Changes` of DescribeChangeSet."""
        changes = [change_of(entry["ResourceChange"]) for entry in described if "ResourceChange" in entry]
        return cls(
            tuple(sorted(changes, key=lambda change: (list(Action).index(change.action), change.resource)))
        )

    def lines(self) -> list[str]:
        """Return the plan as an operator reads it."""
        if not self.changes:
            return ["Nothing to change."]
        counts = [(action, sum(change.action is action for change in self.changes)) for action in Action]
        total = ", ".join(f"{count} to {action}" for action, count in counts if count)
        return [*(change.sentence for change in self.changes), f"Plan: {total}."]


def change_of(entry: Mapping[str, Any]) -> Change:
    """Read one `ResourceChange`; a Modify that must replace its resource is told apart."""
    replaced = entry["Action"] == "Modify" and entry.get("Replacement") == "True"
    action = Action.REPLACE if replaced else ACTIONS.get(entry["Action"], Action.CHANGE)
    targets = [detail.get("Target", {}) for detail in entry.get("Details", ())]
    because = {str(target.get("Name") or target.get("Attribute")) for target in targets if target}
    return Change(action, entry["LogicalResourceId"], entry["ResourceType"], tuple(sorted(because)))
