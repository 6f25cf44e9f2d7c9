"""What a deployed stage runs with, for operator commands that work on its table and queues."""

from __future__ import annotations

import boto3
from botocore.exceptions import ClientError

from infra.execute import DeployError


def environment(stage: str) -> dict[str, str]:
    """Return the settings that the stage's functions read. Raises: DeployError where nothing is deployed."""
    name = f"nightdesk-{stage}-api"
    try:
        found = boto3.client("lambda").get_function_configuration(FunctionName=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        raise DeployError(
            f"Stage {stage} is not deployed in this account and region: make deploy STAGE={stage}"
        ) from None
    return dict(found.get("Environment", {}).get("Variables", {}))
