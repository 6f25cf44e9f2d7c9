"""The packaged template, as it is deployed: what each function may do, and what protects the work."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra import lint, package, staging
from tests.architecture.source import ROOT

FUNCTIONS = ("APIHandler", "Intake", "Tick", "Watch", "Send", "Auditor", "Poll", "Sweep")
QUEUES = {"Inbound": "Intake", "Wake": "Watch", "Outbound": "Send", "Sweep": "Sweep"}
DAYS_14 = 14 * 24 * 3600


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    built = package.build("architecture", bundled=False).template["Resources"]
    assert isinstance(built, dict)
    return built


def of_type(resources: dict[str, Any], kind: str) -> dict[str, Any]:
    return {name: resource["Properties"] for name, resource in resources.items() if resource["Type"] == kind}


def statements(resources: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, role in of_type(resources, "AWS::IAM::Role").items():
        for policy in role["Policies"]:
            yield from ((name, statement) for statement in policy["PolicyDocument"]["Statement"])


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_cfn_lint_finds_nothing() -> None:
    """Warnings count."""
    assert lint.findings() == ""


def test_each_function_has_a_role_of_its_own(resources: dict[str, Any]) -> None:
    """Nothing is granted to one function because another needs it."""
    functions = of_type(resources, "AWS::Serverless::Function")
    assert set(functions) == set(FUNCTIONS)
    roles = [function["Role"]["Fn::GetAtt"][0] for function in functions.values()]
    assert sorted(roles) == sorted(of_type(resources, "AWS::IAM::Role"))


def test_no_role_names_a_wildcard_action(resources: dict[str, Any]) -> None:
    """`dynamodb:*` would grant DeleteTable."""
    actions = [action for _, statement in statements(resources) for action in listed(statement["Action"])]
    assert actions
    assert not [action for action in actions if "*" in action]


def test_no_role_names_a_wildcard_resource(resources: dict[str, Any]) -> None:
    """Resources of the stack by reference, and names that end in one: of secrets that the team file brings with it.

    ADR 9 says why. The single exception is the sender's: phone numbers have no ARN, so it may publish to whatever is
    no topic.
    """
    secrets = "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/nightdesk/${Stage}/"
    read = {
        "APIRole": ["apps/*"],
        "SendRole": ["accounts/*", "apps/*"],
        "SweepRole": ["accounts/*", "apps/*"],
    }
    renewed = [f"accounts/{platform}/*" for platform in ("instagram", "threads", "x")]
    written = {
        (role, json.dumps(resource))
        for role, statement in statements(resources)
        for resource in listed(statement.get("Resource", statement.get("NotResource")))
        if "*" in json.dumps(resource)
    }
    assert written == {
        *((role, json.dumps({"Fn::Sub": secrets + name})) for role, names in read.items() for name in names),
        *(("SweepRole", json.dumps({"Fn::Sub": secrets + name})) for name in renewed),
        ("SendRole", json.dumps("arn:aws:sns:*:*:*")),
    }
    exceptions = [
        (role, statement) for role, statement in statements(resources) if "NotResource" in statement
    ]
    assert [(role, statement["Action"]) for role, statement in exceptions] == [("SendRole", ["sns:Publish"])]


def test_asking_others_about_posts_is_granted_only_where_the_stage_asks(resources: dict[str, Any]) -> None:
    """Off by default; the one wildcard is Comprehend's, whose actions have no resources to name."""
    policies = [one for one in resources.values() if str(one.get("Condition")).startswith("Asks")]
    assert sorted(one["Condition"] for one in policies) == ["AsksBedrock", "AsksComprehend"]
    assert all(
        one["Properties"]["Roles"] == [{"Ref": "IntakeRole"}, {"Ref": "SweepRole"}] for one in policies
    )
    granted = [s for one in policies for s in one["Properties"]["PolicyDocument"]["Statement"]]
    wild = [statement["Action"] for statement in granted if "*" in json.dumps(statement)]
    assert wild == [["comprehend:DetectDominantLanguage", "comprehend:DetectSentiment"]]


def test_every_queue_keeps_its_messages_and_gives_up_into_dead_letters(resources: dict[str, Any]) -> None:
    """14 days to notice, a place for what cannot be done, and no second delivery while the first still runs."""
    queues = of_type(resources, "AWS::SQS::Queue")
    for name, function in QUEUES.items():
        assert {queues[f"{name}{role}"]["MessageRetentionPeriod"] for role in ("Queue", "DeadLetters")} == {
            DAYS_14
        }
        redrive = queues[f"{name}Queue"]["RedrivePolicy"]["deadLetterTargetArn"]
        assert redrive == {"Fn::GetAtt": [f"{name}DeadLetters", "Arn"]}
        assert queues[f"{name}Queue"]["VisibilityTimeout"] >= 6 * resources[function]["Properties"]["Timeout"]


