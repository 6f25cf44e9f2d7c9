"""`slack`: the app's manifest with this installation's addresses, and what it takes to connect it.

Installing is one paste: the manifest holds every address, command and scope. The two secrets are asked for without
echo and kept as SSM SecureStrings; then the address is proven, as Slack would find it.
"""

from __future__ import annotations

import argparse
import getpass
import json
import re
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

from infra.failures import CommandError, explained
from infra.slack_manifest import WHY, manifest

if TYPE_CHECKING:
    from chalicelib.wiring import Container

Subparsers = Any  # argparse keeps the type of add_subparsers to itself

SECONDS = 15
CALLABLE = re.compile(r"https://[^\s/?#]+(/[^\s?#]*)?")
EVENTS, JSON = "/slack/events", "application/json"
SECRETS = {
    "slack/bot_token": "Bot User OAuth Token (OAuth & Permissions, begins with xoxb-)",
    "slack/signing_secret": "Signing Secret (Basic Information)",
}
STEPS = (
    "At https://api.slack.com/apps choose Create New App, then From a manifest, and your workspace.",
    "Paste what `python -m infra slack manifest` prints, and create the app.",
    "Install it to the workspace, and copy the two values asked for below.",
    "In Slack, invite it to each team's channel: /invite @Nightdesk",
    'Write each person\'s member id (profile, More, Copy member ID) into the team file: slack = "U…"',
)


def register(commands: Subparsers) -> None:
    """Add `slack manifest` and `slack connect`."""
    slack = commands.add_parser("slack", help="the Slack app: its manifest, and connecting it")
    actions = slack.add_subparsers(title="actions", metavar="ACTION", required=True)
    printed = actions.add_parser(
        "manifest",
        help="print the app's manifest, to paste at api.slack.com",
        description="Print the Slack app's manifest with this installation's addresses: installing it is one paste.",
        epilog="example: python -m infra slack manifest --stage prod",
    )
    printed.add_argument("--stage", default="prod", help="which installation (prod)")
    printed.add_argument("--address", metavar="URL", help="its public address, to need no AWS")
    printed.set_defaults(func=explained(run_manifest))
    connected = actions.add_parser(
        "connect",
        help="store the app's two secrets and prove its address",
        description="Tell what to do at api.slack.com, ask for the app's two secrets, and prove its address.",
        epilog="example: python -m infra slack connect --stage prod",
    )
    connected.add_argument("--stage", default="prod", help="which installation (prod)")
    connected.set_defaults(func=explained(run_connect))


def run_manifest(args: argparse.Namespace) -> int:
    """Print the manifest."""
    if args.address is not None and not CALLABLE.fullmatch(args.address):
        raise CommandError(
            f"{args.address!r} is no address that Slack can call: write https://nd.acme.example"
        )
    print(json.dumps(manifest(args.address or _address(args.stage)), indent=2, ensure_ascii=False))
    return 0


def run_connect(args: argparse.Namespace) -> int:
    """Tell, ask, store, prove. Exit status 1 where the address does not answer as it should."""
    from infra.connect import stored
    from infra.deployed import installation

    box = installation(args.stage)
    print("\n".join(told()))
    for name, what in SECRETS.items():
        print(stored(box, name, getpass.getpass(f"{what} (empty keeps what is stored): ")))
    faults = proven(box, _address(args.stage))
    print("\n".join(faults) or "Proven: the token works, a signed request is taken, a forged one is refused.")
    return 1 if faults else 0


def told() -> list[str]:
    """Return what to do, and why the app asks for what it asks for."""
    steps = [f"  {number}. {step}" for number, step in enumerate(STEPS, 1)]
    return [
        *steps,
        "",
        "It asks for these scopes:",
        *(f"  {scope:<17} {why}" for scope, why in WHY.items()),
        "",
    ]


def proven(box: Container, address: str) -> list[str]:
    """Return what is wrong: with the token, and with the address's answers to a signed and a forged request."""
    from chalicelib.errors import NightdeskError
    from chalicelib.notifiers.slack.signature import SECRET_NAME
    from chalicelib.services.rotation import current

    secret, stamp = current(box.secrets, SECRET_NAME), str(int(box.clock.now().timestamp()))
    answers = {
        "signed": (_asked(address, secret, stamp), 200),
        "forged": (_asked(address, f"not-{secret}", stamp), 403),
    }
    wrong = [
        f"A {name} request was answered {got}, not {due}: a secret stored just now is used within five minutes."
        for name, (got, due) in answers.items()
        if got != due
    ]
    try:
        box.chat.check()
    except NightdeskError as fault:
        wrong.append(f"{fault}.")
    return wrong


def _asked(address: str, secret: str, stamp: str) -> int:
    """Send the question by which Slack checks an address, signed with a secret; returns the answer's status."""
    from chalicelib.notifiers.slack.signature import sign

    body = json.dumps({"type": "url_verification", "challenge": "nightdesk"}).encode()
    headers = {
        "Content-Type": JSON,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": sign(body, stamp, secret).decode(),
    }
    request = urllib.request.Request(f"{address}{EVENTS}", data=body, headers=headers, method="POST")  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - our own public address
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except urllib.error.URLError as fault:
        raise CommandError(f"The address cannot be reached: {fault.reason}.") from fault


def _address(stage: str) -> str:
    """Return an installation's public address. Raises: CommandError where it does not know its own."""
    from infra.deployed import installation

    address = installation(stage).settings.public_base_url
    if address is None:
        raise CommandError(f"Stage {stage} does not know its public address: make deploy STAGE={stage}")
    return address
