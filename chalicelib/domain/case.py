"""A conversation as a person sees it who is about to act: everything to read, and what may be done now.

Built by ``services/cases`` from the rows; shown by the linked page and by Slack. Texts are masked of personal data
before they get here, and escaped by whoever shows them. Nothing here decides, reads or renders.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.alert import Earlier, Tone
from chalicelib.domain.checks import asked_about
from chalicelib.domain.claims import can_renew, holder
from chalicelib.domain.conversation import Closure, Conversation, State
from chalicelib.domain.follow_ups import can_be_followed


class Speaker(StrEnum):
    """Who says a line of the thread: the customer, we, the brand by other means, or one of its machines."""

    CUSTOMER = "customer"
    OURS = "ours"
    NATIVE = "native"
    AUTOMATIC = "automatic"


class Act(StrEnum):
    """What a person may do. Which of them are open depends on the conversation and on who asks."""

    CLAIM = "claim"
    RENEW = "renew"
    RELEASE = "release"
    TAKE_OVER = "take_over"
    HAND_OVER = "hand_over"
    REPLY = "reply"
    CLOSE = "close"
    PAUSE = "pause"
    RESUME = "resume"
    ANSWER_NEEDED = "answer_needed"
    NO_ANSWER_NEEDED = "no_answer_needed"
    WAS_FOR_THEM = "was_for_them"
    WAS_NOT_FOR_THEM = "was_not_for_them"
    FOLLOW_UP = "follow_up"
    HIDE = "hide"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the thread; ``text`` is None where words are gone or never were.

    ``by``: the person of ours who wrote it. ``gone``: "deleted by its author", or why else it no longer stands.
    ``waits``: the post whose clock runs. ``doubtful``: nobody knows whether this reply was for them. ``media``: the
    kinds of what is attached.
    """

    id: str
    at: datetime
    speaker: Speaker
    who: str
    text: str | None = None
    by: str | None = None
    gone: str | None = None
    waits: bool = False
    doubtful: bool = False
    media: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Underway:
    """An answer of ours that is not known to be with the customer: on its way, in doubt, or failed (``words``).

    ``busy``: it is still being seen to, and another answer would have to wait.
    """

    id: str
    at: datetime
    by: str
    text: str
    words: str
    failed: bool = False
    busy: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """A way to answer: in public or in private, how long the text may be, until when, or why it is ``closed``."""

    private: bool
    name: str
    most: int | None = None
    unit: str = "characters"
    until_at: datetime | None = None
    closed: str | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether an answer would be taken this way now."""
        return self.closed is None


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the timeline: what happened beside what was said."""

    at: datetime
    words: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A follow-up still to come: who wants to look again, when, and why."""

    by: str
    due_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The last time somebody was paged for it, and why they: step, schedule and turn."""

    person: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """One conversation, whole. ``tz`` is its team's zone; every instant is UTC. ``people``: who can be given it.

    ``last_answer``: the last answer that whoever reads this has seen, for their own (``answers_seen``).
    ``why`` says post and promise; ``reasons`` why this priority, ending with the repeat contact where it is one.
    ``more``: there were earlier lines than ``thread`` shows. ``exposed``: the post shows personal data in public, in words. ``acts`` are open to anybody; ``acts_of`` to one person.
    """

    conversation_id: str
    rev: int
    brand: str
    team: str
    platform: str
    account_name: str
    handle: str
    tone: Tone
    headline: str
    tz: str
    now: datetime
    state: State
    private: bool
    received_at: datetime
    why: str
    priority: str
    kind: str
    reasons: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    repeat_contact: bool = False
    owner: str | None = None
    claim_until: datetime | None = None
    promise_at: datetime | None = None
    deadline_at: datetime | None = None
    paused_until: datetime | None = None
    closed_reason: str | None = None
    maybe_reply_at: datetime | None = None
    thread: tuple[Line, ...] = ()
    more: bool = False
    underway: tuple[Underway, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    notes: tuple[Note, ...] = ()
    ways: tuple[Way, ...] = ()
    asked: tuple[Asked, ...] = ()
    planned: tuple[Planned, ...] = ()
    exposed: str | None = None
    permalink: str | None = None
    people: tuple[str, ...] = ()
    last_answer: str = ""
    acts: frozenset[Act] = frozenset()

    @property
    def minutes_left(self) -> int | None:
        """Return the whole minutes to the deadline, negative once it has passed; None where no clock runs."""
        if self.deadline_at is None:
            return None
        return int((self.deadline_at - self.now).total_seconds() // 60)

    def why_you(self, person: str) -> str | None:
        """Return why a person was paged for it, in words; None where they were not."""
        return next((asked.why for asked in self.asked if asked.person == person), None)

    def acts_of(self, person: str) -> frozenset[Act]:
        """Return what one person may do: their own claim is renewed or released, another's is taken over."""
        if self.owner is None:
            return self.acts
        if self.owner == person:
            return self.acts - {Act.TAKE_OVER}
        return self.acts - {Act.RELEASE, Act.RENEW, Act.REPLY}


def open_acts(conversation: Conversation, now: datetime, ways: tuple[Way, ...]) -> frozenset[Act]:
    """Return what may be done with a conversation now, by whoever holds it or anybody if nobody does."""
    acts = set(_OF_STATE[conversation.state]) | ({Act.REPLY} if any(way.is_open for way in ways) else set())
    if asked_about(conversation):
        acts |= {Act.ANSWER_NEEDED, Act.NO_ANSWER_NEEDED}
    if can_be_followed(conversation):
        acts.add(Act.FOLLOW_UP)
    if conversation.maybe_replies:
        acts |= {Act.WAS_FOR_THEM, Act.WAS_NOT_FOR_THEM}
    if conversation.closure is Closure.BY_PERSON:
        acts.add(Act.ANSWER_NEEDED)
    if conversation.state is State.WAITING:
        acts |= _of_claim(conversation, now)
    return frozenset(acts)


_OF_STATE: dict[State, frozenset[Act]] = {
    State.WAITING: frozenset({Act.CLOSE, Act.PAUSE, Act.HAND_OVER}),
    State.PAUSED: frozenset({Act.CLOSE, Act.PAUSE, Act.RESUME}),
    State.NO_ANSWER_NEEDED: frozenset({Act.ANSWER_NEEDED}),
    State.ANSWERED: frozenset(),
    State.CLOSED: frozenset(),
}


def _of_claim(conversation: Conversation, now: datetime) -> set[Act]:
    claim = conversation.claim
    if claim is None or holder(conversation, now) is None:
        return {Act.CLAIM}
    may_keep = can_renew(claim) and not claim.by_sms
    return {Act.RELEASE, Act.TAKE_OVER} | ({Act.RENEW} if may_keep else set())
