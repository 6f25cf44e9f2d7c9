"""What is to be said about an outgoing text before it is sent: what forbids it, and what to think about again.

Pure: the text and what the platform takes in; faults and warnings out, each saying what to do instead. Faults
stop a reply, warnings only ask. Nothing here reads, sends or counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chalicelib.domain.asking import asked_for, asked_in_the_open
from chalicelib.domain.personal_data import PersonalDataKind, find

OFTEN = 5
"""A text sent this often today reads like a machine's, to customers and to platforms' spam filters."""


class Concern(StrEnum):
    """What a finding is about."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    WINDOW_CLOSED = "window_closed"
    NOT_HERE = "not_here"
    PERSONAL_DATA = "personal_data"
    ASKS_IN_PUBLIC = "asks_in_public"
    ASKS_FOR_SECRET = "asks_for_secret"  # noqa: S105 - what a text may ask for, and no secret
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say about a text: ``words`` say what it is and what to do instead."""

    concern: Concern
    words: str


@dataclass(frozen=True, slots=True)
class Room:
    """How long the text is and may be, as the platform itself counts; ``unit`` as a person says it."""

    length: int
    most: int
    unit: str = "characters"

    @property
    def left(self) -> int:
        """Return what is left; negative when the text is too long."""
        return self.most - self.length


@dataclass(frozen=True, slots=True)
class Advice:
    """Everything there is to say about a text. With ``faults`` it cannot be sent at all."""

    faults: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    room: Room | None = None

    @property
    def is_clear(self) -> bool:
        """Tell whether there is nothing to say."""
        return not self.faults and not self.warnings

    @property
    def words(self) -> tuple[str, ...]:
        """Return all that is to be said, faults first."""
        return tuple(finding.words for finding in (*self.faults, *self.warnings))


_NAMES: Final = {
    PersonalDataKind.EMAIL: "an e-mail address",
    PersonalDataKind.PHONE: "a phone number",
    PersonalDataKind.PAYMENT_CARD: "a card number",
    PersonalDataKind.IBAN: "a bank account",
    PersonalDataKind.NATIONAL_ID: "an identity number",
    PersonalDataKind.ADDRESS: "an address",
    PersonalDataKind.NAME_OR_DOB: "a full name or a date of birth",
    PersonalDataKind.REFERENCE: "a booking, order or account number",
    PersonalDataKind.CREDENTIAL: "a password or code",
}
_NEVER: Final = frozenset(
    {PersonalDataKind.PAYMENT_CARD, PersonalDataKind.CREDENTIAL, PersonalDataKind.NATIONAL_ID}
)
"""What belongs in no message at all, private or not."""

_SECRETS: Final = frozenset({"password or security code", "payment card"})
_ROLE: Final = re.compile(
    r"(?:help|support|care|service|info|contact|hello|privacy|complaints?|refunds?|press|team|bookings?|customer)"
    r"[\w.+-]*@",
    re.IGNORECASE,
)
"""How the brand's own published addresses begin."""


def advise(
    text: str, *, private: bool, room: Room | None = None, refusal: Finding | None = None, used_today: int = 0
) -> Advice:
    """Say everything about a text at once. ``refusal``: why the platform would not take an answer here at all.

    ``used_today`` counts how often these very words were sent from this account today.
    """
    faults = (*_empty(text), *_too_long(room), *((refusal,) if refusal else ()))
    warnings = (*_gives_away(text, private=private), *_asks(text, private=private), *_repeats(used_today))
    return Advice(tuple(faults), tuple(warnings), room)


def normalised(text: str) -> str:
    """Return the words that make two replies the same: case, spaces, closing signs and who is addressed aside."""
    words = (word for word in text.casefold().split() if not word.startswith("@"))
    return " ".join(words).strip(" .!?…")


def _empty(text: str) -> Iterator[Finding]:
    if not text.strip():
        yield Finding(Concern.EMPTY, "There is nothing in it: write an answer.")


def _too_long(room: Room | None) -> Iterator[Finding]:
    if room is not None and room.left < 0:
        over = f"It has {room.length} {room.unit} and {room.most} are allowed"
        yield Finding(Concern.TOO_LONG, f"{over}: shorten it by {-room.left}.")


def _gives_away(text: str, *, private: bool) -> Iterator[Finding]:
    kinds = dict.fromkeys(span.kind for span in find(text) if not _ROLE.match(text[span.start : span.end]))
    told = [_NAMES[kind] for kind in kinds if not private or kind in _NEVER]
    if told and private:
        yield Finding(
            Concern.PERSONAL_DATA,
            f"It holds {_listed(told)}, which belongs in no message: take it out.",
        )
    elif told:
        words = f"It holds {_listed(told)}, and everybody can read this: take it out, or answer in private."
        yield Finding(Concern.PERSONAL_DATA, words)


def _asks(text: str, *, private: bool) -> Iterator[Finding]:
    secrets = [thing for thing in asked_for(text) if thing in _SECRETS]
    if secrets:
        words = f"It asks for a {_listed(secrets)}: never ask for that; point to the secure page instead."
        yield Finding(Concern.ASKS_FOR_SECRET, words)
    open_ = () if private else asked_in_the_open(text)
    rest = [thing for thing in open_ if thing not in secrets]
    if rest:
        words = f"It asks in public for the customer's {_listed(rest)}: move to private, and ask there."
        yield Finding(Concern.ASKS_IN_PUBLIC, words)


def _repeats(used_today: int) -> Iterator[Finding]:
    if used_today >= OFTEN:
        words = (
            f"These very words were sent {used_today} times today: say it in other words, about this case."
        )
        yield Finding(Concern.REPEATED, words)


def _listed(names: list[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
