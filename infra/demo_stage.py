"""Sets the demo's stage: stand-in, emulator, deployed stack, secrets, team file, and functions already warm."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import requests

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.items import Page
from chalicelib.queues.messages import dumps
from chalicelib.services.ports import Hand, Inbound, Message, Ref, Wake
from infra import playbook_commands, team_commands
from infra.demo_story import BRANDS, FACEBOOK, PEOPLE
from infra.deployed import installation
from infra.local import LocalStack, local_stack
from infra.standin import twilio_api
from infra.standin.server import Standin

STAGE = "demo"
TEAM = Path(__file__).parent / "demo_team.toml"
SIGNING_SECRET = "demo-signing-secret"  # noqa: S105  (known to this machine's stand-in alone)
SECRETS = {
    "slack/signing_secret": SIGNING_SECRET,
    "slack/bot_token": "xoxb-demo",
    "twilio/auth_token": twilio_api.TOKEN,
    f"accounts/{FACEBOOK.platform}/{FACEBOOK.id}/token": "demo-page-token",
    **{f"apps/{brand.platform}/{brand.app}/secret": brand.secret for brand in BRANDS},
}

FORM_SECONDS = 20.0
"""How long a press may take to open a form: Slack's three seconds, with a small machine's first start in mind."""


@contextmanager
def staged() -> Iterator[tuple[Standin, LocalStack]]:
    """Run everything for the length of the block."""
    standin = Standin(signing_secret=SIGNING_SECRET, brands=BRANDS, people=PEOPLE)
    standin.slack.views.patience = FORM_SECONDS
    addresses = {
        "SlackApiUrl": standin.slack_api_url,
        "GraphApiUrl": standin.graph_api_url,
        "GraphInstagramApiUrl": standin.graph_api_url,
        "SmsProvider": "twilio",
        "SmsSender": twilio_api.NUMBER,
        "TwilioAccountSid": twilio_api.ACCOUNT,
        "TwilioApiUrl": standin.twilio_api_url,
    }
    with standin.running(), local_stack(STAGE, addresses) as stack:
        _prepare(stack)
        _warm(stack)
        standin.connect(stack.api_url)
        yield standin, stack


def _prepare(stack: LocalStack) -> None:
    """Write the secrets and put the team file in force, as an operator would."""
    for name, value in SECRETS.items():
        stack.client("ssm").put_parameter(Name=f"/nightdesk/{STAGE}/{name}", Value=value, Type="SecureString")
    os.environ.update(stack.environment)
    with redirect_stdout(StringIO()):
        team_commands.push(STAGE, TEAM)
        playbook_commands.push_first(installation(STAGE))


def _warm(stack: LocalStack) -> None:
    """Start each function with work that concerns nobody: on a small machine a first start takes seconds."""
    now = datetime.now(UTC)
    nothing: dict[str, Message] = {
        "intake": Inbound("facebook", FACEBOOK.app, now, b'{"object":"page","entry":[]}'),
        "watch": Wake(Ref(Conversation.__name__, ("nobody",)), now),
        "send": Hand(Ref(Page.__name__, ("nobody", "0", "0", "0", "nobody", "0"))),
    }
    with ThreadPoolExecutor() as pool:
        for function, message in nothing.items():
            pool.submit(stack.invoke, function, _records(message))
        pool.submit(stack.invoke, "tick")
        pool.submit(requests.get, f"{stack.api_url}/hooks/facebook/{FACEBOOK.app}", timeout=60)


def _records(message: Message) -> dict[str, object]:
    record = {"messageId": "warm", "body": dumps(message), "eventSource": "aws:sqs", "attributes": {}}
    return {"Records": [record]}
