"""Hiding a public post that shows its author's personal data: when to offer it, and the row that remembers the wish.

Hiding is no answer: the customer still waits for one. Who hides, and how, is ``services/hiding``'s and the platform's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.items import Handover, StoredPost
from chalicelib.domain.personal_data import PersonalDataKind, find
from chalicelib.domain.posts import PRIVATE_KINDS, Direction

HIDING = frozenset({"facebook", "instagram"})
"""Platforms on which a page may hide somebody else's comment: its author and their friends still see it."""

NAMES = {
    PersonalDataKind.EMAIL: "an e-mail address",
    PersonalDataKind.PHONE: "a phone number",
    PersonalDataKind.PAYMENT_CARD: "a card number",
    PersonalDataKind.IBAN: "a bank account",
    PersonalDataKind.NATIONAL_ID: "an identity number",
    PersonalDataKind.ADDRESS: "an address",
    PersonalDataKind.NAME_OR_DOB: "a name or date of birth",
    PersonalDataKind.REFERENCE: "a booking or order reference",
    PersonalDataKind.CREDENTIAL: "a password or code",
}


@dataclass(frozen=True, slots=True)
class Hiding:
    """One wish to hide a post, saved before the platform is asked. Asking twice hides once."""

    conversation_id: str
    post_id: str
    by: str
    at: datetime
    rev: int = 1
    state: Handover = Handover.PENDING
    attempts: int = 0
    outcome: str | None = None
    next_due_at: datetime | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.conversation_id, self.post_id)


def shows(row: StoredPost) -> tuple[PersonalDataKind, ...]:
    """Return what a customer's public post shows of a person, each kind once."""
    public = row.kind not in PRIVATE_KINDS and row.direction is Direction.INBOUND
    if not public or not row.text or row.hidden_by is not None:
        return ()
    return tuple(dict.fromkeys(span.kind for span in find(row.text)))


def can_hide(row: StoredPost) -> bool:
    """Tell whether its platform lets us hide a post."""
    return row.platform in HIDING and row.kind not in PRIVATE_KINDS


def warning(row: StoredPost) -> str | None:
    """Return what to tell an agent about a post that shows personal data in public, or None."""
    kinds = shows(row)
    if not kinds:
        return None
    seen = ", ".join(NAMES[kind] for kind in kinds)
    return f"Everybody can read {seen} here: ask them to delete it{', or hide it' if can_hide(row) else ''}."
