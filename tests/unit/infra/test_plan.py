"""Plans are data: what CloudFormation describes, and the words an operator reads."""

from __future__ import annotations

from typing import Any

from infra.plan import Action, Change, Plan


def described(action: str, name: str, kind: str, **rest: Any) -> dict[str, Any]:
    return {"ResourceChange": {"Action": action, "LogicalResourceId": name, "ResourceType": kind, **rest}}


def detail(name: str) -> dict[str, Any]:
    return {"Target": {"Attribute": "Properties", "Name": name}}


def test_every_action_of_a_change_set_has_its_place_in_the_plan() -> None:
    """Created, adopted, changed, replaced and removed are told apart, in that order."""
    plan = Plan.of(
        [
            described("Remove", "Old", "AWS::SQS::Queue"),
            described("Modify", "Send", "AWS::Lambda::Function", Replacement="False", Details=[detail("Timeout"), detail("Code")]),
            described("Modify", "Topic", "AWS::SNS::Topic", Replacement="True", Details=[detail("TopicName")]),
            described("Import", "Table", "AWS::DynamoDB::Table"),
            described("Add", "Tick", "AWS::Lambda::Function"),
        ]
    )  # fmt: skip
    assert plan == Plan(
        (
            Change(Action.CREATE, "Tick", "AWS::Lambda::Function"),
            Change(Action.ADOPT, "Table", "AWS::DynamoDB::Table"),
            Change(Action.CHANGE, "Send", "AWS::Lambda::Function", ("Code", "Timeout")),
            Change(Action.REPLACE, "Topic", "AWS::SNS::Topic", ("TopicName",)),
            Change(Action.REMOVE, "Old", "AWS::SQS::Queue"),
        )
    )


def test_a_resource_that_may_be_replaced_is_not_announced_as_replaced() -> None:
    """`Conditional` means CloudFormation cannot tell yet."""
    entry = described("Modify", "Tick", "AWS::Events::Rule", Replacement="Conditional")
    assert Plan.of([entry]).changes[0].action is Action.CHANGE


def test_a_plan_reads_as_plain_words() -> None:
    """Each line says what happens, to what, what that is, and why; the last line counts."""
    plan = Plan(
        (
            Change(Action.CREATE, "WakeQueue", "AWS::SQS::Queue"),
            Change(Action.REPLACE, "Table", "AWS::DynamoDB::Table", ("KeySchema",)),
        )
    )
    assert plan.lines() == [
        "  + create   WakeQueue  (a queue)",
        "  ! replace  Table  (the table with every conversation: KeySchema)",
        "Plan: 1 to create, 1 to replace.",
    ]


def test_no_changes_are_said_to_be_none() -> None:
    """Deploying again is harmless, and says so."""
    assert Plan().lines() == ["Nothing to change."]
