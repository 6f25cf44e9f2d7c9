"""Flood control: whether a page may leave now, or joins the digest that leaves when its gate opens.

A gate is one person (or one Slack channel) on one channel. The first message passes at once; too many shut it
for a while, and what comes in the meantime is gathered and leaves as one. Nothing here stores, sends or knows the time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.items import Card, Handover, Page, stamp
from chalicelib.domain.pager_rows import Digest, DigestMember, Gate
from chalicelib.domain.team import Channel, TeamFile


@dataclass(frozen=True, slots=True)
class Flow:
    """How many messages may leave through a gate before it shuts for ``gap``."""

    most: int
    gap: timedelta


FULL = 100
"""How many members a digest takes before the next one opens, so that one is settled well within a send.

Pages that join at the same moment do not see each other: a digest may grow a few larger.
"""

SLACK = Flow(3, timedelta(seconds=60))
"""A Slack channel, or a person's direct messages, see three new ones a tick; the rest are one summary."""


def flow_of(channel: Channel, team: TeamFile) -> Flow:
    """Return what may leave on a channel: a text each gap, a few Slack messages a minute."""
    return Flow(1, team.digest.sms_gap) if channel is Channel.SMS else SLACK


def admits(gate: Gate | None, flow: Flow, now: datetime) -> bool:
    """Tell whether one more may leave at once: not while anything gathers, nor too many in one gap."""
    if gate is None:
        return True
    return gate.digest_id is None and (gate.next_at <= now or gate.passed < flow.most)


def let_pass(gate: Gate | None, person: str, channel: Channel, flow: Flow, now: datetime) -> Gate:
    """Return the gate after one more message; the first of each gap decides when the gap ends."""
    if gate is None:
        return Gate(person, channel, now + flow.gap, passed=1)
    if gate.next_at <= now:
        return replace(gate, next_at=now + flow.gap, passed=1, rev=gate.rev + 1)
    return replace(gate, passed=gate.passed + 1, rev=gate.rev + 1)


def emptied(gate: Gate, flow: Flow, now: datetime) -> Gate:
    """Return the gate after its digest leaves, which counts as one message."""
    return replace(gate, next_at=now + flow.gap, digest_id=None, passed=1, rev=gate.rev + 1)


def opened(gate: Gate) -> tuple[Gate, Digest]:
    """Return the gate with a new digest that gathers from now on and leaves when the gate opens."""
    digest = Digest(gate.person, gate.channel, stamp(gate.next_at), gate.next_at, next_due_at=gate.next_at)
    return replace(gate, digest_id=digest.id, rev=gate.rev + 1), digest


def followed(gate: Gate, flow: Flow) -> tuple[Gate, Digest]:
    """Return the gate and the digest that gathers once its own is full: it leaves a gap after that one."""
    return opened(replace(gate, next_at=gate.next_at + flow.gap))


def joined(page: Page, digest: Digest) -> Page:
    """Return the page as a member: from now on the digest sends it, and the due index holds the digest."""
    return replace(page, digest_id=digest.id, next_due_at=None, rev=page.rev + 1)


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
