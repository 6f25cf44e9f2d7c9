"""Payment cards and bank accounts, each with the checksum its standard gives."""

from __future__ import annotations

import re
from typing import Final

from chalicelib.domain.personal_data import PersonalDataKind
from chalicelib.domain.shapes.shape import any_case, as_typed, digits_of

_NETWORKS: Final = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|3[068]\d{12}|35\d{14}|6\d{15}|6\d{18}"
)


def is_card_number(text: str) -> bool:
    """Luhn's check, ISO/IEC 7812-1 annex B, on a number as long as its network makes them."""
    compact = digits_of(text)
    if not _NETWORKS.fullmatch(compact) or len(set(compact)) == 1:
        return False
    digits = [int(c) for c in compact]
    doubled = (sum(divmod(2 * d, 10)) for d in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def is_iban(text: str) -> bool:
    """ISO 13616: the rearranged number leaves 1 on division by 97."""
    compact = re.sub(r"[ .-]", "", text).upper()
    if not 15 <= len(compact) <= 34:  # noqa: PLR2004  the standard's
        return False
    return int("".join(str(int(c, 36)) for c in compact[4:] + compact[:4])) % 97 == 1


_GAP: Final = r"[ ._/-]{0,3}"

IBANS: Final = (
    as_typed(PersonalDataKind.IBAN, r"\b([A-Z]{2} ?\d{2}(?:[ .-]?[A-Z0-9]){11,30})\b", is_iban),
    any_case(PersonalDataKind.IBAN, r"\b([a-z]{2} ?\d{2}(?: ?[a-z0-9]{4}){2,7} ?[a-z0-9]{1,4})\b", is_iban),
)
CARDS: Final = (
    as_typed(
        PersonalDataKind.PAYMENT_CARD,
        rf"(?<![\d.-])(\d{{13,19}}|\d{{4}}(?:{_GAP}\d{{4}}){{3}}|\d{{4}}{_GAP}\d{{6}}{_GAP}\d{{4,5}})(?!\d)",
        is_card_number,
    ),
)
