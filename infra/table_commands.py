"""What an operator asks of a running installation: a conversation's story, the queue, and the quarantine.

Words and tables for people, `--json` for programs. The rows are read through the same services the functions
use; nothing here decides anything.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from infra.judge_learning import check_lines
from infra.stack_commands import explained

if TYPE_CHECKING:
    from chalicelib.domain.conversation import Conversation
    from chalicelib.domain.items import Quarantined, TimelineRow
    from chalicelib.domain.labels import Label
    from chalicelib.wiring import Container

Subparsers = Any  # argparse keeps the type of add_subparsers to itself


def register(commands: Subparsers) -> None:
    """Add `timeline`, `queue` and `quarantine`."""
    timeline = _command(
        commands, "timeline", run_timeline, "tell everything that happened to one conversation",
        example="python -m infra timeline 3f2a9c0d1e4b5a697881",
    )  # fmt: skip
    timeline.add_argument(
        "conversation",
        metavar="CONVERSATION",
        help="its id, as the queue shows it; or schedule:NAME, for its overrides",
    )
    queue = _command(
        commands, "queue", run_queue, "list who is waiting, the most pressing first",
        example="python -m infra queue --team care",
    )  # fmt: skip
    queue.add_argument("--team", metavar="TEAM", help="one team's queue (all of them)")
    quarantine = commands.add_parser("quarantine", help="list or replay what could not be taken in")
    actions = quarantine.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing = _command(
        actions, "list", run_list, "list what is kept, newest day last",
        example="python -m infra quarantine list --days 7",
    )  # fmt: skip
    listing.add_argument("--days", type=int, default=7, help="how far back to look (7)")
    replay = _command(
        actions, "replay", run_replay, "take kept updates in again; repeating it changes nothing",
        example="python -m infra quarantine replay 20270110-0123456789abcdef",
    )  # fmt: skip
    replay.add_argument("ids", nargs="+", metavar="ID", help="as the list shows them")


def _command(
    commands: Subparsers, name: str, run: Callable[[argparse.Namespace], int], help_: str, *, example: str
) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=help_, description=f"{help_[:1].upper()}{help_[1:]}.", epilog=f"example: {example}"
    )
    command.add_argument("--stage", default="prod", help="which installation (prod)")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(func=explained(run))
    return command


def run_timeline(args: argparse.Namespace) -> int:
    """Print one conversation's story. Exit status 1 when there is no such conversation."""
    from chalicelib.domain.conversation import Conversation
    from chalicelib.domain.items import TimelineRow

    store = _installation(args).store
    conversation = store.get(Conversation, args.conversation)
    rows = store.children(TimelineRow, args.conversation)
    if conversation is None and not rows:
        print(f"There is no conversation {args.conversation}; `python -m infra queue` lists those waiting.")
        return 1
    _say(args, [_row_facts(row) for row in rows], lambda: timeline_lines(conversation, rows))
    return 0


def timeline_lines(conversation: Conversation | None, rows: Sequence[TimelineRow]) -> Iterator[str]:
    """Yield a conversation's story, or a schedule's: what it is, then a line for each thing that happened."""
    if conversation is not None:
        yield from _heading(conversation)
    for row in rows:
        by = f" ({row.by})" if row.by else ""
        yield f"{_moment(row.at)}  {row.kind:<11} {row.words}{by}"


def _heading(conversation: Conversation) -> Iterator[str]:
    who = conversation.contact_handle or conversation.contact_name or conversation.contact_id
    yield f"{conversation.platform} / {conversation.account_name} / {who}: {conversation.state}"
    if conversation.deadline_at is not None:
        yield f"deadline {_moment(conversation.deadline_at)} UTC"
    yield ""


def run_queue(args: argparse.Namespace) -> int:
    """Print the waiting conversations by deadline, the paused ones by the end of their pause; then what to check."""
    from chalicelib.domain.conversation import Conversation
    from chalicelib.services.labels import Labels

    box = _installation(args)
    teams = [args.team] if args.team else sorted(box.teams.current().teams)
    waiting = [
        found
        for team in teams
        for name, _ in box.store.open_work(team)
        if (found := box.store.get(Conversation, name)) is not None
    ]
    waiting.sort(key=_place)
    now = box.clock.now()
    asked = [label for label in Labels(box.store).to_check(now) if label.team in teams]
    _say(
        args, [_waiting_facts(c) for c in waiting], lambda: [*queue_lines(waiting, now), *asked_lines(asked)]
    )
    return 0


