"""A rehearsal of the ladder: who would be paged for one waiting conversation, when, on which contact, and why.

Runs the very decisions of ``escalation`` from due instant to due instant; nothing is sent or stored. What
depends on other conversations (floods, digests) or on carriers (failures) is not rehearsed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.claims import claimed, holder
from chalicelib.domain.conversation import Conversation, Entry, State, Voice
from chalicelib.domain.escalation import advance
from chalicelib.domain.escalation_firing import Advance
from chalicelib.domain.escalation_ladder import next_due_at
from chalicelib.domain.escalation_recipients import Overrides
from chalicelib.domain.items import Page
from chalicelib.domain.pages import refusal
from chalicelib.domain.policy import quiet_until
from chalicelib.domain.posts import Surface
from chalicelib.domain.team import TeamFile


@dataclass(frozen=True, slots=True)
class Claiming:
    """What a person does during the rehearsal: claims it. The first claim wins, while it lasts."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing somebody hears. A tell has neither person nor contact: ``channel`` is then the Slack channel."""

    at: datetime
    step: str
    n: int
    person: str | None
    contact: int | None
    channel: str
    reason: str


@dataclass(frozen=True, slots=True)
class Promise:
    """What is rehearsed: a post received, its deadline, and the ladder it climbs."""

    received_at: datetime
    deadline_at: datetime
    escalation: str
    hours: str | None = None
    team: str = ""


def rehearse(
    team: TeamFile, promise: Promise, claims: Sequence[Claiming], until: datetime, overrides: Overrides
) -> list[Heard]:
    """Return everything anybody would hear up to and including ``until``, in order.

    ``overrides`` gives a schedule's run-time overrides by its name.
    """
    stage = _Stage(team, overrides, _waiting(team, promise), claims)
    while (at := stage.next_at()) is not None and at <= until:
        stage.play(at)
    return sorted(stage.heard, key=lambda heard: heard.at)


class _Stage:
    """One rehearsal under way: the conversation, the pages that still wait, and what was heard so far."""

    def __init__(
        self, team: TeamFile, overrides: Overrides, conversation: Conversation, claims: Sequence[Claiming]
    ) -> None:
        self.heard: list[Heard] = []
        self._team, self._overrides = team, overrides
        self._conversation = conversation
        self._claims = sorted(claims, key=lambda claim: claim.at)
        self._pages: list[Page] = []

    def next_at(self) -> datetime | None:
        """Return the earliest instant at which anything happens."""
        due_at = next_due_at(self._conversation, self._team)
        instants = [claim.at for claim in self._claims] + [page.due_at for page in self._pages]
        return min(instants if due_at is None else [*instants, due_at], default=None)

    def play(self, at: datetime) -> None:
        """Let happen what is due at ``at``: the ladder first, then whoever claims."""
        self._record(advance(self._conversation, self._team, self._overrides, at), at)
        self._send(at)
        while self._claims and self._claims[0].at <= at:
            claiming = self._claims.pop(0)
            if holder(self._conversation, at) is None:
                self._conversation = claimed(self._conversation, by=claiming.by, at=at)

    def _record(self, result: Advance, at: datetime) -> None:
        self._conversation = result.conversation
        self._pages.extend(result.pages)
        if result.tells:
            step = next(fired for fired in reversed(result.conversation.fired) if not fired.collapsed)
            loud_at, why = self._loud(at)
            told = (Heard(loud_at, step.step, step.n, None, None, channel, why) for channel in result.tells)
            self.heard.extend(told)

    def _loud(self, at: datetime) -> tuple[datetime, str]:
        """Return when a channel is told, which quiet hours hold back."""
        team = self._team.teams.get(self._conversation.team)
        loud_at = quiet_until(team, at) if team else None
        return (at, "tell") if loud_at is None else (loud_at, "tell, held back by quiet hours")

    def _send(self, at: datetime) -> None:
        due = [page for page in self._pages if page.due_at <= at]
        self._pages = [page for page in self._pages if page.due_at > at]
        sent = (page for page in due if refusal(page, self._conversation) is None)
        self.heard.extend(
            Heard(p.due_at, p.step, p.n, p.person, p.contact, p.channel.value, p.why) for p in sent
        )


def _waiting(team: TeamFile, promise: Promise) -> Conversation:
    """Return a conversation whose clock has just started."""
    post = Entry("rehearsal", promise.received_at, promise.received_at, Voice.CUSTOMER, owes=True)
    return Conversation(
        id="rehearsal",
        platform="",
        account="",
        account_name="",
        app="",
        team=promise.team,
        thread_id="",
        contact_id="",
        surface=Surface.PUBLIC,
        opened_at=promise.received_at,
        epoch=1,
        state=State.WAITING,
        version=team.version,
        entries=(post,),
        escalation=promise.escalation,
        hours=promise.hours,
        target=promise.deadline_at - promise.received_at,
        owed_post_id=post.id,
        started_at=promise.received_at,
        promise_at=promise.deadline_at,
        deadline_at=promise.deadline_at,
    )
