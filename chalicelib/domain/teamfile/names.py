"""Cross checks: names must exist, channels be bound once, and overrides not contradict each other.

A section that the file leaves out is not looked into: a schedule alone is enough to ask who is on call.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from itertools import combinations
from operator import attrgetter

from chalicelib.domain.oncall_overrides import clash
from chalicelib.domain.oncall_words import read_window
from chalicelib.domain.team import NOBODY, Override, TeamFile
from chalicelib.domain.teamfile.faults import Fault


def name_faults(team: TeamFile) -> Iterator[Fault]:
    """Find every name that stands for nothing, and every holiday calendar nobody resolved."""
    if team.people:
        yield from _people(team)
    if team.teams:
        yield from _unknown(((f"accounts.{a.name}.team", a.team) for a in team.accounts.values()), team.teams)
    if team.escalation:
        yield from _unknown(_in_policies(team, "escalation"), team.escalation)
    if team.accounts:
        yield from _unknown(_in_policies(team, "when.account"), team.accounts)
    yield from _unknown(_in_policies(team, "hours"), team.hours)
    yield from _targets(team)
    yield from _holidays(team)


def clash_faults(team: TeamFile) -> Iterator[Fault]:
    """Find accounts bound twice, names that mean both a schedule and a person, and overlapping overrides."""
    for one, other in combinations(team.accounts.values(), 2):
        if one.id and (one.platform, one.id) == (other.platform, other.id):
            wrong = f"{one.platform} {one.id} is already accounts.{one.name}"
            yield Fault(f"accounts.{other.name}.id", wrong, "bind each account to exactly one app")
    for name in team.schedules.keys() & team.people.keys():
        yield Fault(f"schedules.{name}", "a person has the same name", "rename one: `page` could mean either")
    yield from overlap_faults(team.overrides)


def overlap_faults(overrides: Iterable[Override]) -> Iterator[Fault]:
    """Find full overrides of one schedule that cover the same moment, and two stand-ins for one person."""
    for (_, one), (n, other) in combinations(enumerate(overrides), 2):
        if clash(one, other):
            wrong = f"it overlaps the override by {one.who} from {one.from_at:%Y-%m-%d %H:%M} UTC"
            yield Fault(
                f"overrides[{n}].from", wrong, "cut one of the two so that they do not touch the same moment"
            )


def _in_policies(team: TeamFile, key: str) -> Iterator[tuple[str, str | None]]:
    for n, policy in enumerate(team.policies):
        yield f"policies[{n}].{key}", attrgetter(key)(policy)


def _people(team: TeamFile) -> Iterator[Fault]:
    turns = (
        (f"schedules.{schedule.name}.layers[{n}].rotate[{turn}]", name)
        for schedule in team.schedules.values()
        for n, layer in enumerate(schedule.layers)
        for turn, name in enumerate(layer.rotate)
    )
    yield from _unknown(turns, {*team.people, NOBODY})
    fallbacks = ((f"schedules.{s.name}.fallback", s.fallback) for s in team.schedules.values())
    yield from _unknown(fallbacks, {*team.people, NOBODY})
    stand_ins = ((f"overrides[{n}].who", o.who) for n, o in enumerate(team.overrides))
    yield from _unknown(stand_ins, {*team.people, NOBODY})
    yield from _unknown(((f"overrides[{n}].away", o.away) for n, o in enumerate(team.overrides)), team.people)


def _targets(team: TeamFile) -> Iterator[Fault]:
    """Find pages to neither a schedule nor a person; a file with only one of the two cannot tell."""
    if not (team.people and team.schedules):
        return
    pages = (
        (f"escalation.{ladder}[{n}].page[{i}]", name)
        for ladder, steps in team.escalation.items()
        for n, step in enumerate(steps)
        for i, name in enumerate(step.page)
    )
    yield from _unknown(pages, {*team.schedules, *team.people})


def _unknown(named: Iterable[tuple[str, str | None]], known: Collection[str]) -> Iterator[Fault]:
    for path, name in named:
        if name and name not in known:
            close = get_close_matches(name, known, 1)
            write = (
                f"did you mean {close[0]!r}?"
                if close
                else f"write one of: {', '.join(sorted(known)) or 'none yet'}"
            )
            yield Fault(path, f"there is no {name!r}", write)


def _holidays(team: TeamFile) -> Iterator[Fault]:
    for path, words in window_words(team):
        for part in read_window(words):
            if part.holidays and part.holidays not in team.holidays:
                wrong = f"no dates are known for the holidays of {part.holidays}"
                yield Fault(path, wrong, "write a country such as GB or US, or the dates themselves")


def window_words(team: TeamFile) -> Iterator[tuple[str, str]]:
    """Yield the path and words of every window in the file."""
    for schedule in team.schedules.values():
        path = f"schedules.{schedule.name}"
        yield from ((f"{path}.layers[{n}].when", x.when) for n, x in enumerate(schedule.layers) if x.when)
        yield from ((f"{path}.gap_ok[{n}]", words) for n, words in enumerate(schedule.gap_ok))
    for hours in team.hours.values():
        yield from ((f"hours.{hours.name}.open[{n}]", words) for n, words in enumerate(hours.open))
        yield from ((f"hours.{hours.name}.closed[{n}]", words) for n, words in enumerate(hours.closed))
