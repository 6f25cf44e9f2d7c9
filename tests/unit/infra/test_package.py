"""What a package makes of Chalice's template and of requirements.txt."""

from __future__ import annotations

from typing import Any

import pytest

from infra.failures import CommandError
from infra.package import located, with_table_named, without_cycle
from infra.staging import bundled_requirements

FUNCTION = {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "./deployment.zip"}}


def template(**resources: Any) -> dict[str, Any]:
    return {"Resources": resources}


def test_what_lambda_or_chalice_brings_is_not_bundled() -> None:
    """boto3 is in Lambda's Python and Chalice copies its own run time; the rest keeps its pin."""
    text = "# pinned\nboto3==1.0\nchalice==1.34.0\nrequests==2.34.2\n\nJinja2>=3\n"
    assert bundled_requirements(text) == ["requests==2.34.2", "Jinja2>=3"]


def test_the_api_names_its_function_by_text_so_the_function_may_know_its_address() -> None:
    """A reference both ways is a cycle that CloudFormation refuses; the function's own reference stays."""
    cyclic = template(RestAPI={"uri": {"Fn::Sub": "x/${APIHandler.Arn}/y"}}, Allow={"Ref": "APIHandler"})
    broken = without_cycle(cyclic)["Resources"]
    arn = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:nightdesk-${Stage}-api"
    assert broken == {"RestAPI": {"uri": {"Fn::Sub": f"x/{arn}/y"}}, "Allow": {"Ref": "APIHandler"}}


def test_every_function_runs_the_uploaded_archive_and_nothing_else_is_touched() -> None:
    """Code is found by its digest; the template that was given stays as it was."""
    before = template(Tick=FUNCTION, Queue={"Type": "AWS::SQS::Queue"})
    after = located(before, "bucket", "digest.zip")["Resources"]
    assert after["Tick"]["Properties"]["CodeUri"] == {"Bucket": "bucket", "Key": "digest.zip"}
    assert after["Queue"] == {"Type": "AWS::SQS::Queue"}
    assert before["Resources"]["Tick"]["Properties"]["CodeUri"] == "./deployment.zip"


def test_the_table_has_a_literal_name_so_that_a_kept_one_is_adopted() -> None:
    """CloudFormation looks for existing resources by literal names alone."""
    named = with_table_named(
        template(Table={"Properties": {"TableName": {"Fn::Sub": "nightdesk-${Stage}"}}}), "prod"
    )
    assert named["Resources"]["Table"]["Properties"]["TableName"] == "nightdesk-prod"


def test_an_app_without_routes_is_refused_in_a_sentence() -> None:
    """Chalice would make a stack without an address, and webhooks would go nowhere."""
    with pytest.raises(CommandError, match="register its blueprints"):
        without_cycle(template(Tick=FUNCTION))
