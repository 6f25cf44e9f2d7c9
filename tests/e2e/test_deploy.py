"""Deploying for real: again is harmless, destroying keeps the rows, deploying anew adopts them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from infra import deploy
from infra.execute import DeployError
from infra.local import Emulator
from infra.plan import Action
from infra.stack_commands import destroy

LEAD = {"LeadPhone": "+447700900009", "LeadEmail": "lead@example.com"}


@pytest.fixture
def target(emulator: Emulator) -> Iterator[deploy.Target]:
    stage = f"test-{secrets.token_hex(3)}"
    target = deploy.Target.of(emulator.session, stage, endpoint_url=emulator.endpoint_url, pause_seconds=0.05)
    yield target
    if target.stacks.find(target.stack):
        destroy(target, delete_table=True)


def test_deploying_twice_changes_nothing_the_second_time(target: deploy.Target) -> None:
    """The plan is empty, and with it the work."""
    deploy.apply(target, LEAD, bundled=False)
    assert deploy.propose(target, LEAD, bundled=False).plan.changes == ()


def test_a_changed_parameter_plans_exactly_what_reads_it(target: deploy.Target) -> None:
    """The plan names each function whose environment changes, and neither table nor queue."""
    deploy.apply(target, LEAD, bundled=False)
    change_set = deploy.propose(target, LEAD | {"SmsProvider": "twilio"}, bundled=False)
    changed = {
        change.resource for change in change_set.plan.changes if change.kind == "AWS::Lambda::Function"
    }
    assert changed == {"APIHandler", "Intake", "Tick", "Watch", "Send", "Auditor", "Poll", "Sweep"}
    assert {change.action for change in change_set.plan.changes} == {Action.CHANGE}
    assert not {"Table", "InboundQueue"} & {change.resource for change in change_set.plan.changes}
    target.stacks.discard(change_set)


def test_a_plan_that_nobody_wants_leaves_nothing_behind(target: deploy.Target) -> None:
    """Looking at the first deployment's plan must not leave half a stack."""
    target.stacks.discard(deploy.propose(target, LEAD, bundled=False))
    assert target.stacks.find(target.stack) is None


def test_rows_survive_destroying_and_deploying_again(target: deploy.Target, emulator: Emulator) -> None:
    """The table outlives the stack, and the next deployment adopts it instead of failing on its name."""
    row = {"pk": {"S": "kept"}, "sk": {"S": "kept"}}
    deploy.apply(target, LEAD, bundled=False)
    emulator.client("dynamodb").put_item(TableName=target.table, Item=row)
    destroy(target, delete_table=False)
    assert target.stacks.find(target.stack) is None
    assert not target.bucket.exists()

    change_set = deploy.propose(target, LEAD, bundled=False)
    assert [change.resource for change in change_set.plan.changes if change.action is Action.ADOPT] == [
        "Table"
    ]
    target.stacks.execute(change_set, print)
    assert emulator.client("dynamodb").get_item(TableName=target.table, Key=row)["Item"] == row


def test_a_deleted_table_is_gone(target: deploy.Target, emulator: Emulator) -> None:
    """Only when told so."""
    deploy.apply(target, LEAD, bundled=False)
    destroy(target, delete_table=True)
    assert target.table not in emulator.client("dynamodb").list_tables()["TableNames"]


def test_a_roll_back_is_told_with_its_reasons(target: deploy.Target) -> None:
    """No log is kept for a day and a half: the sentence names the resource and what is wrong with it."""
    with pytest.raises(DeployError, match=r"(?s)ended as ROLLBACK_COMPLETE:\n.*Logs: .*1\.5"):
        deploy.apply(target, LEAD | {"LogRetentionDays": "1.5"}, bundled=False)
    with pytest.raises(DeployError, match="destroy the stage, then deploy it again"):
        deploy.propose(target, LEAD, bundled=False)
