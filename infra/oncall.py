"""``python -m infra oncall``: who is on call, when, how often, and where nobody is.

Each question is a function of a team file and an instant; this module reads words and prints answers. What
would be paged is ``oncall_simulate``'s; what changes something is ``oncall_changes``'.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from typing import Any

from chalicelib.domain.oncall_gaps import Gap, gaps
from chalicelib.domain.oncall_hours import NIGHT, WEEKEND, Load, loads
from chalicelib.domain.oncall_words import Misworded
from chalicelib.domain.schedule import schedule_of, shift_at, shifts
from chalicelib.domain.wallclock import first_of, local
from chalicelib.errors import Misconfigured
from infra import oncall_changes, oncall_simulate
from infra.oncall_files import YEARS_ASKED, Source, add_source, asked_instant, source_of
from infra.oncall_lint import run_lint
from infra.oncall_show import as_duty, as_row, duty_lines, hours, print_json, print_table, utc, wall

HOURS_HELP = f"hours per person; nights are {NIGHT.removeprefix('daily ')}, weekends {WEEKEND}, and a weekend's night is both"
MOST_DAYS = 3660
AT_HELP = "an instant such as 2027-01-04T09:00Z, or local time of the schedule; now if left out"


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the ``oncall`` commands to the operator's command line."""
    oncall = subparsers.add_parser("oncall", help="who is on call, when, and what would be paged")
    questions = oncall.add_subparsers(title="questions", metavar="QUESTION", required=True)
    add = partial(_question, questions)
    who = add("who", run_who, "who is on call, now or at any instant", "who primary --at 2027-01-04T02:30Z")
    who.add_argument("schedule", nargs="?", help="which schedule; all of them if left out")
    who.add_argument("--at", help=f"{AT_HELP}; - reads one instant a line and answers one JSON line each")
    _add_range(add("calendar", run_calendar, "the coming shifts as a table", "calendar --days 30"), 30)
    _add_range(add("gaps", run_gaps, "when only the fallback is left", "gaps --days 14"), 90)
    _add_range(add("hours", run_hours, HOURS_HELP, "hours --days 90"), 90)
    lint = add("lint", run_lint, "all that is wrong or doubtful in the file", "lint --team infra/team.toml")
    lint.add_argument(
        "--at", metavar="T", help="check the 90 days from this instant on; from now if left out"
    )
    oncall_simulate.register(add)
    oncall_changes.register(add)


def _question(
    questions: Any,  # noqa: ANN401  argparse keeps this type to itself
    name: str,
    run: Callable[[argparse.Namespace], int],
    about: str,
    example: str,
) -> argparse.ArgumentParser:
    """Add one question, with its example."""
    command: argparse.ArgumentParser = questions.add_parser(
        name, help=about, description=about, epilog=f"example: python -m infra oncall {example}"
    )
    add_source(command)
    command.add_argument("--json", action="store_true", help="answer in JSON, instants in UTC")
    command.set_defaults(func=run)
    return command


def _add_range(command: argparse.ArgumentParser, days: int) -> None:
    command.add_argument(
        "--days",
        type=days_of,
        default=days,
        metavar="N",
        help=f"how many days to look at, 1 to {MOST_DAYS} ({days})",
    )
    command.add_argument("--from", dest="start", metavar="T", help=f"from when on: {AT_HELP}")
    command.add_argument("--schedule", help="one schedule; all of them if left out")


def days_of(words: str) -> float:
    """Read how many days to look at. Raises: ArgumentTypeError, also for nan and inf."""
    try:
        days = float(words)
    except ValueError:
        days = 0
    if not 1 <= days <= MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{words} is not a number from 1 to {MOST_DAYS}")
    return days


def schedules_of(source: Source, asked: str | None) -> list[str]:
    """Return the schedules asked about, all of them without a name. Raises: Misconfigured where there are none."""
    if not source.team.schedules:
        raise Misconfigured("the file has no schedules: write [schedules.primary] with its layers")
    return [asked] if asked else list(source.team.schedules)


def run_who(args: argparse.Namespace) -> int:
    """Answer who is on call at one instant, or at each one read from standard input."""
    lines = [line.strip() for line in sys.stdin if line.strip()] if args.at == "-" else [args.at]
    source = source_of(args, _readable(lines))
    names = schedules_of(source, args.schedule)
    if args.at == "-":
        return _answer_lines(source, names, lines)
    for name in names:
        at = instant_of(source, name, args.at)
        shift = shift_at(source.team, name, at, source.overrides(name))
        if args.json:
            print_json(as_duty(at, shift))
        else:
            print("\n".join(duty_lines(shift, schedule_of(source.team, name).tz)))
    return 0


