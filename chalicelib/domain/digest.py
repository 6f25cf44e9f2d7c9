"""Flood control: whether a page may leave now, or joins the digest that leaves when its gate opens.

A gate is one person on one channel. The first page passes at once and shuts it for a while; what comes in the
meantime is gathered and leaves as one message. Nothing here stores, sends or knows the time.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.items import Card, Handover, Page, stamp
from chalicelib.domain.pager_rows import Digest, DigestMember, Gate
from chalicelib.domain.team import Channel, TeamFile

NEW_CARDS = 3
"""How many new messages a Slack channel sees in a minute before the rest are one summary (DESIGN 6)."""

CARD_GAP = timedelta(seconds=60)


def gap_of(channel: Channel, team: TeamFile) -> timedelta | None:
    """Return the least time between two messages to one person on a channel, or None where there is none."""
    return team.digest.sms_gap if channel is Channel.SMS else None


def is_open(gate: Gate | None, now: datetime) -> bool:
    """Tell whether a page may leave at once: nothing left lately, and nothing is being gathered."""
    return gate is None or (gate.next_at <= now and gate.digest_id is None)


def shut(gate: Gate | None, page: Page, now: datetime, gap: timedelta) -> Gate:
    """Return the gate after a message leaves through it now."""
    if gate is None:
        return Gate(page.person, page.channel, now + gap)
    return replace(gate, next_at=now + gap, digest_id=None, rev=gate.rev + 1)


def opened(gate: Gate) -> tuple[Gate, Digest]:
    """Return the gate with a new digest that gathers from now on and leaves when the gate opens."""
    digest = Digest(gate.person, gate.channel, stamp(gate.next_at), gate.next_at, next_due_at=gate.next_at)
    return replace(gate, digest_id=digest.id, rev=gate.rev + 1), digest


def joined(page: Page, digest: Digest) -> Page:
    """Return the page as a member: from now on the digest sends it, and the due index holds the digest."""
    return replace(page, digest_id=digest.id, next_due_at=None, rev=page.rev + 1)


def admits(gate: Gate | None, now: datetime) -> bool:
    """Tell whether a channel may show one more new message at once: three a minute, and none while a summary gathers."""
    if gate is None or is_open(gate, now):
        return True
    return gate.digest_id is None and gate.passed < NEW_CARDS


def shown(gate: Gate | None, channel: str, now: datetime) -> Gate:
    """Return the channel's gate after one more new message."""
    if gate is None:
        return Gate(channel, Channel.SLACK, now + CARD_GAP, passed=1)
    if is_open(gate, now):
        return replace(gate, next_at=now + CARD_GAP, passed=1, rev=gate.rev + 1)
    return replace(gate, passed=gate.passed + 1, rev=gate.rev + 1)


def summarised(card: Card, digest: Digest) -> Card:
    """Return the card as a member of the channel's summary, which is due in its place."""
    return replace(card, digest_id=digest.id, next_due_at=None, rev=card.rev + 1)


def gathers(digest: Digest | None) -> bool:
    """Tell whether a digest still takes members."""
    return digest is not None and digest.state is Handover.PENDING and not digest.frozen


def member(row: Page | Card, digest: Digest) -> DigestMember:
    """Return the row by which the digest finds the page or card."""
    return DigestMember(digest.person, digest.channel, digest.id, "|".join(row.identity))


def member_identity(member: DigestMember) -> tuple[str, ...]:
    """Return the identity of a member's page or card."""
    return tuple(member.page_key.split("|"))
