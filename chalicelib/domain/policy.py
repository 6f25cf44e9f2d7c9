"""Promises as instants: which rule a post falls under, its deadline, and when each step of the ladder is due.

It must not decide what fires (``escalation``) or whom it reaches (``schedule``).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from chalicelib.domain.business_hours import Calendar, calendar_of
from chalicelib.domain.oncall_words import read_window
from chalicelib.domain.team import Offset, Policy, PolicyMatch, Step, Team, TeamFile
from chalicelib.domain.windows import open_stretches
from chalicelib.errors import Misconfigured

_ZERO = timedelta(0)
_INSTANT = timedelta(microseconds=1)


def match_policy(
    team: TeamFile,
    *,
    account: str,
    platform: str,
    surface: str,
    priority: str,
    topics: Collection[str],
    kind: str,
) -> Policy:
    """Return the first policy whose conditions all hold; ``account`` is the team file's name for it.

    Raises: Misconfigured naming the post when no rule matches.
    """
    asked = {"account": account, "platform": platform, "surface": surface, "priority": priority, "kind": kind}
    found = next((p for p in team.policies if _matches(p.when, asked, topics)), None)
    if found is None:
        said = ", ".join(f"{key} {value}" for key, value in asked.items())
        raise Misconfigured(f"no [[policies]] entry matches {said}: end the list with one that has no `when`")
    return found


def deadline_for(policy: Policy, target: timedelta, event_at: datetime, team: TeamFile) -> datetime:
    """Return ``event_at`` plus ``target``, spent only while open when the policy names ``hours``.

    Raises: Misconfigured for hours that do not exist or never open.
    """
    hours = calendar_of(team, policy.hours)
    start = event_at.astimezone(UTC)
    return start + target if hours is None else hours.after(start, target)


def step_due_at(
    step: Step, *, event_at: datetime, deadline_at: datetime, hours: Calendar | None = None
) -> datetime:
    """Return when a step is due: a share of the time still to go, or a duration from the deadline.

    Never before ``event_at``, which the clock caps at receipt. With ``hours`` (see ``calendar_of``) shares are
    of open time; durations are always as the clock on the wall runs.
    """
    start, deadline = event_at.astimezone(UTC), deadline_at.astimezone(UTC)
    return max(start, _offset_from(step.at, start, deadline, hours))


def quiet_until(team: Team, at: datetime) -> datetime | None:
    """Return when the team's quiet hours that cover ``at`` end, or None: for ``tell`` alone, a page never waits."""
    if team.quiet is None:
        return None
    window = read_window(f"daily {team.quiet}")
    covering = (
        end for start, end in open_stretches(window, team.tz, {}, at, at + _INSTANT) if start <= at < end
    )
    return next(covering, None)


def _matches(when: PolicyMatch, asked: dict[str, str], topics: Collection[str]) -> bool:
    if when.topic is not None and when.topic not in topics:
        return False
    return all(getattr(when, key) in (None, value) for key, value in asked.items())


def _offset_from(at: Offset, start: datetime, deadline: datetime, hours: Calendar | None) -> datetime:
    if at.remaining is None:
        return deadline + (at.delta or _ZERO)
    spendable = _ZERO if hours is None else hours.open_time(start, deadline)
    if hours is None or spendable == _ZERO:  # a deadline moved into closed time leaves only the plain clock
        return deadline - (deadline - start) * at.remaining
    if at.remaining <= 0:
        return hours.after(deadline, spendable * -at.remaining)
    return hours.after(start, spendable * (1 - at.remaining))
