"""The promise a waiting conversation is under: which rule, which target, which deadline.

The clock is the oldest unanswered post's. A later post cannot move it back, but one that falls under a quicker rule
brings it forward. Steps are not known here (``escalation``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.conversation import Conversation, Entry
from chalicelib.domain.policy import deadline_for, match_policy
from chalicelib.domain.posts import Surface
from chalicelib.domain.settling import clock_from, customers, follows_reply, is_living
from chalicelib.domain.team import Policy, TeamFile

GRACE = timedelta(minutes=10)
"""An obligation born late has at least this long, or half its target if that is shorter (DESIGN 4)."""

WINDOWS = {
    ("facebook", Surface.PRIVATE): timedelta(hours=24),
    ("instagram", Surface.PRIVATE): timedelta(hours=24),
    ("whatsapp", Surface.PRIVATE): timedelta(hours=24),
    ("facebook", Surface.PUBLIC): timedelta(days=7),
    ("instagram", Surface.PUBLIC): timedelta(days=7),
}
"""How long after the customer's last post we may answer them in private.

Source: developers.facebook.com, Messenger Platform policy ("24-hour standard messaging window") and private
replies (7 days).
"""


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised to the oldest unanswered post. ``entry`` is the post whose rule is the most pressing."""

    entry: Entry
    policy: Policy
    target: timedelta
    promise_at: datetime
    deadline_at: datetime
    window_until: datetime | None = None


def promised(conversation: Conversation, debts: Sequence[Entry], team: TeamFile) -> Promise:
    """Return the most pressing promise to the unanswered posts ``debts``, oldest first.

    Raises: Misconfigured when no policy matches.
    """
    owed = debts[0]
    offers = [_offer(conversation, owed, entry, team) for entry in debts]
    best = min(offers, key=lambda offer: (offer.deadline_at, offer.promise_at))
    return _capped(best, owed, window_until(conversation))


def window_until(conversation: Conversation) -> datetime | None:
    """Return until when the platform lets us answer in private, counted from the customer's last post."""
    length = WINDOWS.get((conversation.platform, conversation.surface))
    last = max((e.at for e in customers(conversation.entries) if is_living(e)), default=None)
    return None if length is None or last is None else last + length


def grace(target: timedelta) -> timedelta:
    """Return the least time that an obligation born late is given."""
    return min(GRACE, target / 2)


def _offer(conversation: Conversation, owed: Entry, entry: Entry, team: TeamFile) -> Promise:
    """Return what ``entry``'s rule promises: the oldest post by its target, or at the latest itself."""
    policy = _policy(conversation, entry, team)
    target = policy.next if follows_reply(conversation.entries) else policy.first
    promise_at = deadline_for(policy, target, clock_from(owed), team)
    floors = [e.born_at for e in (owed, entry)] + ([] if entry is owed else [entry.at])
    shared = _no_earlier(promise_at, floors, target)
    alone = _no_earlier(deadline_for(policy, target, clock_from(entry), team), [entry.born_at], target)
    return Promise(entry, policy, target, promise_at, min([shared, alone, *_held(owed, entry)]))


def _policy(conversation: Conversation, entry: Entry, team: TeamFile) -> Policy:
    return match_policy(
        team,
        account=conversation.account_name,
        platform=conversation.platform,
        surface=conversation.surface,
        priority=entry.priority,
        topics=entry.topics,
        kind=entry.kind,
    )


def _held(owed: Entry, entry: Entry) -> list[datetime]:
    """Return deadlines that what raised these posts may not put off; one born again since owes from then."""
    held = ((e.held_to, e.born_at) for e in (owed, entry))
    return [at for at, born in held if at is not None and (born is None or born < at)]


def _no_earlier(at: datetime, floors: Sequence[datetime | None], target: timedelta) -> datetime:
    return max([at, *(floor + grace(target) for floor in floors if floor is not None)])


def _capped(promise: Promise, owed: Entry, window: datetime | None) -> Promise:
    """Let the platform's window drive, if it closes earlier and was still open when we could first know."""
    known_at = max(at for at in (owed.received_at, owed.born_at, promise.entry.born_at) if at is not None)
    if window is None:
        return promise
    deadline = min(promise.deadline_at, window) if window > known_at else promise.deadline_at
    return Promise(promise.entry, promise.policy, promise.target, promise.promise_at, deadline, window)
