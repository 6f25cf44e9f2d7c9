"""Whom a step reaches at one instant: schedules and names become people, each once, each with a reason.

Opt-outs and failures act when sending (``pages``, ``services/send``); nothing here knows what has been sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.schedule import is_reachable, who
from chalicelib.domain.team import Override, TeamFile

LEAD = "lead"
"""The person of this name is told what Nightdesk could not do."""

Overrides = Callable[[str], Sequence[Override]]
"""The run-time overrides of a schedule, by its name."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person, and why they: ``schedule`` is the one that named them, None for a person named directly."""

    person: str
    reason: str
    schedule: str | None = None


def lead_of(team: TeamFile) -> str | None:
    """Return who is told of failures: the person called ``lead``, else the first schedule's fallback."""
    if LEAD in team.people:
        return LEAD
    return next((schedule.fallback for schedule in team.schedules.values()), None)


def fallback_of(team: TeamFile, schedule: str | None) -> str | None:
    """Return who is paged when a person of this schedule cannot be reached; without a schedule, the lead."""
    named = team.schedules.get(schedule or "")
    return named.fallback if named else lead_of(team)


def recipients_of(
    targets: Iterable[str], team: TeamFile, overrides: Overrides, now: datetime
) -> tuple[Recipient, ...]:
    """Return the people behind schedules and names, in order; one who is named twice is paged once."""
    found: dict[str, Recipient] = {}
    for target in targets:
        recipient = _one(target, team, overrides, now)
        if recipient is not None:
            found[recipient.person] = _merged(found.get(recipient.person), recipient)
    return tuple(found.values())


def _one(target: str, team: TeamFile, overrides: Overrides, now: datetime) -> Recipient | None:
    if target in team.schedules:
        duty = who(team, target, now, overrides(target))
        return Recipient(duty.person, f"{target}: {duty.reason}", target)
    if target in team.people and is_reachable(team, target):
        return Recipient(target, "named in the step")
    lead = lead_of(team)
    return Recipient(lead, f"{target} has no contact, so the lead is paged") if lead else None


def _merged(first: Recipient | None, second: Recipient) -> Recipient:
    if first is None:
        return second
    return replace(
        first, reason=f"{first.reason}; {second.reason}", schedule=first.schedule or second.schedule
    )
