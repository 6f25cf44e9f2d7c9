"""E-mail addresses, also told in words, and telephone numbers a person may be reached by."""

from __future__ import annotations

import re
from typing import Final

from chalicelib.domain.personal_data import PersonalDataKind
from chalicelib.domain.shapes.shape import any_case, as_typed, digits_of

EMAIL, PHONE = PersonalDataKind.EMAIL, PersonalDataKind.PHONE

_TOLD: Final = r"(?:[a-z0-9._-]{1,40} (?:dot|underscore|dash) ){0,3}[a-z0-9._-]{2,40}"
"""The part before the sign, its dots spoken."""
_ENDING: Final = r"(?:com|net|org|co|uk|io|edu|de|fr|in|ke|ca|au|ie|nz|za|ng|sg|ph|nl|es|it)"
_ALONE: Final = r"(?<![\w.+%-])(?!(?:us|me|you|him|her|them|meet|down|here|there|lunch|dinner|deals?|out|find|shop|now|live|order|book|up|over) @ )"
"""Nothing of an address before it, and no word people put before a place they are at."""

EMAILS: Final = (
    any_case(
        EMAIL,
        _ALONE + r"([\w.+%'-]{2,64} ?@ ?[\w-]{2,63} ?\. ?(?:com|net|org|co ?\. ?[a-z]{2}|io|edu)(?![\w@.]))",
    ),
    any_case(
        EMAIL,
        _ALONE + r"[\w.+%'-]{1,64} ?(?:@|\((?:at)\)|\[at\]) ?[\w-]{1,63}"
        r"(?:(?:\.| ?\[dot\] ?| ?\(dot\) ?)[a-z0-9-]{2,24}){1,4}(?![\w@])",
    ),
    any_case(
        EMAIL, rf"\b({_TOLD} at (?!(?:the|a|my|this|that) )(?:[a-z0-9-]{{2,40}} dot ){{1,3}}{_ENDING})\b"
    ),
    any_case(EMAIL, rf"\b({_TOLD} at (?:gmail|yahoo|hotmail|outlook|icloud|aol)(?:\.| ?dot ?)com)\b"),
    any_case(
        EMAIL,
        rf"(?<![\w.+-])((?=[\w.+-]{{0,40}}[\d_.])[\w.+-]{{2,40}} at (?:(?:gmail|yahoo|hotmail|icloud)\b(?!\.)|[a-z0-9-]{{2,30}}\.{_ENDING}\b))",
    ),
)

_FREE_CALL: Final = re.compile(
    r"\(?(?:\+?1[ .-]?)?\(?(?:8(?:00|33|44|55|66|77|88)|900|999)\)?[ .-]|(?:\+44 ?|0)(?:80[08]|84\d|87[01]|3[0-7]\d)"
)
_ALIKE: Final = 2
"""Distinct digits that are too few for a number somebody owns."""


def is_private_phone(text: str, least: int = 9) -> bool:
    """Enough digits to be dialled, and not a toll-free or business line that anybody may print."""
    compact = digits_of(text)
    if not least <= len(compact) <= 15 or len(set(compact)) <= _ALIKE:  # noqa: PLR2004  E.164
        return False
    return not _FREE_CALL.match(text) and not re.match(r"1?8(?:00|33|44|55|66|77|88)\d{7}$", compact)


def is_national_phone(text: str) -> bool:
    """Tell a number dialled with a leading nought from a bar code: at most eleven digits."""
    return len(digits_of(text)) <= 11 and is_private_phone(text)  # noqa: PLR2004  the longest in use


def is_called_phone(text: str) -> bool:
    """After a word that says it is a telephone number, eight digits are enough."""
    return is_private_phone(text, 8)


_BEFORE: Final = (
    r"(?<![\w.,/#$£€+-])(?<!part no )(?<!serial no )(?<!part number )(?<!serial number )(?<!model no )"
)
_NUMBER: Final = r"(\(?\d{2,5}\)?(?:[ .-]?\d{2,5}){1,4})"

PHONES: Final = (
    as_typed(
        PHONE,
        rf"{_BEFORE}(\(?(?:\+|00(?=[1-9][\d .-]{{9}}))\d{{1,3}}\)?[ .-]?(?:\(\d{{1,5}}\)[ .-]?)?\d{{1,5}}(?:[ .-]?\d{{2,5}}){{1,4}})(?![\w-])",
        is_private_phone,
    ),
    as_typed(
        PHONE,
        rf"{_BEFORE}((?:1[ .-])?(?:\(\d{{3}}\)[ .-]?|\d{{3}}[.-]|\d{{3}} (?=\d{{3}} \d{{4}}))\d{{3}}[ .-]\d{{4}})(?![\w-])",
        is_private_phone,
    ),
    as_typed(
        PHONE,
        rf"{_BEFORE}(\(?0[1-9]\d{{1,4}}\)?[ .-]?\d{{2,4}}[ .-]?\d{{3,6}}(?:[ .-]\d{{2,4}})?)(?![\w-])",
        is_national_phone,
    ),
    # 06 39 98 14 27, 06-12345987, (02) 5550 7716, 030/23125 447
    as_typed(
        PHONE,
        rf"{_BEFORE}(0[1-9](?:[ .-]\d\d){{4}}|0[1-9]-\d{{8}}|\(0\d\) ?\d{{4}} ?\d{{4}}|0\d{{2,4}}/\d{{3,6}}[ -]?\d{{2,5}})(?![\w/-])",
        is_national_phone,
    ),
    as_typed(PHONE, rf"{_BEFORE}(0(?: \d){{9,10}})(?![\w-]| \d)", is_national_phone),
    as_typed(PHONE, rf"{_BEFORE}([6-9]\d{{4}}[ -]\d{{5}})(?![\w-])", is_private_phone),
    any_case(
        PHONE,
        rf"{_BEFORE}{_NUMBER} (?:is|was) (?:my|his|her|our) (?:new |old )?(?:cell|mobile|phone|whats ?app|number|no)\b",
        is_called_phone,
    ),
    any_case(
        PHONE,
        r"\b(?:call|ring|phone|text|whats ?app|reach|contact|dial|cell|mobile|(?<!part )(?<!model )(?<!style )(?<!item )(?<!serial )"
        r"(?<!product )(?<!flight )(?<!batch )(?<!lot )number|tel|hp)\b"
        rf"(?: (?:me|us|him|her|my \w{{3,10}}|no|number))?(?: (?:on|at|is))?[ :#]{{1,3}}{_NUMBER}(?![\w-])",
        is_called_phone,
    ),
)
