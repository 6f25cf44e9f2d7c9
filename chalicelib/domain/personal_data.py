"""Personal data in free text: where it is, what it is, and the text with it masked.

Pure, and in the domain because everything that writes text somewhere (logs, SMS, Slack, public replies) needs
it. It must never keep, count or print what it found. The shapes themselves stand in ``shapes``.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class PersonalDataKind(StrEnum):
    """What was found; the value is also the word that reports and reasons use."""

    EMAIL = "email"
    PHONE = "phone"
    PAYMENT_CARD = "payment_card"
    IBAN = "iban"
    NATIONAL_ID = "national_id"
    ADDRESS = "address"
    NAME_OR_DOB = "name_or_dob"
    REFERENCE = "order_or_account_ref"
    CREDENTIAL = "credential"


@dataclass(frozen=True, slots=True)
class Span:
    """One finding: characters ``start`` up to, not including, ``end`` of the text as given."""

    kind: PersonalDataKind
    start: int
    end: int


MASKS = {
    PersonalDataKind.EMAIL: "(email)",
    PersonalDataKind.PHONE: "(phone)",
    PersonalDataKind.PAYMENT_CARD: "(card)",
    PersonalDataKind.IBAN: "(iban)",
    PersonalDataKind.NATIONAL_ID: "(id)",
    PersonalDataKind.ADDRESS: "(address)",
    PersonalDataKind.NAME_OR_DOB: "(name)",
    PersonalDataKind.REFERENCE: "(ref)",
    PersonalDataKind.CREDENTIAL: "(secret)",
}
"""What stands in the place of each kind. Round brackets cost one septet in an SMS, square ones two."""

_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\ufeff")
_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2212\ufe58\ufe63\uff0d")
_PLAIN = {"\uff20": "@", "\uff0e": ".", "\uff0b": "+", "\uff08": "(", "\uff09": ")", "\uff03": "#"}


def find(text: str) -> tuple[Span, ...]:
    """Return every piece of personal data in ``text``, in order, without overlaps.

    Digits of any script count as digits, and characters that cannot be seen do not hide a number.
    """
    from chalicelib.domain.shapes.finding import candidates

    plain, places = _plain(text)
    found = _without_overlaps(candidates(plain))
    return tuple(Span(s.kind, places[s.start], places[s.end - 1] + 1) for s in found)


def mask(text: str) -> str:
    """Return ``text`` with personal data replaced by short words; never longer than ``text``, and idempotent."""
    while spans := find(text):
        text = without(text, spans)
    return text


def without(text: str, spans: Sequence[Span]) -> str:
    """Return ``text`` with just these findings masked; ``spans`` as ``find`` gave them for it."""
    for span in reversed(spans):
        text = text[: span.start] + _word_for(span) + text[span.end :]
    return text


def _word_for(span: Span) -> str:
    word, room = MASKS[span.kind], span.end - span.start
    return word if len(word) <= room else "*" * room


def _plain(text: str) -> tuple[str, range | list[int]]:
    """Return the text as the shapes read it, and for each of its characters the place it came from."""
    if text.isascii():
        return text, range(len(text))
    kept = [(i, _plain_character(c)) for i, c in enumerate(text) if c not in _INVISIBLE]
    return "".join(c for _, c in kept), [i for i, _ in kept]


def _plain_character(character: str) -> str:
    if character.isascii():
        return character
    if character in _DASHES:
        return "-"
    if character.isspace():
        return " "
    digit = unicodedata.decimal(character, None)
    return _PLAIN.get(character, character) if digit is None else str(digit)


def _without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """Keep, of overlapping findings, the one that was listed first: the shapes go from strict to loose."""
    kept: list[Span] = []
    for span in spans:
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)
