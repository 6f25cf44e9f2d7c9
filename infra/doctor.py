"""`doctor`: says what is wrong with an installation before a customer does, and exits 1 if anything is.

It reads and judges; it must not mend. Every line is a `Finding`: what was looked at, how it is, whether it is well.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from infra.failures import explained
from infra.sms_setup import carried

if TYPE_CHECKING:
    from chalicelib.domain.polling_rows import Cursor
    from chalicelib.domain.team import Account
    from chalicelib.wiring import Container

Subparsers = Any  # argparse keeps the type of add_subparsers to itself

STALE = timedelta(minutes=20)
SOON = timedelta(days=7)
FORTNIGHT = timedelta(days=14)
NEW_ACCOUNT = 10
DEEP = 1_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: ``state`` in words, ``well`` unless a person should act."""

    what: str
    state: str
    well: bool = True


def register(commands: Subparsers) -> None:
    """Add `doctor`."""
    command = commands.add_parser(
        "doctor",
        help="check webhooks, sweeps, tokens, queues, on-call gaps and quotas; exit 1 on trouble",
        description="Check webhooks, sweeps, tokens, queues, on-call gaps and quotas; the status is 1 on trouble.",
        epilog="example: python -m infra doctor --stage prod --json",
    )
    command.add_argument("--stage", default="prod", help="which installation (prod)")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(func=explained(run))


def run(args: argparse.Namespace) -> int:
    """Print every finding; exit status 1 when one of them is not well."""
    from infra.deployed import installation

    box = installation(args.stage)
    findings = list(examined(box, args.stage))
    if args.json:
        print(json.dumps([asdict(one) for one in findings], ensure_ascii=False, indent=1))
    else:
        print("\n".join(lines(findings)))
    return 0 if all(one.well for one in findings) else 1


def examined(box: Container, stage: str) -> Iterator[Finding]:
    """Look at everything."""
    now = box.clock.now()
    for account in box.teams.current().accounts.values():
        yield from account_findings(box, account, now)
    yield Finding("texts", carried(box.settings))
    yield from incident_findings(box, now)
    yield from queue_findings(stage)
    yield from gap_findings(box, now)
    yield quota_finding()


