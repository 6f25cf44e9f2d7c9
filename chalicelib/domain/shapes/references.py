"""Numbers that lead to somebody's order, account, booking, parcel or case."""

from __future__ import annotations

import re
from typing import Final

from chalicelib.domain.personal_data import PersonalDataKind
from chalicelib.domain.shapes.shape import IS, any_case, as_typed, digits_of, has_digit, worth

REFERENCE: Final = PersonalDataKind.REFERENCE

_LEAST: Final = 3
"""Digits that make a code of small letters."""


def is_reference(text: str) -> bool:
    """Tell a code, in capitals or with three digits, from a date, a price or a style."""
    enough = len(digits_of(text)) >= _LEAST or (text.isupper() and has_digit(text))
    return enough and not re.fullmatch(
        r"\d{1,4}[/.]\d{1,2}[/.]\d{1,4}|\d+[.,]\d{1,2}|\d{4}/\d{3}/\d{3}", text
    )


def is_locator(text: str) -> bool:
    """Six capitals or digits, as airlines print them."""
    return re.fullmatch(r"[A-Z0-9]{5,8}", text) is not None


_EVERYBODYS: Final = frozenset(
    {"1234567890", "0123456789", "2147483647", "4294967295", "18446744073709551615"}
)
"""A row of keys, and the largest numbers of computers."""


def is_number_of_an_order(text: str) -> bool:
    """Long, and neither a round figure, nor one digit repeated, nor a book's or everybody's."""
    if text.endswith("00000") or text.startswith(("978", "979")):
        return False
    return len(set(text)) > 2 and text not in _EVERYBODYS  # noqa: PLR2004


_THINGS: Final = (
    r"(?:order|booking|reservation|confirmation|conf|pnr|record locator|locator|reference|ref|tracking|track|"
    r"shipment|parcel|package|consignment|account|acct?|a/c|sort ?code|bsb|case|ticket|claim|policy|invoice|member(?:ship)?|"
    r"customer|loyalty(?: card)?|frequent flyer|subscription|transaction|txn|complaint|incident|request|service request|"
    r"meter|receipt|repair|return|kundennummer|sr|user)"
)
_NUMBER_WORD: Final = r"(?: ?(?:number|numbers|num|no|nr|id|code|ref|reference|details)\b)?"

_STRICT: Final = (
    any_case(REFERENCE, r"\b(1Z[A-Z0-9]{16})\b"),
    as_typed(REFERENCE, r"(?<![\w-])(\d{3}-\d{7}-\d{7})(?![\w-])"),
    # the postal union's S10, and as one of its members prints it
    as_typed(REFERENCE, r"\b([A-Z]{2} ?\d{3} ?\d{3} ?\d{3} ?[A-Z]{2}|[A-Z]{2} \d{4} \d{4} \d[A-Z]{2})\b"),
    as_typed(REFERENCE, r"(?<![\w-])(\d{2}-\d{2}-\d{2},? (?:acct? )?\d{8})(?!\d)"),
    any_case(REFERENCE, r"\b(?:a/c|acct?|account)(?: (?:number|no))?[ .:#]{1,3}(\d{9,18})(?!\d)"),
)
_HANDLES: Final = (
    any_case(REFERENCE, r"(?<![\w.-])([\w.-]{2,40}@(?:ok\w{3,8}|ybl|paytm|upi|ibl|axl|apl))(?![\w.])"),
)
"""India's addresses of a purse."""
STRICT: Final = worth(_STRICT, digits=4) + worth(_HANDLES, hints=("@",))
_NAMED: Final = (
    any_case(
        REFERENCE,
        rf"(?<![@\w]){_THINGS}s?{_NUMBER_WORD}{IS}((?:[a-z0-9]{{1,2}} )?\d{{3,5}}(?:[ .-]\d{{3,5}}){{1,4}}(?![\w-])|"
        r"(?=[a-z0-9/-]*\d)[a-z0-9](?:[a-z0-9]|[/-](?=[a-z0-9])){4,29}\b)",
        is_reference,
    ),
    any_case(
        REFERENCE,
        r"\b(?:pnr|record locator|booking ref\w{0,6})[ :#]{1,3}((?=[a-z0-9]{0,6}\d)(?=\d{0,6}[a-z])[a-z0-9]{6})\b",
    ),
    as_typed(
        REFERENCE,
        r"(?<![\w$£€+.,/-])((?=[A-Z0-9-]*\d{3})[A-Z0-9][A-Z0-9-]{4,28}),? (?:(?:is|was|thats|that's) (?:my|the|our) |(?:for|on) (?:my|the|our) )(?:[a-z]{2,15} ){0,2}"
        r"(?:order|booking|reservation|ref\w{0,6}|return|tracking|account|acct?|customer|policy|claim|membership|case|ticket|invoice|meter)\b",
        is_reference,
    ),
)
NAMED: Final = (
    *worth(_NAMED, digits=1),
    # the only ones that need no digit
    as_typed(
        REFERENCE,
        r"\b(?:[Cc]onf(?:irmation)?|CONF(?:IRMATION)?|pnr|PNR|[Ll]ocator|[Bb]ooking|[Rr]eservation|[Rr]ef(?:erence)?)"
        rf"{_NUMBER_WORD}{IS}([A-Z0-9]{{5,8}})\b",
        is_locator,
    ),
)
BARE: Final = (
    any_case(
        REFERENCE,
        r"(?=[#\d])(?<!sku )(?<!ean )(?<!upc )(?<!isbn )(?<!sku: )(?<!ean: )(?<!upc: )(?<!isbn: )(?<!barcode )(?<!bar code )(?<!serial )(?<!serial no )(?<!part no )(?<!model )(?<!seed )"
        r"(?<!scan code )(?<![\w$£€+.,/-])#?(\d-\d{10,15}|\d{10,20})(?![\w.,/-]*\w)(?! (?:points|views|likes|coins|followers|streams|people)\b)",
        is_number_of_an_order,
    ),
    any_case(REFERENCE, r"(?<!\w)#(\d{6,20})\b", is_number_of_an_order),
)
"""Numbers that nothing names, so long that they lead somewhere."""
