"""A deployed stage, opened for an operator: the same services its functions run, with the same settings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import ClientError

from chalicelib.domain.alert import AlertView, Tone
from chalicelib.domain.team import Channel, Person
from chalicelib.errors import NightdeskError, NotFound
from chalicelib.settings import read_settings
from chalicelib.wiring import Container
from infra.execute import DeployError

if TYPE_CHECKING:
    from chalicelib.services.team_versions import TeamVersions


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


def installation(stage: str) -> Container:
    """Return the stage's services, working on its table and queues. Raises: DeployError, Misconfigured."""
    return Container(read_settings(environment(stage)))


def team_versions(stage: str) -> TeamVersions:
    """Return the versions of the stage's team file. Raises: DeployError."""
    return installation(stage).teams


def test_page(stage: str, person: str) -> list[str]:
    """Page a person on each of their contacts, marked as a test; return one line for each. Raises: NotFound."""
    box = installation(stage)
    team = box.teams.current()
    whom = team.people.get(person)
    if whom is None:
        raise NotFound(f"nobody is called {person}; the team file names {', '.join(sorted(team.people))}")
    words = f"{team.brand}: this is a test page for {person}. Nothing is to be done."
    sent = {Channel.SMS: lambda: _text(box, whom, words), Channel.SLACK: lambda: _post(box, whom, words)}
    return [f"{contact.channel}: {_outcome(sent[contact.channel])}" for contact in whom.reach]


def _text(box: Container, whom: Person, words: str) -> str:
    return box.sms.send(phone=whom.phone or "", text=words, key=f"test-page-{whom.name}")


def _post(box: Container, whom: Person, words: str) -> str:
    now = datetime.now(UTC)
    view = AlertView(
        conversation_id="test-page",
        brand=box.teams.current().brand,
        platform="nightdesk",
        handle="operator",
        quote="",
        tone=Tone.QUIET,
        headline=words,
        why="an operator asked for a test page",
        tz="UTC",
        received_at=now,
        now=now,
        needs="nothing",
        mention=whom.slack,
    )
    return box.chat.post(channel=whom.slack or "", view=view, key=f"test-page-{now:%Y%m%d%H%M%S}").ts


def _outcome(send: Callable[[], str]) -> str:
    try:
        return f"handed over as {send()}"
    except NightdeskError as error:
        return f"failed: {error}"
