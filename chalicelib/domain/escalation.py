"""What happens to a conversation now: which steps fire, collapse or repeat, whose claim ends, who is nudged.

Pure: a conversation, its team file and an instant in; the next conversation, its pages, tells and timeline
out. It stores and sends nothing, and does not decide when a clock starts or stops (``ledger``).
Rules: docs/pager.md, "On call and escalation".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.conversation import Claim, Conversation, Fired, State
from chalicelib.domain.escalation_firing import (
    Advance,
    Call,
    Moment,
    acknowledge,
    collapse,
    line,
    nudge,
    page_people,
    tell_person,
)
from chalicelib.domain.escalation_ladder import (
    Rung,
    next_due_at,
    next_n,
    nudge_due_at,
    owner_due_at,
    repeat_due_at,
    rungs_of,
    unfired,
    with_fired,
)
from chalicelib.domain.escalation_recipients import Overrides, Recipient, recipients_of
from chalicelib.domain.escalation_words import duration_words, greeting_words, telling_words
from chalicelib.domain.follow_ups import is_follow_up
from chalicelib.domain.items import Happened, Page, stamp
from chalicelib.domain.pages import ASSIGN, EXPIRY, OWNER
from chalicelib.domain.policy import quiet_until
from chalicelib.domain.team import TeamFile

__all__ = ["Advance", "advance", "assign", "next_due_at", "relinquish"]

_INSTANT = timedelta(microseconds=1)


def advance(conversation: Conversation, team: TeamFile, overrides: Overrides, now: datetime) -> Advance:
    """Do whatever is due by ``now``; the same conversation, as it is, when nothing is.

    The end of a pause is not done here: ``ledger`` starts the clock again.
    """
    due_at = next_due_at(conversation, team)
    if conversation.state is not State.WAITING or due_at is None or due_at > now:
        return Advance(conversation)
    moment, claim = Moment(team, overrides, now), conversation.claim
    if claim is None:
        fired = _fire(conversation, moment)
        return moment.settled(fired.and_then(acknowledge(fired.conversation, moment)))
    if claim.until > now:
        return moment.settled(_under_claim(conversation, claim, moment))
    return moment.settled(_expire(conversation, claim, moment))


def relinquish(conversation: Conversation, team: TeamFile, overrides: Overrides, now: datetime) -> Advance:
    """End a claim by its owner's own wish: the latest due page step fires again at once, for the others.

    The ex-owner is paged only where the step has nobody else: somebody must hear that nobody has it.
    """
    claim = conversation.claim
    if claim is None:
        return Advance(conversation)
    moment = Moment(team, overrides, now)
    before = _collapse_under(conversation, claim, moment, now)
    freed = _freed(before, claim.owner, now)
    return moment.settled(freed.and_then(_fire_again(freed.conversation, moment, without=claim.owner)))


def assign(conversation: Conversation, team: TeamFile, *, by: str, now: datetime) -> Advance:
    """Page the new owner, whom somebody else chose: at once, on every contact."""
    moment, claim = Moment(team, lambda _: (), now), conversation.claim
    if claim is None:
        return Advance(conversation)
    recipient = Recipient(claim.owner, f"{by} gave it to you")
    return moment.settled(page_people(conversation, moment, ASSIGN, "reassigned", (recipient,)))


# --- under a claim ------------------------------------------------------------------------------------


def _under_claim(conversation: Conversation, claim: Claim, moment: Moment) -> Advance:
    """Collapse the steps that fell due under the claim, and nudge its owner at the deadline."""
    result = _collapse_under(conversation, claim, moment, moment.now)
    nudge_at = nudge_due_at(conversation)
    if nudge_at is None or nudge_at > moment.now:
        return result
    return result.and_then(nudge(result.conversation, claim, moment))


def _collapse_under(conversation: Conversation, claim: Claim, moment: Moment, until: datetime) -> Advance:
    result = Advance(conversation)
    for rung in unfired(conversation, rungs_of(conversation, moment.team)):
        if rung.due_at <= until:
            result = result.and_then(collapse(result.conversation, rung, moment, f"{claim.owner} has it"))
    return result


def _expire(conversation: Conversation, claim: Claim, moment: Moment) -> Advance:
    """Clear the owner and fire the latest due page step again, the ex-owner included (DESIGN 5).

    What fell due at the claim's very end or after it was not under it, and fires with the rest.
    """
    before = _collapse_under(conversation, claim, moment, claim.until - _INSTANT)
    freed = _freed(before, claim.owner, moment.now)
    words = f"{claim.owner}'s claim ran out after {duration_words(claim.until - claim.at)}."
    row = line(conversation, moment, Happened.EXPIRED, stamp(claim.at), words)
    ex_owner = Recipient(claim.owner, "your claim ran out and the customer still waits")
    after = _fire_again(freed.conversation, moment, plus=ex_owner)
    return replace(freed, timeline=(*freed.timeline, row)).and_then(after)


def _freed(before: Advance, owner: str, now: datetime) -> Advance:
    """Clear the claim; the ex-owner is not greeted as the last owner of a clock that goes on."""
    freed = replace(before.conversation, claim=None, last_owner=owner)
    greeted = with_fired(freed, Fired(OWNER, next_n(freed, OWNER), now, collapsed=True))
    return replace(before, conversation=greeted)


# --- unclaimed ----------------------------------------------------------------------------------------


def _fire(conversation: Conversation, moment: Moment) -> Advance:
    """Fire what is due: once, with the latest step's words and the union of recipients."""
    fired = _fire_due(conversation, moment)
    return fired.and_then(_greet_last_owner(fired.conversation, moment, fired.pages))


