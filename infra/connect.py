"""`connect`: walks an operator through connecting a platform, stores its secrets, subscribes, and proves the address.

Secrets are asked for without echo and kept as SSM SecureStrings; none is ever printed. What each console wants is
told in full on the platform's page under docs/platforms.
"""

from __future__ import annotations

import argparse
import getpass
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any

from chalicelib.platforms.tokens import Kept
from infra.connect_probes import HANDSHAKES, STEPS, challenge, probe
from infra.failures import CommandError, explained

if TYPE_CHECKING:
    from chalicelib.wiring import Container

Subparsers = Any  # argparse keeps the type of add_subparsers to itself

OF_THE_APP = {"x": ("bearer_token", "client_id", "client_secret")}
"""What else an app is known by, where a platform wants it to look after webhooks and tokens."""

SECONDS = 15
LATER = "a secret stored just now is used within five minutes: try again then"


def register(commands: Subparsers) -> None:
    """Add `connect`."""
    command = commands.add_parser(
        "connect",
        help="connect a platform: what to create, its secrets, its webhook, a signed test delivery",
        description="Tell what to create at a platform, ask for its secrets, subscribe it, and prove its webhook.",
        epilog="example: python -m infra connect facebook --app acme-meta --account 1029384756",
    )
    command.add_argument("platform", choices=sorted(STEPS), metavar="PLATFORM", help=", ".join(sorted(STEPS)))
    command.add_argument("--app", required=True, help="our name for the app, as in the team file")
    command.add_argument("--account", help="the account's id, to store its access token and subscribe it")
    command.add_argument("--stage", default="prod", help="which installation (prod)")
    command.set_defaults(func=explained(run))


def run(args: argparse.Namespace) -> int:
    """Tell, ask, store, subscribe, prove. Exit status 1 where the address does not answer as it should."""
    from infra.deployed import installation

    box = installation(args.stage)
    address = f"{box.settings.public_base_url}/hooks/{args.platform}/{args.app}"
    print("\n".join(told(args.platform, address)))
    for name in wanted(args.platform, args.app, args.account):
        print(stored(box, name, asked(args.platform, name)))
    if args.account:
        print("\n".join(subscribed(box, args.platform, args.app, args.account)))
    secret = box.secrets.get(f"apps/{args.platform}/{args.app}/secret").split()[0]
    faults = proven(box, args, address, secret)
    print("\n".join(faults) or "Proven: a genuine delivery is taken, a forged one is refused.")
    return 1 if faults else 0


def told(platform: str, address: str) -> list[str]:
    """Return what to do in the platform's console, the webhook's address among it."""
    steps = [f"  {number}. {step}" for number, step in enumerate(STEPS[platform], 1)]
    return [f"Webhook address: {address}", "", *steps, "", f"In full: docs/platforms/{platform}.md", ""]


def wanted(platform: str, app: str, account: str | None) -> list[str]:
    """Return the names of the secrets to ask for."""
    names = [f"apps/{platform}/{app}/secret"]
    if platform in HANDSHAKES:
        names.append(f"apps/{platform}/{app}/verify_token")
    names += [f"apps/{platform}/{app}/{name}" for name in OF_THE_APP.get(platform, ())]
    if account and platform != "generic":
        names.append(f"accounts/{platform}/{account}/token")
    return names


def asked(platform: str, name: str) -> str:
    """Ask for one secret without echo; an X account's is two, which live and are kept together."""
    value = getpass.getpass(f"{name} (empty keeps what is stored): ").strip()
    if not value or platform != "x" or not name.startswith("accounts/"):
        return value
    refresh = getpass.getpass("its refresh token: ").strip()
    return Kept(value, refresh or None).secret


def stored(box: Container, name: str, value: str) -> str:
    """Keep one secret, and say so without saying it."""
    import boto3

    if not value.strip():
        return f"Kept {name} as it is."
    full = f"{box.settings.secrets_prefix}/{name}"
    boto3.client("ssm").put_parameter(Name=full, Value=value.strip(), Type="SecureString", Overwrite=True)
    return f"Stored {full}."


def subscribed(box: Container, platform: str, app: str, account: str) -> list[str]:
    """Subscribe an account's webhook where an API does it, and say what came of it."""
    from chalicelib.errors import NightdeskError
    from chalicelib.platforms.examining import EXAMINED

    if platform not in EXAMINED:
        return [f"{platform} has no call of ours to subscribe with: do it in its console, as above."]
    try:
        found = box.examiner(platform).check(app, account)
    except NightdeskError as fault:
        return [f"Not subscribed: {fault}"]
    sound = ["The token is sound, and the webhook is told of everything."]
    return (
        [*found.mended, *found.troubles, *found.notes]
        if found.mended or found.troubles
        else [*sound, *found.notes]
    )


def proven(box: Container, args: argparse.Namespace, address: str, secret: str) -> list[str]:
    """Return what is wrong with the address's answers to a genuine delivery, a forged one and a handshake."""
    now = box.clock.now()
    good, forged = (
        probe(args.platform, account=args.account, secret=key, now=now) for key in (secret, f"not-{secret}")
    )
    answers = {"genuine": (_post(address, *good), 200), "forged": (_post(address, *forged), 403)}
    if args.platform in HANDSHAKES:
        token = box.secrets.get(f"apps/{args.platform}/{args.app}/verify_token").strip()
        query = urllib.parse.urlencode(challenge(token))
        answers["handshake"] = (_answer(urllib.request.Request(f"{address}?{query}")), 200)  # noqa: S310
    wrong = {name: (got, due) for name, (got, due) in answers.items() if got != due}
    return [
        f"The {name} delivery was answered {got}, not {due}: {LATER}." for name, (got, due) in wrong.items()
    ]


def _post(address: str, body: bytes, headers: dict[str, str]) -> int:
    sent = {"Content-Type": "application/json", **headers}
    return _answer(urllib.request.Request(address, data=body, headers=sent, method="POST"))  # noqa: S310


def _answer(request: urllib.request.Request) -> int:
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - our own public address
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except urllib.error.URLError as fault:
        raise CommandError(f"The webhook address cannot be reached: {fault.reason}.") from fault