def _answer_lines(source: Source, names: Sequence[str], lines: Sequence[str]) -> int:
    """Answer one JSON line per instant and schedule; a line that is no instant is answered by what is wrong."""
    status = 0
    made = {name: source.overrides(name) for name in names}
    for line in lines:
        for name in names:
            try:
                at = instant_of(source, name, line)
            except Misworded as fault:
                print_json({"schedule": name, "at": line, "error": str(fault)})
                status = 1
            else:
                print_json(as_duty(at, shift_at(source.team, name, at, made[name])))
    return status


def _readable(lines: Sequence[str | None]) -> Iterator[datetime]:
    """Yield the instants among the lines, roughly: they only say which years matter."""
    for line in lines:
        try:
            at = datetime.fromisoformat(line or "").replace(tzinfo=UTC)
        except ValueError:
            continue
        if at.year in YEARS_ASKED:
            yield at


def instant_of(source: Source, schedule: str, words: str | None) -> datetime:
    """Return the instant that words mean on a schedule, or now. Raises: Misworded, NotFound."""
    tz = schedule_of(source.team, schedule).tz
    return datetime.now(UTC).replace(microsecond=0) if words is None else asked_instant(words, tz)


def _asked(args: argparse.Namespace) -> tuple[Source, list[tuple[str, datetime, datetime]]]:
    """Return the source, and each schedule asked about with its range of instants."""
    start = next(_readable([args.start]), datetime.now(UTC))
    source = source_of(args, (start, start + timedelta(days=args.days)))
    names = schedules_of(source, args.schedule)
    starts = {name: instant_of(source, name, args.start) for name in names}
    return source, [(name, at, _days_later(source, name, at, args.days)) for name, at in starts.items()]


def _days_later(source: Source, schedule: str, at: datetime, days: float) -> datetime:
    """Return the instant whose wall clock is so many days on: a day that loses an hour is still a day."""
    tz = schedule_of(source.team, schedule).tz
    return first_of(local(at, tz) + timedelta(days=days), tz)


def run_calendar(args: argparse.Namespace) -> int:
    """Show the shifts of a range, cut to it."""
    source, asked = _asked(args)
    found = {
        name: list(shifts(source.team, name, start, end, source.overrides(name)))
        for name, start, end in asked
    }
    if args.json:
        print_json([as_row(shift) for shift in chain.from_iterable(found.values())])
        return 0
    for name, rows in found.items():
        tz = schedule_of(source.team, name).tz
        print(f"{name} ({tz})")
        print_table(
            ("from", "to", "person", "reason"),
            ((wall(s.since_at, tz), wall(s.until_at, tz), s.person, s.reason) for s in rows),
        )
    return 0


def run_gaps(args: argparse.Namespace) -> int:
    """Show when only the fallback is left; the exit status tells whether any of it is not allowed."""
    source, asked = _asked(args)
    found = [
        gap
        for name, start, end in asked
        for gap in gaps(source.team, name, start, end, source.overrides(name))
    ]
    if args.json:
        print_json([_as_gap(gap) for gap in found])
    elif not found:
        print("No gaps.")
    else:
        print_table(
            ("schedule", "from", "to", "why"),
            (_gap_row(gap, schedule_of(source.team, gap.schedule).tz) for gap in found),
        )
    return 0 if all(gap.allowed for gap in found) else 1


def _gap_row(gap: Gap, tz: str) -> tuple[str, ...]:
    why = f"{gap.why} (gap_ok)" if gap.allowed else gap.why
    return gap.schedule, wall(gap.from_at, tz), wall(gap.until_at, tz), why


def _as_gap(gap: Gap) -> dict[str, Any]:
    return {
        "schedule": gap.schedule,
        "from": utc(gap.from_at),
        "to": utc(gap.until_at),
        "why": gap.why,
        "allowed": gap.allowed,
    }


def run_hours(args: argparse.Namespace) -> int:
    """Show each person's hours, nights and weekends apart."""
    source, asked = _asked(args)
    found = [
        load
        for name, start, end in asked
        for load in loads(source.team, name, start, end, source.overrides(name))
    ]
    if args.json:
        print_json([_as_load(load) for load in found])
    else:
        print_table(
            ("schedule", "person", "hours", "nights", "weekends"),
            ((x.schedule, x.person, hours(x.total), hours(x.nights), hours(x.weekends)) for x in found),
        )
    return 0


def _as_load(load: Load) -> dict[str, Any]:
    return {
        "schedule": load.schedule,
        "person": load.person,
        "hours": hours(load.total),
        "nights": hours(load.nights),
        "weekends": hours(load.weekends),
    }
