"""A conversation in a person's words: how it stands, what was promised, which post waits, how it ended.

Shared by whatever shows one: a Slack card, a page, the linked web page. Nothing here renders or reads rows.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.domain.alert import Said, Tone
from chalicelib.domain.checks import QUESTION, asked_about
from chalicelib.domain.conversation import Conversation, Entry, State, Voice
from chalicelib.domain.escalation_words import duration_words
from chalicelib.domain.personal_data import mask
from chalicelib.domain.team import TeamFile
from chalicelib.domain.wallclock import local

UTC_ZONE = "UTC"
_SOON = timedelta(seconds=1)


def asked(conversation: Conversation) -> Entry | None:
    """Return the post to quote: the one that is owed an answer, else the customer's latest."""
    posts = [e for e in conversation.entries if e.voice is Voice.CUSTOMER]
    owed = (e for e in posts if e.id == conversation.owed_post_id)
    return next(owed, posts[-1] if posts else None)


def zone_of(conversation: Conversation, team: TeamFile, schedule: str | None = None) -> str:
    """Return the zone in which to tell the time: the schedule's, else the team's."""
    named = team.schedules.get(schedule or "")
    if named is not None:
        return named.tz
    own = team.teams.get(conversation.team)
    return own.tz if own else UTC_ZONE


def handle_of(conversation: Conversation) -> str:
    """Return what to call the customer, as the platform gave it: mask it before it is shown."""
    return conversation.contact_handle or conversation.contact_name or "a customer"


def known_as(conversation: Conversation) -> str:
    """Return what to call the customer wherever it is shown: a name may be a number or an address."""
    return mask(handle_of(conversation))


def tone(conversation: Conversation, now: datetime) -> Tone:
    """Return the colour it wears."""
    match conversation.state:
        case State.WAITING:
            late = conversation.deadline_at is not None and conversation.deadline_at <= now
            return Tone.RED if late else Tone.AMBER
        case State.ANSWERED:
            return Tone.ANSWERED
        case State.PAUSED | State.CLOSED | State.NO_ANSWER_NEEDED:
            return Tone.QUIET


def headline(conversation: Conversation, now: datetime) -> str:
    """Return how it stands, in a few words."""
    match conversation.state:
        case State.WAITING if conversation.claim is not None:
            return f"{conversation.claim.owner} has it"
        case State.WAITING:
            return waiting_words(conversation, now)
        case State.ANSWERED:
            return "Answered" + (f" by {conversation.answered_by}" if conversation.answered_by else "")
        case State.PAUSED:
            return f"Paused: {conversation.pause_reason or 'no reason given'}"
        case State.CLOSED:
            return f"Closed: {(conversation.closure or 'done').replace('_', ' ')}"
        case State.NO_ANSWER_NEEDED:
            return f"{QUESTION} Nobody is paged for it" if asked_about(conversation) else "No answer needed"


def waiting_words(conversation: Conversation, now: datetime) -> str:
    """Return how long is left, or by how much it is late; of what is in doubt, the question itself."""
    if asked_about(conversation):
        return QUESTION
    if conversation.deadline_at is None:
        return "Waiting for an answer"
    left = conversation.deadline_at - now
    if -_SOON < left < _SOON:
        return "Due now: nobody has answered"
    if left < timedelta(0):
        return f"Overdue by {duration_words(left)}: nobody has answered"
    return f"Waiting for an answer: {duration_words(left)} left"


def what(conversation: Conversation, tz: str) -> str:
    """Return which post this is about: "A complaint post of Sun 02:00 on Facebook"."""
    clock = local(conversation.started_at or conversation.opened_at, tz)
    return f"{_kind(conversation)} of {clock:%a %H:%M} on {_platform(conversation)}"


def _kind(conversation: Conversation) -> str:
    kind = "message" if conversation.surface == "private" else "post"
    return f"A {conversation.kind.replace('unknown', 'customer')} {kind}"


def _platform(conversation: Conversation) -> str:
    return conversation.platform.capitalize()


def promise_words(conversation: Conversation, tz: str) -> str:
    """Return what was promised, or nothing where no clock runs."""
    if conversation.promise_at is None:
        return ""
    target = f"within {duration_words(conversation.target)}, " if conversation.target else ""
    return f"We promise an answer {target}by {local(conversation.promise_at, tz):%a %H:%M}."


def why_said(conversation: Conversation) -> tuple[Said, ...]:
    """Return what ``what`` and ``promise_words`` say, in pieces: each reader sees the instants in their own zone."""
    at = conversation.started_at or conversation.opened_at
    asked_at: tuple[Said, ...] = (f"{_kind(conversation)} of ", at, f" on {_platform(conversation)}.")
    if conversation.promise_at is None:
        return asked_at
    target = f"within {duration_words(conversation.target)}, " if conversation.target else ""
    return (*asked_at, f" We promise an answer {target}by ", conversation.promise_at, ".")


def outcome(conversation: Conversation) -> str:
    """Return how it ended, or that it has not."""
    if conversation.state is State.ANSWERED and conversation.answered_at is not None:
        return f"answered after {duration_words(conversation.answered_at - conversation.opened_at)}"
    return conversation.state.replace("_", " ")


def doubt_at(conversation: Conversation) -> datetime | None:
    """Return when the brand said something of which nobody knows whether it was for this customer."""
    times = (e.at for e in conversation.entries if e.id in conversation.maybe_replies)
    return next(times, None)
