"""The ladder of one running clock: its rungs as instants, which have fired, and when the next thing is due.

Reads a conversation and its team file, decides nothing (``escalation`` does), and never asks who is on call.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.acknowledgement import acknowledgement_due_at
from chalicelib.domain.business_hours import calendar_of
from chalicelib.domain.conversation import Conversation, Fired, State
from chalicelib.domain.escalation_words import offset_words
from chalicelib.domain.pages import OWNER
from chalicelib.domain.policy import step_due_at
from chalicelib.domain.running import fired_of, owed_since
from chalicelib.domain.team import Step, TeamFile


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder, due at an instant; ``number`` counts from 0 and names it everywhere."""

    number: int
    of: int
    step: Step
    due_at: datetime

    @property
    def name(self) -> str:
        """Return what pages and the record of firings call it."""
        return str(self.number)

    @property
    def words(self) -> str:
        """Return it as people count: ``step 2 of 4, 33 % of the time left``."""
        return f"step {self.number + 1} of {self.of}, {offset_words(self.step.at)}"

    @property
    def order(self) -> tuple[datetime, int]:
        """Return what tells which of two rungs is the later."""
        return self.due_at, self.number


def in_force(kept: TeamFile, current: TeamFile) -> TeamFile:
    """Return the version a running clock keeps, with today's people and schedules.

    The promise and its ladder stay as they were; whom a schedule names is resolved when a step fires.
    """
    return replace(
        current,
        version=kept.version,
        policies=kept.policies,
        escalation=kept.escalation,
        hours=kept.hours,
        people={**kept.people, **current.people},
        schedules={**kept.schedules, **current.schedules},
        teams={**kept.teams, **current.teams},
    )


def rungs_of(conversation: Conversation, team: TeamFile) -> tuple[Rung, ...]:
    """Return every step with its instant, none before the post was received or its obligation was born."""
    if conversation.deadline_at is None or conversation.started_at is None:
        return ()
    steps = team.escalation.get(conversation.escalation or "", ())
    hours = calendar_of(team, conversation.hours)
    start, floor, deadline = conversation.started_at, owed_since(conversation), conversation.deadline_at
    return tuple(
        Rung(
            number,
            len(steps),
            step,
            max(floor, step_due_at(step, event_at=start, deadline_at=deadline, hours=hours)),
        )
        for number, step in enumerate(steps)
    )


def next_n(conversation: Conversation, step: str) -> int:
    """Return the number of a step's next firing, counted from 0."""
    last = fired_of(conversation, step)
    return 0 if last is None else last.n + 1


def times_fired(conversation: Conversation, step: str) -> int:
    """Return how often a step has fired in this epoch on the ladder the conversation is on now."""
    last = fired_of(conversation, step)
    return 0 if last is None or not _is_of_ladder(last, conversation) else last.n - last.base + 1


def with_fired(conversation: Conversation, fired: Fired) -> Conversation:
    """Record a firing; only a step's latest is kept, or a ladder that repeats for weeks would outgrow its row."""
    others = tuple(f for f in conversation.fired if f.step != fired.step)
    base = fired.n - times_fired(conversation, fired.step)
    placed = replace(fired, ladder=conversation.escalation, base=base)
    return replace(conversation, fired=(*others, placed))


def _is_of_ladder(fired: Fired, conversation: Conversation) -> bool:
    return fired.ladder is None or fired.ladder == conversation.escalation


def unfired(conversation: Conversation, rungs: tuple[Rung, ...]) -> tuple[Rung, ...]:
    """Return the rungs not dealt with in this epoch; none of another ladder's counts for this one."""
    return tuple(r for r in rungs if times_fired(conversation, r.name) == 0)


def repeat_due_at(conversation: Conversation, rung: Rung) -> datetime | None:
    """Return when a fired step fires again, or None: it never stops by itself (DESIGN 5)."""
    last = fired_of(conversation, rung.name)
    times = times_fired(conversation, rung.name)
    if last is None or times == 0 or rung.step.repeat is None:
        return None
    return last.at + interval_after(rung.step, times - 1)


def interval_after(step: Step, n: int) -> timedelta:
    """Return the pause after the nth firing: ``widen`` names them one by one, its last one lasts."""
    if step.widen:
        return step.widen[min(n, len(step.widen) - 1)]
    return step.repeat or timedelta(0)


def nudge_due_at(conversation: Conversation) -> datetime | None:
    """Return when a claim's owner is nudged: at the deadline, once, if they claimed it before."""
    claim, deadline = conversation.claim, conversation.deadline_at
    if claim is None or deadline is None or claim.nudged or claim.at >= deadline:
        return None
    return deadline


def owner_due_at(conversation: Conversation) -> datetime | None:
    """Return when the last owner hears that the same customer asks again: first of all, and once."""
    if conversation.last_owner is None or fired_of(conversation, OWNER) is not None:
        return None
    return owed_since(conversation)


def due_instants(conversation: Conversation, team: TeamFile) -> Iterator[datetime]:
    """Yield every instant at which something is to be done about a running clock."""
    rungs = rungs_of(conversation, team)
    yield from (r.due_at for r in unfired(conversation, rungs))
    if conversation.claim is not None:
        nudge = nudge_due_at(conversation)
        yield from (at for at in (conversation.claim.until, nudge) if at is not None)
        return
    repeats = (repeat_due_at(conversation, r) for r in rungs)
    yield from (at for at in (*repeats, owner_due_at(conversation)) if at is not None)


def next_due_at(conversation: Conversation, team: TeamFile) -> datetime | None:
    """Return the earliest instant at which something is to be done, or None when nothing is."""
    dues = (ladder_due_at(conversation, team), acknowledgement_due_at(conversation, team))
    return min((at for at in dues if at is not None), default=None)


def ladder_due_at(conversation: Conversation, team: TeamFile) -> datetime | None:
    """Return the same for what people are to hear, or a pause is to end: the customer's acknowledgement aside."""
    if conversation.state is State.PAUSED:
        return conversation.paused_until
    if conversation.state is not State.WAITING:
        return None
    return min(due_instants(conversation, team), default=None)