def lines(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield the findings as a table, and what they come to."""
    shown = list(findings)
    wide = max((len(one.what) for one in shown), default=0)
    for one in shown:
        yield f"{'ok ' if one.well else 'BAD'}  {one.what:<{wide}}  {one.state}"
    bad = sum(not one.well for one in shown)
    yield ""
    yield f"{bad} of {len(shown)} need somebody." if bad else "All is well."


def account_findings(box: Container, account: Account, now: datetime) -> Iterator[Finding]:
    """Look at one account: its webhook, its sweeps, and our access to it."""
    from chalicelib.platforms.sweeping import streams

    last = box.hearing.last(account, now)
    yield Finding(f"{account.name} last event", _ago(last, now) if last else "none in 48 hours", well=True)
    missed = sum(box.hearing.missed(account, now - timedelta(hours=n)) for n in range(24))
    yield Finding(f"{account.name} missed by webhook", f"{missed} in 24 hours", well=missed == 0)
    for stream in streams(account.platform):
        yield sweep_finding(box, account, stream, now)
    yield from access_findings(box, account, now)


def access_findings(box: Container, account: Account, now: datetime) -> Iterator[Finding]:
    """Look at what the last check of our access found: the token's life, the webhook, and what else it noted."""
    from chalicelib.domain.polling_rows import Cursor
    from chalicelib.platforms.examining import EXAMINED
    from chalicelib.services.sweep_port import HEALTH

    if account.platform not in EXAMINED:
        yield Finding(f"{account.name} token", f"{account.platform} cannot be asked")
        return
    cursor = box.store.get(Cursor, account.platform, account.id, HEALTH)
    yield token_finding(account, cursor, now)
    for note in cursor.notes if cursor else ():
        yield Finding(f"{account.name} access", note)


def token_finding(account: Account, cursor: Cursor | None, now: datetime) -> Finding:
    """Look at how long the token lives, and whether anything is wrong with our access."""
    what = f"{account.name} token"
    if cursor is None or cursor.fault is not None:
        return Finding(what, (cursor and cursor.fault) or "never checked", well=False)
    ends = cursor.expires_token_at
    endless = "is renewed by itself" if account.platform == "x" else "does not expire"
    left = f"{(ends - now).days} days left" if ends else endless
    return Finding(what, left, well=ends is None or ends - now > SOON)


def sweep_finding(box: Container, account: Account, stream: str, now: datetime) -> Finding:
    """Look at when a stream was last compared, and why it was not."""
    from chalicelib.domain.polling_rows import Cursor

    cursor = box.store.get(Cursor, account.platform, account.id, stream)
    from chalicelib.services.polling import HOURLY

    what = f"{account.name} last sweep of {stream}"
    if cursor is None:
        return Finding(what, "never", well=False)
    if cursor.fault is not None:
        return Finding(
            what, f"failing since {cursor.fault_at:%Y-%m-%d %H:%M} UTC: {cursor.fault}", well=False
        )
    swept = cursor.swept_at
    if cursor.pending and cursor.spent >= HOURLY:
        return Finding(what, f"the {HOURLY} calls of this hour are spent, the rest follows", well=False)
    if swept is None:
        return Finding(what, "begun, not yet finished", well=now - cursor.reached_at <= STALE)
    return Finding(what, f"{_ago(swept, now)}, {cursor.found} found in all", well=now - swept <= STALE)


def incident_findings(box: Container, now: datetime) -> Iterator[Finding]:
    """Look at what is known to be broken, and whether somebody is at it."""
    from infra.incident_commands import keys

    for found in box.incidents.open(keys(box.teams.current())):
        at_it = found.held_by if found.held_until and found.held_until > now else None
        who = f" ({at_it} is at it)" if at_it else ""
        since = f"since {found.opened_at:%Y-%m-%d %H:%M} UTC{who}: {found.words}"
        yield Finding(f"incident {found.key}", since, well=False)


def queue_findings(stage: str) -> Iterator[Finding]:
    """Look at the depth of each queue and of its dead letters."""
    import boto3

    client = boto3.client("sqs")
    for name in ("inbound", "wake", "outbound", "sweep"):
        waiting = _depth(client, f"nightdesk-{stage}-{name}")
        yield Finding(f"queue {name}", f"{waiting} waiting", well=waiting < DEEP)
        dead = _depth(client, f"nightdesk-{stage}-{name}-dead")
        yield Finding(f"dead letters of {name}", str(dead), well=dead == 0)


def _depth(client: Any, name: str) -> int:  # noqa: ANN401 (boto3 builds clients by name)
    url = client.get_queue_url(QueueName=name)["QueueUrl"]
    wanted = "ApproximateNumberOfMessages"
    return int(client.get_queue_attributes(QueueUrl=url, AttributeNames=[wanted])["Attributes"][wanted])


def gap_findings(box: Container, now: datetime) -> Iterator[Finding]:
    """Look at each schedule's next fortnight."""
    from chalicelib.domain.oncall_gaps import gaps

    team = box.teams.current()
    for schedule in team.schedules:
        found = list(gaps(team, schedule, now, now + FORTNIGHT, box.teams.overrides(schedule)))
        open_ = [gap for gap in found if not gap.allowed]
        first = f", the first from {open_[0].from_at:%Y-%m-%d %H:%M} UTC: {open_[0].why}" if open_ else ""
        yield Finding(f"on-call gaps of {schedule}", f"{len(open_)} in a fortnight{first}", well=not open_)


def quota_finding() -> Finding:
    """Look at how many functions may run at once; new AWS accounts have ten for all."""
    import boto3

    limits = boto3.client("lambda").get_account_settings()["AccountLimit"]
    quota = int(limits["ConcurrentExecutions"])
    words = f"{quota} at once" + (
        "" if quota > NEW_ACCOUNT else ": ask AWS for more (Service Quotas, Lambda)"
    )
    return Finding("concurrency quota", words, well=quota > NEW_ACCOUNT)


def _ago(at: datetime, now: datetime) -> str:
    minutes = int((now - at).total_seconds() // 60)
    return f"{minutes} minutes ago" if minutes < 120 else f"{minutes // 60} hours ago"  # noqa: PLR2004
