"""`texts`: has the stage's carrier bring us what people text back and what becomes of ours, and proves that it does.

Running it again changes nothing that is right already. Only what is this stage's is touched: the number it sends from,
and its configuration set. Deployed code never runs this.
"""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from chalicelib.settings import SmsProvider
from infra.failures import CommandError

if TYPE_CHECKING:
    from chalicelib.wiring import Container

Subparsers = Any  # argparse keeps the type of add_subparsers to itself
Client = Any  # boto3 builds clients by name; no type of this one is installed

FINAL = (
    "TEXT_DELIVERED", "TEXT_SUCCESSFUL", "TEXT_BLOCKED", "TEXT_CARRIER_BLOCKED", "TEXT_CARRIER_UNREACHABLE",
    "TEXT_INVALID", "TEXT_INVALID_MESSAGE", "TEXT_PROTECT_BLOCKED", "TEXT_SPAM", "TEXT_TTL_EXPIRED", "TEXT_UNREACHABLE",
)  # fmt: skip
"""The events that we read: how a text ended."""

START = "You receive our alerts again."


def register(commands: Subparsers) -> None:
    """Add `texts`."""
    command = commands.add_parser(
        "texts",
        help="have the carrier of texts bring replies and receipts to us, and prove it",
        description="Have the carrier of texts bring replies and receipts to this stage, and prove that it does.",
        epilog="example: python -m infra texts --stage prod",
    )
    command.add_argument("--stage", default="prod", help="which installation (prod)")
    command.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Set up whatever carries this stage's texts. Exit status 1 where our address does not answer as it should."""
    from infra.deployed import installation

    box = installation(args.stage)
    match box.settings.sms_provider:
        case SmsProvider.END_USER_MESSAGING:
            for line in by_aws(args.stage, box):
                print(line)
            return 0
        case SmsProvider.TWILIO:
            return by_twilio(args.stage, box)
        case SmsProvider.SNS:
            print(
                "Texts go out by Amazon SNS, to which nobody can text back: docs/sms.md says what is better."
            )
            return 0


def by_aws(stage: str, box: Container) -> Iterator[str]:
    """Bring the number's replies and the configuration set's events to the stage's topic."""
    import boto3

    from infra.stack_commands import target_for

    target = target_for(stage)
    topic = target.stacks.outputs(target.stack)["SmsTopicArn"]
    client: Client = boto3.client("pinpoint-sms-voice-v2")
    yield from brought(client, topic, box.settings.sms_sender, box.settings.sms_configuration_set, stage)
    yield f"Try it: python -m infra oncall test-page NAME --stage {stage}, and reply ok to the text."


def brought(
    client: Client, topic: str, sender: str, configuration_set: str | None, stage: str
) -> Iterator[str]:
    """Make each thing that is not as it should be, and say so. Raises: CommandError."""
    if configuration_set is None:
        yield "No configuration set is named, so no receipts come: deploy with SmsConfigurationSet=nightdesk."
    else:
        yield from _events(client, topic, configuration_set, stage)
    yield _replies(client, topic, sender)
    client.put_keyword(
        OriginationIdentity=sender, Keyword="START", KeywordMessage=START, KeywordAction="OPT_IN"
    )
    yield "START lets a phone that replied STOP have texts again."


def _events(client: Client, topic: str, name: str, stage: str) -> Iterator[str]:
    found = _configuration_set(client, name)
    if found is None:
        client.create_configuration_set(ConfigurationSetName=name)
        yield f"Created the configuration set {name}."
    destinations = (found or {}).get("EventDestinations", ())
    if any(one.get("SnsDestination", {}).get("TopicArn") == topic for one in destinations):
        yield f"The events of {name} come to us already."
        return
    client.create_event_destination(
        ConfigurationSetName=name,
        EventDestinationName=f"nightdesk-{stage}",
        MatchingEventTypes=list(FINAL),
        SnsDestination={"TopicArn": topic},
    )
    yield f"The events of {name} come to us from now on."


def _configuration_set(client: Client, name: str) -> dict[str, Any] | None:
    try:
        found = client.describe_configuration_sets(ConfigurationSetNames=[name])["ConfigurationSets"]
    except client.exceptions.ResourceNotFoundException:
        return None
    return dict(found[0]) if found else None


def _replies(client: Client, topic: str, sender: str) -> str:
    """Turn two-way texts on, to our topic. Raises: CommandError where they go to somebody else's already."""
    kind = "Pool" if sender.startswith("pool-") else "PhoneNumber"
    describe, update = (
        (client.describe_pools, client.update_pool)
        if kind == "Pool"
        else (client.describe_phone_numbers, client.update_phone_number)
    )
    found = describe(**{f"{kind}Ids": [sender]})[f"{kind}s"][0]
    present = found.get("TwoWayChannelArn") if found.get("TwoWayEnabled") else None
    if present == topic:
        return f"Replies to {sender} come to us already."
    if present is not None:
        raise CommandError(
            f"Replies to {sender} go to {present}: turn two-way messages off there first, if nobody needs them."
        )
    update(**{f"{kind}Id": sender, "TwoWayEnabled": True, "TwoWayChannelArn": topic})
    return f"Replies to {sender} come to us from now on."


def by_twilio(stage: str, box: Container) -> int:
    """Store the token if one is typed, point the number at us, and prove the address."""
    from chalicelib.notifiers.sms.twilio_events import TOKEN
    from infra.connect import stored
    from infra.sms_probes import pointed, proven

    print(stored(box, TOKEN, getpass.getpass(f"{TOKEN} (empty keeps what is stored): ")))
    token = box.secrets.anew(TOKEN).split()[0]
    address = f"{box.settings.public_base_url}/sms/twilio"
    print(pointed(box.settings, token, address))
    faults = proven(address, token)
    print("\n".join(faults) or "Proven: a genuine request is taken, a forged one is refused.")
    print(f"Try it: python -m infra oncall test-page NAME --stage {stage}, and reply ok to the text.")
    return 1 if faults else 0