def _fire_due(conversation: Conversation, moment: Moment) -> Advance:
    due = _due_rungs(conversation, moment)
    return _fire_together(conversation, moment, due, max(due, key=_order)) if due else Advance(conversation)


def _fire_again(
    conversation: Conversation, moment: Moment, *, plus: Recipient | None = None, without: str | None = None
) -> Advance:
    """Fire the latest due page step as its next repetition, with whatever else is due."""
    paging = [r for r in rungs_of(conversation, moment.team) if r.due_at <= moment.now and r.step.page]
    if paging:
        latest = max(paging, key=_order)
        due = {r.number: r for r in (*_due_rungs(conversation, moment), latest)}
        return _fire_together(conversation, moment, tuple(due.values()), latest, plus=plus, without=without)
    told = _fire_due(conversation, moment)
    if plus is None:
        return told
    return told.and_then(page_people(told.conversation, moment, EXPIRY, "the claim ran out", (plus,)))


def _due_rungs(conversation: Conversation, moment: Moment) -> tuple[Rung, ...]:
    """Return the rungs due for the first time or for their next repetition."""
    rungs = rungs_of(conversation, moment.team)
    fresh = {r.number: r for r in unfired(conversation, rungs) if r.due_at <= moment.now}
    again = {r.number: r for r in rungs if (at := repeat_due_at(conversation, r)) and at <= moment.now}
    return tuple((fresh | again).values())


def _fire_together(
    conversation: Conversation,
    moment: Moment,
    due: Sequence[Rung],
    voice: Rung,
    *,
    plus: Recipient | None = None,
    without: str | None = None,
) -> Advance:
    """Fire ``due`` as one, in the words of ``voice``; the others are recorded as collapsed into it."""
    ordered = sorted(due, key=_order)
    result = Advance(conversation)
    for rung in ordered:
        if rung.number != voice.number:
            result = result.and_then(collapse(result.conversation, rung, moment, f"one with {voice.words}"))
    targets = dict.fromkeys(target for rung in ordered for target in rung.step.page)
    found = recipients_of(targets, moment.team, moment.overrides, moment.now)
    people = _adjusted(found, plus, without)
    result = result.and_then(page_people(result.conversation, moment, voice.name, voice.words, people))
    return _told(result, dict.fromkeys(channel for rung in ordered for channel in rung.step.tell))


def _adjusted(
    people: tuple[Recipient, ...], plus: Recipient | None, without: str | None
) -> tuple[Recipient, ...]:
    if plus is not None and all(r.person != plus.person for r in people):
        people = (*people, plus)
    return tuple(r for r in people if r.person != without) or people


def _told(fired: Advance, channels: dict[str, None]) -> Advance:
    """Add the channels to the conversation's cards; one that has a card already gets it edited."""
    known = fired.conversation.card_channels
    new = tuple(channel for channel in channels if channel not in known)
    told = replace(fired.conversation, card_channels=known + new)
    return replace(fired, conversation=told, tells=fired.tells + new)


def _greet_last_owner(conversation: Conversation, moment: Moment, pages: tuple[Page, ...]) -> Advance:
    """Tell the last owner that the same customer asks again, unless they are paged about it anyway."""
    owner, due_at = conversation.last_owner, owner_due_at(conversation)
    if owner is None or due_at is None or due_at > moment.now:
        return Advance(conversation)
    greeted = with_fired(conversation, Fired(OWNER, 0, moment.now))
    if any(page.person == owner for page in pages):
        return Advance(greeted)
    call = Call(OWNER, 0, greeting_words(again=is_follow_up(conversation)))
    team = moment.team.teams.get(conversation.team)
    loud_at = quiet_until(team, moment.now) if team else None
    told = tell_person(greeted, moment, call, owner, not_before=loud_at)
    row = line(greeted, moment, Happened.STEP, OWNER, telling_words(owner, again=is_follow_up(conversation)))
    return Advance(greeted, told, (), (row,) if told else ())


def _order(rung: Rung) -> tuple[datetime, int]:
    return rung.order
