"""All shapes in their order, from strict (a checksum) to loose (a word before it), and when it is worth to look for which."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chalicelib.domain.shapes import addresses, contact, credentials, money, people, references
from chalicelib.domain.shapes.shape import worth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.domain.personal_data import Span

SHAPES: Final = (
    *worth(contact.EMAILS, hints=("@", " at ", "(at", "[at")),
    *worth(money.IBANS, digits=10),
    *references.STRICT,
    *worth(money.CARDS, digits=13),
    *people.NATIONAL_IDS,
    *people.NAMES,
    *credentials.SECRETS,
    *references.NAMED,
    *worth(contact.PHONES, digits=7),
    *addresses.ADDRESSES,
    *worth(references.BARE, digits=6),
)
_WORTH_A_LOOK: Final = re.compile(
    r"\d|\w ?@|[\[( ][Aa][Tt][ )\]]|[Nn]ame|NAME|[Pp]ass|PASS|\b[Pp][Ii][Nn]\b|[A-Z]{5}|"
    r"\b(?:[Ii]['’]?m|I am|[Tt]his is|[Mm]y \w+,?|[Rr]egards,?|[Yy]ours,|[Ss]igned,?|holder:?|to|for) [A-ZÀ-ÖØ-ÞĀ-Ž]| here\b|phrase|memorable|answer|eyJ"  # noqa: RUF001
)
_DIGIT: Final = re.compile(r"\d")


def candidates(text: str) -> Iterator[Span]:
    """Yield findings from the strictest shape to the loosest; they may overlap."""
    if not _WORTH_A_LOOK.search(text):
        return
    digits, lowered = len(_DIGIT.findall(text)), text.lower()
    for shape in SHAPES:
        if shape.digits <= digits and (not shape.hints or any(hint in lowered for hint in shape.hints)):
            yield from shape.spans(text)
