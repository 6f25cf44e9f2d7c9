"""Pages as values: one row per contact, when one may still be sent, and whom to try when one could not be.

Nothing here sends, stores or knows the time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.conversation import Conversation, State
from chalicelib.domain.items import Handover, Page
from chalicelib.domain.schedule import has_address
from chalicelib.domain.team import Channel, Contact, Person

NUDGE = "nudge"
ASSIGN = "assign"
EXPIRY = "expiry"
OWNER = "owner"
AUDIT = "audit"
UNREACHED = "unreached"

OWNED = frozenset({NUDGE, ASSIGN})
"""Pages to whoever holds the claim: they go out under it, and to nobody else."""

TRIES = 3
"""How often a page whose hand-over definitely failed is tried on one contact (DESIGN 6)."""

LEASE = timedelta(seconds=45)
"""Longer than the function that sends may run, shorter than the queue hides its message."""

_ENDED = frozenset({Handover.SENT, Handover.FAILED, Handover.UNKNOWN, Handover.SKIPPED})


def contacts_of(person: Person) -> Iterator[tuple[int, Contact]]:
    """Yield the contacts that have an address, with their place in ``reach``."""
    for index, contact in enumerate(person.reach):
        if has_address(person, contact.channel):
            yield index, contact


def quiet_contact(person: Person) -> tuple[int, Contact] | None:
    """Return the contact for a word that need not wake: Slack if there is one, else the first."""
    contacts = list(contacts_of(person))
    slack = (pair for pair in contacts if pair[1].channel is Channel.SLACK)
    return next(slack, contacts[0] if contacts else None)


def pages_on_every_contact(page: Page, person: Person) -> tuple[Page, ...]:
    """Return ``page`` once per contact: undelayed ones together, each delayed one due that much later."""
    return tuple(on_contact(page, index, contact) for index, contact in contacts_of(person))


def on_contact(page: Page, index: int, contact: Contact) -> Page:
    """Return ``page`` addressed to one contact, due its delay after the page's own instant."""
    due_at = page.due_at + contact.after
    return replace(page, contact=index, channel=contact.channel, due_at=due_at, next_due_at=due_at)


def refusal(page: Page, conversation: Conversation) -> str | None:
    """Return why this page must not be sent any more, or None: a lease is only taken on None (DESIGN 6)."""
    if conversation.state is not State.WAITING:
        return f"nobody is waiting any more ({conversation.state})"
    if conversation.epoch != page.epoch:
        return "the question it was about has been answered since"
    if page.step == AUDIT:
        return None
    return _claimed_refusal(page, conversation)


def _claimed_refusal(page: Page, conversation: Conversation) -> str | None:
    claim = conversation.claim
    if page.step in OWNED:
        held = claim is not None and claim.owner == page.person
        return None if held else f"{page.person} no longer holds it"
    return None if claim is None else f"{claim.owner} has it"


def is_over(page: Page) -> bool:
    """Tell whether nothing will happen to this page any more."""
    return page.state in _ENDED


def is_covered(page: Page, siblings: Sequence[Page]) -> bool:
    """Tell whether the same firing reached the person on this channel after this page was due.

    So after an outage two texts that fell due meanwhile are one.
    """
    return any(
        p.contact != page.contact
        and p.channel == page.channel
        and p.sent_at is not None
        and p.sent_at >= page.due_at
        for p in siblings
    )


def next_contact(page: Page, siblings: Sequence[Page], person: Person | None, now: datetime) -> Page | None:
    """Return the page to send at once because this one could not be handed over, or None if there is none.

    ``siblings`` are the same firing's pages to the same person, the failed one among them: the earliest that
    still waits is brought forward; else a contact that was not going to be used gets its page.
    """
    waiting = sorted(
        (p for p in siblings if p.state is Handover.PENDING and p.contact != page.contact),
        key=lambda p: (p.due_at, p.contact),
    )
    if waiting:
        first = waiting[0]
        return None if first.due_at <= now else replace(first, due_at=now, next_due_at=now, rev=first.rev + 1)
    used = {p.contact for p in siblings} | {page.contact}
    unused = (pair for pair in contacts_of(person) if pair[0] not in used) if person else iter(())
    found = next(unused, None)
    return None if found is None else _fresh(page, *found, now)


def is_unreached(page: Page, siblings: Sequence[Page]) -> bool:
    """Tell whether every contact of the person has ended without a confirmed hand-over, ``page`` included."""
    others = [p for p in siblings if p.contact != page.contact]
    return all(p.state in (Handover.FAILED, Handover.UNKNOWN) for p in others)


def _fresh(page: Page, index: int, contact: Contact, now: datetime) -> Page:
    return Page(
        conversation_id=page.conversation_id,
        epoch=page.epoch,
        step=page.step,
        n=page.n,
        person=page.person,
        contact=index,
        channel=contact.channel,
        due_at=now,
        why=page.why,
        schedule=page.schedule,
        next_due_at=now,
    )


def backoff(attempts: int, retry_after: timedelta | None) -> timedelta:
    """Return how long to wait before the next try: 5 s, 20 s, or the provider's own word if that is longer."""
    own = timedelta(seconds=5 * 4 ** (attempts - 1))
    return max(own, retry_after or own)
