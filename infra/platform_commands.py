"""Two operator commands that show what Nightdesk makes of a platform's bytes: ``parse`` and ``verify-delivery``.

They run the very code the hooks run, on a captured file, and touch neither network nor table.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib.domain.posts import Reading
from chalicelib.errors import NotFound, Rejected
from chalicelib.platforms import registry
from chalicelib.platforms.base import AppSecrets, Delivery, NotJson, Own, UnreadableBody
from chalicelib.platforms.meta.signature import appsecret_proof
from chalicelib.platforms.payload import as_instant
from chalicelib.platforms.records import as_records
from infra.captures import KEYS, read_capture


def _verify_slack(delivery: Delivery, secrets: AppSecrets, now: datetime) -> None:
    from chalicelib.notifiers.slack.signature import verify

    verify(delivery.headers, delivery.body, secrets.secrets, now)


def _verify_twilio(delivery: Delivery, secrets: AppSecrets, _: datetime) -> None:
    from chalicelib.notifiers.sms.twilio_signature import verify

    verify(delivery.url, delivery.headers, delivery.body, secrets.secrets)


NOTIFIERS: Mapping[str, Callable[[Delivery, AppSecrets, datetime], None]] = {
    "slack": _verify_slack,
    "twilio": _verify_twilio,
}
"""Who else calls us, and how each proves itself. Raises: Rejected."""

ASKS = frozenset({"handshake", "crc", "challenge"})


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add both commands to the operator's command line."""
    parse_command = subparsers.add_parser(
        "parse",
        help="print one normalised record per line from a captured webhook body",
        description="Print one normalised record per line; what is ignored or unreadable goes to standard error.",
        epilog="example: python -m infra parse --platform facebook --own 1029384756 body.json",
    )
    parse_command.add_argument("--platform", required=True, metavar="NAME", help="facebook, instagram, ...")
    parse_command.add_argument(
        "--own",
        action="append",
        default=[],
        metavar="ID",
        help="our account's id; more of ours (handles, other ids) by repeating it or after commas",
    )
    parse_command.add_argument(
        "--app-id", action="append", default=[], help="the app we send replies through"
    )
    parse_command.add_argument("--handle", action="append", default=[], help="our account's handle")
    parse_command.add_argument("file", metavar="FILE", help="the body; - reads standard input")
    parse_command.set_defaults(func=run_parse)
    verify_command = subparsers.add_parser(
        "verify-delivery",
        help="say whether a captured delivery would be accepted, and what we would answer",
        description="Run the hook's own checks on a captured delivery and print the verdict as JSON.",
        epilog=f"{KEYS}\n\nexample: python -m infra verify-delivery delivery.json",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verify_command.add_argument("file", metavar="FILE", help="the delivery as JSON; - reads standard input")
    verify_command.set_defaults(func=run_verify)


def run_parse(args: argparse.Namespace) -> int:
    """Print each record as a line of JSON, and what was ignored or unreadable on standard error."""
    own = own_of(args.platform, _split(args.own), _split(args.handle), _split(args.app_id))
    try:
        platform = registry.platform(args.platform)
        updates = platform.updates(_read(args.file))
    except (NotFound, NotJson) as fault:
        print(fault, file=sys.stderr)
        return 1
    except UnreadableBody as fault:
        print(f"unreadable body: {fault}", file=sys.stderr)
        return 0
    received_at = datetime.now(UTC)
    for update in updates:
        _show(platform.read(update, own, received_at))
    return 0


def own_of(platform: str, ours: list[str], handles: list[str], app_ids: list[str]) -> Own:
    """Say who we are: the first value is our account, any further one may be an id, a handle or an app."""
    return Own(
        platform=platform,
        app="",
        ids=frozenset(ours),
        handles=frozenset(ours + handles),
        app_ids=frozenset(ours[1:] + app_ids) if len(ours) > 1 or app_ids else frozenset(),
    )


def run_verify(args: argparse.Namespace) -> int:
    """Print the verdict on one captured delivery as JSON."""
    verdict = judge(read_capture(_read(args.file)), datetime.now(UTC))
    print(json.dumps(verdict))
    return 0


def judge(captured: Mapping[str, Any], default_now: datetime) -> dict[str, Any]:
    """Return ``accepted``, ``reason`` and ``response`` for a captured delivery."""
    secrets = _secrets(captured)
    if captured.get("kind") == "appsecret_proof":
        proof = {"appsecret_proof": appsecret_proof(secrets.secrets[0], captured["input"]["access_token"])}
        return _accepted("send this with every Graph call", {"status": 200, "json": proof, **proof})
    try:
        return _answer(captured, secrets, as_instant(captured.get("now")) or default_now)
    except Rejected as refusal:
        missing = (
            "" if secrets.secrets or secrets.verify_token else "; the capture names no secret to check with"
        )
        response = {"status": refusal.status}
        return {"accepted": False, "reason": f"{refusal}{missing}", "response": response}
    except NotFound as fault:
        return {"accepted": False, "reason": str(fault), "response": {"status": 404}}


def _answer(captured: Mapping[str, Any], secrets: AppSecrets, now: datetime) -> dict[str, Any]:
    delivery, name = delivery_of(captured), str(captured.get("platform"))
    if name in NOTIFIERS:
        NOTIFIERS[name](delivery, secrets, now)
        return _accepted("the signature matches the body", {"status": 200})
    platform = registry.platform(name)
    if captured.get("kind") in ASKS:
        answer = platform.handshake(delivery, secrets)
        return _accepted(
            "the handshake is ours to answer", _response(answer.status, answer.body, answer.content_type)
        )
    platform.verify(delivery, secrets, now)
    return _accepted("the signature matches the body", {"status": 200})


def delivery_of(captured: Mapping[str, Any]) -> Delivery:
    """Rebuild the request from its capture: as API Gateway handed it over where that is given."""
    headers = {**(captured.get("headers") or {}), **((captured.get("apigw") or {}).get("headers") or {})}
    event: dict[str, Any] = {
        "httpMethod": captured.get("method"),
        "headers": headers,
        "queryStringParameters": captured.get("query"),
        "body": captured.get("raw_body"),
    }
    if "raw_body_base64" in captured:
        event |= {"body": captured["raw_body_base64"], "isBase64Encoded": True}
    gateway = captured.get("apigw") or {}
    event |= {key: gateway[key] for key in ("body", "isBase64Encoded") if key in gateway}
    return Delivery.from_event(event, url=captured.get("url"))


def _secrets(captured: Mapping[str, Any]) -> AppSecrets:
    """Take one secret or several; a handshake's secret is the verify token."""
    given = captured.get("secrets") or captured.get("secret") or ()
    secrets = (given,) if isinstance(given, str) else tuple(given)
    token = captured.get("verify_token") or (secrets[0] if secrets else None)
    return AppSecrets(secrets=secrets, verify_token=token)


def _accepted(reason: str, response: dict[str, Any]) -> dict[str, Any]:
    return {"accepted": True, "reason": reason, "response": response}


def _response(status: int, body: str, content_type: str) -> dict[str, Any]:
    if content_type == "application/json":
        return {"status": status, "json": json.loads(body)}
    return {"status": status, "body": body, "content_type": content_type}


def _show(reading: Reading) -> None:
    for record in as_records(reading):
        print(json.dumps(record))
    for left in reading.ignored:
        print(f"ignored {left.path}: {left.why}", file=sys.stderr)
    for puzzle in reading.unreadable:
        print(f"unreadable {puzzle.path}: {puzzle.why}", file=sys.stderr)


def _read(file: str) -> bytes:
    return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()


def _split(values: list[str]) -> list[str]:
    return [part.strip() for value in values for part in value.split(",") if part.strip()]
