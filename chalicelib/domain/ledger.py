"""What a conversation owes: from its entries to its clock, its promise and its state.

``recount`` is the one place where a clock starts or stops. It reads entries by the platform's event time, so the
order in which they came to us changes nothing. What fires while a clock runs is not decided here (``escalation``).
Rules: docs/architecture.md, "The clock".
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.conversation import Closure, Conversation, Entry, State, Voice
from chalicelib.domain.escalation import next_due_at
from chalicelib.domain.ledger_size import compact
from chalicelib.domain.promise import promised, window_until
from chalicelib.domain.settling import (
    answer_to,
    clock_from,
    customers,
    is_living,
    order,
    unanswered,
    with_births,
)
from chalicelib.domain.team import TeamFile

NATIVE = "the platform's own app"
"""Who answered, when nobody at Nightdesk did."""

_NO_CLOCK: dict[str, Any] = {
    "owed_post_id": None,
    "started_at": None,
    "promise_at": None,
    "deadline_at": None,
    "target": None,
    "escalation": None,
    "hours": None,
}
_NO_PAUSE: dict[str, Any] = {"paused_until": None, "pause_reason": None, "paused_by": None}
_NOT_CLOSED: dict[str, Any] = {"closure": None, "closed_by": None, "closed_reason": None}


def recount(conversation: Conversation, team: TeamFile, now: datetime) -> Conversation:
    """Return the conversation with its clock as its entries demand. ``team``: the version its clock keeps."""
    sorted_ = tuple(sorted(conversation.entries, key=order))
    awake = _woken(replace(conversation, entries=with_births(sorted_)), now)
    after = _standing(replace(awake, window_until=window_until(awake)), team)
    small = replace(after, entries=compact(after.entries))
    ticked = _ticked(conversation, _without_lost_doubts(small), team)
    return replace(ticked, next_due_at=next_due_at(ticked, team))


def with_entry(conversation: Conversation, entry: Entry) -> Conversation:
    """Return the conversation with this entry in place of its former self; what people decided stays."""
    former = entry_of(conversation, entry.id)
    kept = entry if former is None else _with_decisions(former, entry)
    heard = _unpaused(conversation, former, kept)
    return replace(heard, entries=(*_others(conversation, entry.id), kept))


def without_entry(conversation: Conversation, entry_id: str) -> Conversation:
    """Return the conversation without this entry."""
    return replace(conversation, entries=_others(conversation, entry_id))


def entry_of(conversation: Conversation, entry_id: str) -> Entry | None:
    """Return one entry by its id."""
    return next((e for e in conversation.entries if e.id == entry_id), None)


def _others(conversation: Conversation, entry_id: str) -> tuple[Entry, ...]:
    return tuple(e for e in conversation.entries if e.id != entry_id)


def _unpaused(conversation: Conversation, former: Entry | None, entry: Entry) -> Conversation:
    """End a pause where the customer asks anew: whoever paused it knew nothing of that."""
    until = conversation.paused_until
    if until is None or not entry.owes or not is_living(entry) or (former is not None and former.owes):
        return conversation
    return replace(conversation, paused_until=min(until, entry.received_at))


def _with_decisions(former: Entry, entry: Entry) -> Entry:
    """Carry over what the platform cannot know."""
    kept = replace(
        entry,
        waived=former.waived,
        revived_at=former.revived_at,
        held_to=former.held_to,
        again_at=former.again_at,
        decided_by=former.decided_by,
        by=entry.by or former.by,
        native=entry.native and former.native,
    )
    if former.decided_by is None or former.voice is Voice.CUSTOMER:
        return kept
    gone_at = max((at for at in (entry.gone_at, former.gone_at) if at is not None), default=None)
    return replace(kept, voice=former.voice, settles=former.settles, gone_at=gone_at)


def _woken(conversation: Conversation, now: datetime) -> Conversation:
    """End a pause whose time has come: what it held back is owed anew, as an obligation born late."""
    until = conversation.paused_until
    if until is None or now < until:
        return conversation
    held = {e.id for e in unanswered(conversation.entries)}
    entries = (replace(e, revived_at=now) if e.id in held else e for e in conversation.entries)
    return replace(conversation, entries=with_births(tuple(entries)), **_NO_PAUSE)


def _standing(conversation: Conversation, team: TeamFile) -> Conversation:
    debts = unanswered(conversation.entries)
    if not debts:
        return _at_rest(replace(conversation, **_NO_CLOCK, **_NO_PAUSE))
    if conversation.paused_until is not None:
        return replace(conversation, state=State.PAUSED, **_NO_CLOCK, **_NOT_CLOSED)
    return _waiting(conversation, debts, team)


def _waiting(conversation: Conversation, debts: tuple[Entry, ...], team: TeamFile) -> Conversation:
    promise, owed = promised(conversation, debts, team), debts[0]
    return replace(
        _described(conversation, promise.entry),
        **_NOT_CLOSED,
        state=State.WAITING,
        owed_post_id=owed.id,
        started_at=clock_from(owed),
        target=promise.target,
        promise_at=promise.promise_at,
        deadline_at=promise.deadline_at,
        escalation=promise.policy.escalation,
        hours=promise.policy.hours,
        answered_at=None,
        answered_by=None,
    )


def _at_rest(conversation: Conversation) -> Conversation:
    """Say why nothing is owed: answered, closed, gone, or judged to need nothing."""
    posts = customers(conversation.entries)
    living = [post for post in posts if is_living(post)]
    if not living:
        return _deserted(conversation, posts)
    last = living[-1]
    state = State.ANSWERED if answer_to(last, conversation.entries) else State.NO_ANSWER_NEEDED
    rested = _with_answer(conversation, living)
    known = _described(rested, last)
    if last.waived and state is not State.ANSWERED:
        return replace(known, state=State.CLOSED, closure=Closure.BY_PERSON)
    if last.history and state is not State.ANSWERED:
        return replace(known, **_NOT_CLOSED | {"state": State.CLOSED, "closure": Closure.HISTORY})
    return replace(known, state=state, **_NOT_CLOSED)


def _deserted(conversation: Conversation, posts: tuple[Entry, ...]) -> Conversation:
    """Close what its author or the brand took away; where no customer ever wrote, nothing is owed either."""
    if not posts:
        return replace(conversation, state=State.ANSWERED)
    last = max(posts, key=lambda post: (post.gone_at or post.at, post.id))
    gone = replace(conversation, answered_at=None, answered_by=None, **_NOT_CLOSED)
    return replace(_described(gone, last), state=State.CLOSED, closure=last.gone)


def _described(conversation: Conversation, post: Entry) -> Conversation:
    """Return the conversation as this post is: the most pressing one, or once nothing is owed the last."""
    return replace(conversation, kind=post.kind, priority=post.priority, topics=post.topics)


def _with_answer(conversation: Conversation, living: list[Entry]) -> Conversation:
    answers = (answer_to(post, conversation.entries) for post in reversed(living))
    answer = next((a for a in answers if a is not None), None)
    if answer is None:
        return replace(conversation, answered_at=None, answered_by=None)
    return replace(conversation, answered_at=answer.at, answered_by=answer.by or NATIVE)


def _ticked(before: Conversation, after: Conversation, team: TeamFile) -> Conversation:
    """Count the clocks that stopped and started. A new clock starts unclaimed, on the version in force."""
    turns = _turns(before, after)
    if not turns:
        return after
    return replace(
        after,
        epoch=before.epoch + turns,
        version=team.version if after.state is State.WAITING else before.version,
        fired=(),
        claim=None,
        last_owner=before.claim.owner if before.claim else before.last_owner,
    )


def _turns(before: Conversation, after: Conversation) -> int:
    """Return 0 while the same clock runs, 1 when one starts or stops, 2 when one gives way to a later one's.

    A clock found to have started earlier is the same: its deadline moves, its pages stay good.
    """
    ran, runs = before.state is State.WAITING, after.state is State.WAITING
    if ran != runs:
        return 1
    if not runs or before.owed_post_id == after.owed_post_id:
        return 0
    return 2 if _is_later(after, before) else 0


def _is_later(one: Conversation, other: Conversation) -> bool:
    if one.started_at is None or other.started_at is None:
        return False
    return (one.started_at, one.owed_post_id or "") > (other.started_at, other.owed_post_id or "")


def _without_lost_doubts(conversation: Conversation) -> Conversation:
    """Keep only doubts about replies the ledger still holds."""
    known = {e.id for e in conversation.entries}
    return replace(conversation, maybe_replies=tuple(i for i in conversation.maybe_replies if i in known))