def asked_lines(asked: Sequence[Label]) -> Iterator[str]:
    """Yield the closed posts that somebody should check, below those that wait."""
    if asked:
        yield ""
        yield "To check, did these need an answer? Nobody is paged for them."
        yield from check_lines(asked)


def _place(conversation: Conversation) -> datetime:
    return conversation.deadline_at or conversation.paused_until or conversation.opened_at


def queue_lines(waiting: Sequence[Conversation], now: datetime) -> Iterator[str]:
    """Yield the queue as a table of at most 80 columns."""
    if not waiting:
        yield "Nobody is waiting."
        return
    yield f"{'conversation':<20}  {'deadline (UTC)':<16} {'left':>9}  {'owner':<8} {'who':<20}"
    for conversation in waiting:
        yield _queue_line(conversation, now)


def _queue_line(conversation: Conversation, now: datetime) -> str:
    deadline = _place(conversation)
    owner = conversation.claim.owner if conversation.claim else "-"
    if conversation.paused_until is not None:
        owner = "(paused)"
    who = conversation.contact_handle or conversation.contact_name or conversation.contact_id
    place = f"{conversation.platform} {who}"
    return f"{conversation.id:<20}  {deadline:%Y-%m-%d %H:%M} {_left(deadline - now):>9}  {owner[:8]:<8} {place[:20]}"


def _left(left: timedelta) -> str:
    minutes = int(abs(left).total_seconds() // 60)
    words = f"{minutes // 60}h{minutes % 60:02d}m" if minutes >= 60 else f"{minutes}m"  # noqa: PLR2004
    return words if left >= timedelta(0) else f"-{words}"


def run_list(args: argparse.Namespace) -> int:
    """Print what is in quarantine."""
    box = _installation(args)
    today = box.clock.now().astimezone(UTC).date()
    kept = list(box.quarantine.list(today - timedelta(days=args.days), today))
    _say(args, [_kept_facts(row) for row in kept], lambda: quarantine_lines(kept))
    return 0


def quarantine_lines(kept: Sequence[Quarantined]) -> Iterator[str]:
    """Yield what is kept and why, a line or two each."""
    if not kept:
        yield "Nothing is in quarantine."
    for row in kept:
        state = f"replayed {_moment(row.replayed_at)}" if row.replayed_at else "kept"
        yield f"{row.id}  {_moment(row.at)}  {row.platform}/{row.app}  {state}"
        yield f"    {row.path or 'the whole delivery'}: {row.why}"


def run_replay(args: argparse.Namespace) -> int:
    """Queue kept updates again."""
    box = _installation(args)
    for name in args.ids:
        row = box.quarantine.replay(name)
        _say(args, {"id": row.id, "replayed": True}, lambda: [f"Replayed {name}."])  # noqa: B023 - said at once
    return 0


def _installation(args: argparse.Namespace) -> Container:
    from infra.deployed import installation

    return installation(args.stage)


def _say(args: argparse.Namespace, facts: object, lines: Callable[[], Iterator[str] | list[str]]) -> None:
    if args.json:
        print(json.dumps(facts, ensure_ascii=False, indent=1))
    else:
        print("\n".join(lines()))


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def _iso(at: datetime | date | None) -> str | None:
    from chalicelib.domain.items import stamp

    return stamp(at) if isinstance(at, datetime) else None


def _row_facts(row: TimelineRow) -> dict[str, object]:
    return {"at": _iso(row.at), "kind": row.kind, "words": row.words, "by": row.by, "facts": dict(row.facts)}


def _waiting_facts(c: Conversation) -> dict[str, object]:
    return {
        "conversation": c.id,
        "platform": c.platform,
        "account": c.account_name,
        "contact": c.contact_handle or c.contact_name or c.contact_id,
        "priority": c.priority,
        "deadline_at": _iso(c.deadline_at),
        "paused_until": _iso(c.paused_until),
        "owner": c.claim.owner if c.claim else None,
        "team": c.team,
    }


def _kept_facts(row: Quarantined) -> dict[str, object]:
    replayed = _iso(row.replayed_at)
    return {
        "id": row.id,
        "at": _iso(row.at),
        "platform": row.platform,
        "app": row.app,
        "path": row.path,
        "why": row.why,
        "replayed_at": replayed,
    }