def test_every_consumer_answers_for_each_record_and_cannot_starve_the_others(
    resources: dict[str, Any],
) -> None:
    """A poison record returns alone, and a flood on one queue has a ceiling."""
    for name, function in QUEUES.items():
        event = resources[function]["Properties"]["Events"][f"{function}SqsEventSource"]["Properties"]
        assert event["Queue"] == {"Fn::Sub": f"${{{name}Queue.Arn}}"}
        assert event["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert event["ScalingConfig"]["MaximumConcurrency"] >= 2


def test_the_table_is_encrypted_recoverable_and_outlives_the_stack(resources: dict[str, Any]) -> None:
    """Deleting the stack, or a change that would replace the table, keeps the rows."""
    table = resources["Table"]
    assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("Retain", "Retain")
    properties = table["Properties"]
    assert properties["SSESpecification"]["SSEEnabled"] is True
    assert properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert properties["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert properties["TableName"] == "nightdesk-architecture"


def test_every_alarm_reaches_the_lead_with_no_function_between(resources: dict[str, Any]) -> None:
    """Each dead-letter queue, each queue's age, each function, the API, the tick and the auditor's finding."""
    alarms = of_type(resources, "AWS::CloudWatch::Alarm")
    watched = {
        (alarm["MetricName"], json.dumps(alarm["Dimensions"][0]["Value"])) for alarm in alarms.values()
    }
    wanted = {("Errors", json.dumps({"Ref": function})) for function in FUNCTIONS}
    for name in QUEUES:
        depth, age = ("ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage")
        wanted.add((depth, json.dumps({"Fn::GetAtt": [f"{name}DeadLetters", "QueueName"]})))
        wanted.add((age, json.dumps({"Fn::GetAtt": [f"{name}Queue", "QueueName"]})))
    stage = json.dumps({"Fn::Sub": "nightdesk-${Stage}"})
    wanted |= {("TickHeartbeat", stage), ("OverdueUnfired", stage), ("5XXError", stage)}
    wanted |= {("SweepBudgetSpent", stage)}
    assert watched == wanted
    assert all(alarm["AlarmActions"] == [{"Ref": "Alarms"}] for alarm in alarms.values())
    subscriptions = of_type(resources, "AWS::SNS::Subscription").values()
    direct = [one["Protocol"] for one in subscriptions if one["TopicArn"] == {"Ref": "Alarms"}]
    assert sorted(direct) == ["email", "sms"]


def test_only_end_user_messaging_may_tell_our_topic_and_only_our_topic_the_queue(
    resources: dict[str, Any],
) -> None:
    """What arrives by that way is believed without a signature, so nobody else may write there."""
    (topic,) = of_type(resources, "AWS::SNS::TopicPolicy").values()
    (queue,) = of_type(resources, "AWS::SQS::QueuePolicy").values()
    (tells,) = topic["PolicyDocument"]["Statement"]
    (queues,) = queue["PolicyDocument"]["Statement"]
    assert tells["Principal"] == {"Service": "sms-voice.amazonaws.com"}
    assert tells["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    assert queues["Principal"] == {"Service": "sns.amazonaws.com"}
    assert queues["Condition"] == {"ArnEquals": {"aws:SourceArn": {"Ref": "SmsTopic"}}}
    named = ("SmsTopic", "SmsTopicPolicy", "SmsToOutbound", "SmsTopicMayQueue", "SendByEndUserMessaging")
    assert {resources[name]["Condition"] for name in named} == {"UsesEndUserMessaging"}


def test_a_missing_heartbeat_is_an_alarm(resources: dict[str, Any]) -> None:
    """A tick that never ran reports nothing; silence must count as failure."""
    heartbeat = resources["HeartbeatAlarm"]["Properties"]
    assert (heartbeat["TreatMissingData"], heartbeat["ComparisonOperator"]) == (
        "breaching",
        "LessThanThreshold",
    )


def test_an_auditor_that_says_nothing_for_a_quarter_of_an_hour_is_an_alarm(resources: dict[str, Any]) -> None:
    """It counts every run, nought too; one finding rings at once."""
    overdue = resources["OverdueAlarm"]["Properties"]
    assert overdue["TreatMissingData"] == "breaching"
    assert overdue["Period"] * overdue["EvaluationPeriods"] == 15 * 60
    assert (overdue["Threshold"], overdue["DatapointsToAlarm"]) == (0, 1)


def test_functions_run_on_arm_and_keep_their_logs_for_a_while(resources: dict[str, Any]) -> None:
    """Each writes to a log group of the stack, whose retention is set."""
    for name in FUNCTIONS:
        function = resources[name]["Properties"]
        assert function["Architectures"] == ["arm64"]
        group = resources[function["LoggingConfig"]["LogGroup"]["Ref"]]["Properties"]
        assert group["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def test_the_alarms_lead_to_pages_of_the_runbook(resources: dict[str, Any]) -> None:
    """Whoever is woken by an alarm finds what to do."""
    runbook = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    anchors = {
        f"#{line.lstrip('# ').lower().replace(' ', '-')}"
        for line in runbook.splitlines()
        if line.startswith("#")
    }
    for alarm in of_type(resources, "AWS::CloudWatch::Alarm").values():
        page = alarm["AlarmDescription"].rsplit("docs/runbook.md", 1)[1]
        assert page in anchors


def test_the_sources_alone_name_the_archive(tmp_path: Path) -> None:
    """The same sources give the same digest wherever and whenever; one more byte gives another."""

    def digest(extra: str) -> str:
        project = tmp_path / f"project{len(extra)}"
        (project / "chalicelib").mkdir(parents=True, exist_ok=True)
        (project / ".chalice").mkdir(exist_ok=True)
        for name, text in {"app.py": "", "requirements.txt": "", ".chalice/config.json": "{}"}.items():
            (project / name).write_text(text)
        (project / "chalicelib" / "here.py").write_text(f"X = 1{extra}")
        staged = staging.copied(project, tmp_path / f"staged{len(extra)}{len(list(tmp_path.iterdir()))}")
        return staging.digest_of_sources(staged, project, package.MERGED, bundled=False)

    assert digest("") == digest("") != digest(" ")
