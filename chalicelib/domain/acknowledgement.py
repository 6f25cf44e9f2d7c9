"""The one honest line to a customer who waits without a human: when it is due, and what it says.

Off unless the team file says otherwise. It is automatic: it stops no clock, silences no step, and nothing is
paged when it fails. It is not sent where anybody or anything has spoken since, where somebody has the
conversation or is answering it, or where the time it would promise has all but come. Nothing is sent here.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.domain.business_hours import calendar_of
from chalicelib.domain.conversation import Conversation, Fired, State, Voice
from chalicelib.domain.correlation import correlation_of
from chalicelib.domain.follow_ups import is_follow_up
from chalicelib.domain.items import Reply
from chalicelib.domain.playbooks import rendered, values_of
from chalicelib.domain.policy import step_due_at
from chalicelib.domain.posts import Surface
from chalicelib.domain.running import fired_of, owed_since
from chalicelib.domain.settling import is_living
from chalicelib.domain.team import Acknowledgement, Step, TeamFile

STEP = "acknowledgement"
BY = "Nightdesk"
"""Who is said to have written it: nobody."""

LEAST = timedelta(minutes=2)
"""A promise of less than this is not worth making."""


def acknowledgement_id(conversation: Conversation) -> str:
    """Return the name of a running clock's acknowledgement: one name, so that there is one."""
    return f"{STEP}-{conversation.epoch}"


def acknowledgement_due_at(conversation: Conversation, team: TeamFile) -> datetime | None:
    """Return when the customer is to be acknowledged, or None: never, no more, or not as things stand."""
    settings = team.acknowledgement
    if settings is None or conversation.deadline_at is None or fired_of(conversation, STEP) is not None:
        return None
    if not _is_for(settings, conversation) or is_in_hand(conversation) or is_follow_up(conversation):
        return None
    since = owed_since(conversation)
    hours = calendar_of(team, conversation.hours)
    step = Step(settings.after)
    return max(since, step_due_at(step, event_at=since, deadline_at=conversation.deadline_at, hours=hours))


def is_in_hand(conversation: Conversation) -> bool:
    """Tell whether the customer has heard of us since they asked, or somebody is about to see to that."""
    if conversation.state is not State.WAITING or conversation.claim is not None:
        return True
    others = [reply for reply in conversation.sending if reply != acknowledgement_id(conversation)]
    return bool(others) or _was_spoken_to(conversation)


def acknowledgement_of(conversation: Conversation, team: TeamFile, now: datetime) -> Reply | None:
    """Return the reply to save, or None where no time can be promised any more."""
    settings, deadline, post_id = team.acknowledgement, conversation.deadline_at, conversation.owed_post_id
    if settings is None or deadline is None or post_id is None or deadline - now < LEAST:
        return None
    own = team.teams.get(conversation.team)
    values = values_of(conversation, brand=team.brand, tz=own.tz if own else "UTC", now=now)
    text = rendered(settings.text, values)
    name = acknowledgement_id(conversation)
    if text is None:
        return None
    return Reply(
        conversation.id,
        name,
        text,
        BY,
        now,
        to_post_id=post_id,
        correlation=correlation_of(conversation.id, name),
        private=conversation.surface is Surface.PRIVATE,
        automatic=True,
        next_due_at=now,
    )


def is_overtaken(reply: Reply, conversation: Conversation, now: datetime) -> bool:
    """Tell whether a saved acknowledgement need not leave any more: its clock ended, or somebody sees to it."""
    late = conversation.deadline_at is None or now >= conversation.deadline_at
    return late or reply.id != acknowledgement_id(conversation) or is_in_hand(conversation)


def marked(now: datetime, *, sent: bool) -> Fired:
    """Return the record that this clock's acknowledgement has been dealt with."""
    return Fired(STEP, 0, now, collapsed=not sent)


def _is_for(settings: Acknowledgement, conversation: Conversation) -> bool:
    if settings.accounts and conversation.account_name not in settings.accounts:
        return False
    return settings.surface in (None, conversation.surface)


def _was_spoken_to(conversation: Conversation) -> bool:
    """Tell whether the brand, or a machine of its, has said anything since the post that waits, if only perhaps to them."""
    since = conversation.started_at or conversation.opened_at
    return any(e.voice is not Voice.CUSTOMER and is_living(e) and e.at >= since for e in conversation.entries)
