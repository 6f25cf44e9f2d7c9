"""Claims as values: who may have a conversation, until when, and what giving it up or taking it over changes.

A claim stops the ladder for a while; it never stops the clock. Nothing here stores, pages or knows the time.
Rules: docs/pager.md, "Claim".
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.conversation import Claim, Conversation, State

LONGEST = timedelta(minutes=30)
SHORTEST = timedelta(minutes=5)
RENEWALS = 2


def claim_until(now: datetime, target: timedelta | None) -> datetime:
    """Return when a claim made now ends: half the promise away, at least 5 and at most 30 minutes."""
    half = (target or LONGEST) / 2
    return now + min(LONGEST, max(SHORTEST, half))


def holder(conversation: Conversation, now: datetime) -> str | None:
    """Return who holds it at ``now``; a claim that ran out holds nothing, whether or not it was cleared yet."""
    claim = conversation.claim
    return claim.owner if claim is not None and claim.until > now else None


def is_claimable(conversation: Conversation) -> bool:
    """Tell whether there is a running clock to claim."""
    return conversation.state is State.WAITING


def claimed(conversation: Conversation, *, by: str, at: datetime, by_sms: bool = False) -> Conversation:
    """Return the conversation owned by ``by``, whoever had it before."""
    claim = Claim(by, at, claim_until(at, conversation.target), by_sms=by_sms)
    epoch = conversation.epoch if by_sms else conversation.sms_claimed_epoch
    return replace(conversation, claim=claim, sms_claimed_epoch=epoch)


def sms_claim_is_used(conversation: Conversation) -> bool:
    """Tell whether this clock was claimed by SMS already: senders can be spoofed, so once is all they get."""
    return conversation.sms_claimed_epoch == conversation.epoch


def can_renew(claim: Claim) -> bool:
    """Tell whether a claim may still be prolonged."""
    return claim.renewals < RENEWALS


def renewed(conversation: Conversation, claim: Claim, *, at: datetime) -> Conversation:
    """Return the conversation with its claim running anew from ``at``."""
    until = claim_until(at, conversation.target)
    return replace(conversation, claim=replace(claim, until=until, renewals=claim.renewals + 1))
