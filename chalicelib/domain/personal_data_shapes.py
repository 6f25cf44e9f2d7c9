"""The shapes personal data has, from strict (a checksum) to loose (a word before it); finding only.

Every quantifier is bounded, so 10,000 hostile characters cost milliseconds. Things that only look personal must
not match: prices, flight and seat numbers, model and error codes, versions, scores, toll-free numbers.
"""

# ruff: noqa: RUF001, PLR2004  people write these very apostrophes; the lengths are the standards' own
from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chalicelib.domain import street_addresses
from chalicelib.domain.personal_data import PersonalDataKind, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Check = Callable[[str], bool]

ANY_CASE: Final = re.IGNORECASE

# -- what a finding must also satisfy ---------------------------------------------------------------------------


def digits_of(text: str) -> str:
    """Return only the digits."""
    return "".join(c for c in text if c.isdigit())


def is_card_number(text: str) -> bool:
    """Luhn's check, ISO/IEC 7812-1 annex B, on 13 to 19 digits of a network that exists."""
    digits = [int(c) for c in digits_of(text)]
    if not 13 <= len(digits) <= 19 or digits[0] not in (2, 3, 4, 5, 6) or len(set(digits)) == 1:
        return False
    doubled = (sum(divmod(2 * d, 10)) for d in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def is_iban(text: str) -> bool:
    """ISO 13616: the rearranged number leaves 1 on division by 97."""
    compact = re.sub(r"[ -]", "", text).upper()
    if not 15 <= len(compact) <= 34:
        return False
    return int("".join(str(int(c, 36)) for c in compact[4:] + compact[:4])) % 97 == 1


_FREE_CALL = re.compile(
    r"\(?(?:\+?1[ .-]?)?\(?8(?:00|33|44|55|66|77|88)\)?[ .-]|(?:\+44 ?|0)(?:80[08]|84\d|87[01]|3[0-7]\d)"
)


def is_private_phone(text: str) -> bool:
    """Enough digits to be dialled, and not a toll-free or business line that anybody may print."""
    compact = digits_of(text)
    if not 9 <= len(compact) <= 15 or len(set(compact)) <= 2:
        return False
    return not _FREE_CALL.match(text) and not re.match(r"1?8(?:00|33|44|55|66|77|88)\d{7}$", compact)


def is_national_phone(text: str) -> bool:
    """Tell a number dialled with a leading nought from a bar code: at most eleven digits, and not parted as parts are."""
    return len(digits_of(text)) <= 11 and is_private_phone(text)


def has_digit(text: str) -> bool:
    """Return whether the code could be one: a word alone is never a reference."""
    return any(c.isdigit() for c in text)


def is_reference(text: str) -> bool:
    """Tell a code, in capitals or with three digits, from a date or a price."""
    enough = len(digits_of(text)) >= 3 or (text.isupper() and has_digit(text))
    return enough and not re.fullmatch(r"\d{1,4}[/.]\d{1,2}[/.]\d{1,4}|\d+[.,]\d{1,2}", text)


def is_locator(text: str) -> bool:
    """Six capitals or digits, as airlines print them."""
    return re.fullmatch(r"[A-Z0-9]{5,8}", text) is not None


def is_number_of_an_order(text: str) -> bool:
    """Long, and neither a round figure, nor one digit repeated, nor the number of a book."""
    return not text.endswith("00000") and len(set(text)) > 2 and not text.startswith(("978", "979"))


# -- shapes: kind, pattern whose group 1 (or whole) is the finding, and the check ----------------------------------

_THINGS = (
    r"(?:order|booking|reservation|confirmation|conf|pnr|record locator|locator|reference|ref|tracking|track|"
    r"shipment|parcel|package|consignment|account|acct?|a/c|sort ?code|case|ticket|claim|policy|invoice|member(?:ship)?|"
    r"customer|loyalty|frequent flyer|subscription|transaction|complaint|incident|request|service request|"
    r"meter|receipt|sr|user)"
)
_NUMBER_WORD = r"(?: ?(?:number|numbers|num|no|nr|id|code|ref|reference|details)\b)?"
_IS = r"[ .:=#-]{0,3}(?:\b(?:is|was|are)\b)?[ :=#]{0,3}"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]{0,6}"
_DATE = (
    rf"(?:\d{{1,4}}[/. -]\d{{1,2}}[/. -]\d{{2,4}}|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH},? \d{{2,4}}"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{2,4}})"
)
_CREDENTIAL = (
    r"(?:(?:pass ?(?:word|code|phrase)|pwd|pw|pin(?: ?(?:code|number|no))?|otp|cvv|cvc|security code|"
    r"(?:verification|login|access|one[- ]time|2fa|sms) code|"
    r"code (?:you|they|i) (?:just )?(?:sent|texted|gave|got|received|entered)(?: me)?)s?)"
)

_SHAPES: Final[tuple[tuple[PersonalDataKind, str, int, Check | None], ...]] = (
    (
        PersonalDataKind.EMAIL,
        r"(?<![\w.+%-])([\w.+%'-]{2,64} ?@ ?[\w-]{2,63} ?\. ?(?:com|net|org|co ?\. ?[a-z]{2}|io|edu)(?![\w@.]))",
        ANY_CASE,
        None,
    ),
    (
        PersonalDataKind.EMAIL,
        (
            r"(?<![\w.+%-])[\w.+%'-]{1,64} ?(?:@|\((?:at)\)|\[at\]) ?[\w-]{1,63}"
            r"(?:(?:\.| ?\[dot\] ?| ?\(dot\) ?)[a-z0-9-]{2,24}){1,4}(?![\w@])"
        ),
        ANY_CASE,
        None,
    ),
    (
        PersonalDataKind.EMAIL,
        (
            r"\b((?:[a-z0-9._-]{1,40} (?:dot|underscore|dash) ){0,3}[a-z0-9._-]{2,40} at (?!(?:the|a|my|this|that) )(?:[a-z0-9-]{2,40} dot ){1,3}"
            r"(?:com|net|org|co|uk|io|edu|de|fr|in|ke|ca|au|ie|nz|za|ng|sg|ph))\b"
        ),
        ANY_CASE,
        None,
    ),
    (
        PersonalDataKind.EMAIL,
        r"\b((?:[a-z0-9._-]{1,40} (?:dot|underscore|dash) ){0,3}[a-z0-9._-]{2,40} at (?:gmail|yahoo|hotmail|outlook|icloud|aol)(?:\.| ?dot ?)com)\b",
        ANY_CASE,
        None,
    ),
    (PersonalDataKind.IBAN, r"\b([A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30})\b", 0, is_iban),
    (PersonalDataKind.IBAN, r"\b([a-z]{2}\d{2}(?: ?[a-z0-9]{4}){2,7} ?[a-z0-9]{1,4})\b", ANY_CASE, is_iban),
    (PersonalDataKind.REFERENCE, r"\b(1Z[A-Z0-9]{16})\b", ANY_CASE, None),
    (PersonalDataKind.REFERENCE, r"(?<![\w-])(\d{3}-\d{7}-\d{7})(?![\w-])", 0, None),
    (PersonalDataKind.PAYMENT_CARD, r"(?<![\d.-])(\d(?:[ .-]?\d){12,18})(?![\d])", 0, is_card_number),
    (
        PersonalDataKind.NATIONAL_ID,
        r"(?<![\w-])((?!000|666|9)\d{3}([- ])(?!00)\d{2}\2(?!0000)\d{4})(?![\w-])",
        0,
        None,
    ),
    (
        PersonalDataKind.NATIONAL_ID,
        r"\b((?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D])\b",
        ANY_CASE,
        None,
    ),
    (
        PersonalDataKind.NATIONAL_ID,
        r"\b(?:ssn|social security|social insurance|sin|national insurance|ni number|aadhaar|aadhar|pan card|cpf|curp|"
        r"dni|nie|passport|driving licen[cs]e|driver'?s licen[cs]e|national id|id card|tax id|bvn|nin|pps|ppsn|nric|fin|tfn|tax file|emirates id)"
        r"(?: ?(?:number|no|num|id))?" + _IS + r"([a-z]{0,3}\d(?:[a-z0-9./-]|[ ](?=\d)){4,16}[a-z0-9])\b",
        ANY_CASE,
        None,
    ),
    (PersonalDataKind.NATIONAL_ID, r"(?<![\w.-])(\d{3}\.\d{3}\.\d{3}-\d{2})(?![\w-])", 0, None),
    (
        PersonalDataKind.NAME_OR_DOB,
        rf"\b(?:d\.?o\.?b\.?|date of birth|birth ?date|birthday|born(?: on)?){_IS}({_DATE})",
        ANY_CASE,
        None,
    ),
    (
        PersonalDataKind.NAME_OR_DOB,
        (
            r"\b(?:[Ff]ull [Nn]ame|[Nn]ame on (?:the )?(?:account|booking|card|order|ticket|reservation)|"
            r"[Mm]y name is|[Mm]y name['’]?s|[Nn]ame:|[Nn]ame (?:is|was)|[Ii]n the name of|[Uu]nder the name(?: of)?|[Ss]urname|[Pp]assenger(?: name)?:?)[ :=-]{0,3}(?:is )?[ :]?"
            r"((?:M(?:r|rs|s|x)\.? )?[A-Z][a-z'’-]{1,20} (?:[A-Z]\.? )?[A-Z][a-z'’-]{1,20})\b"
        ),
        0,
        None,
    ),
    (
        PersonalDataKind.NAME_OR_DOB,
        (
            r"\b(?:full name|(?:first|last|account) name|name on (?:the |my )?(?:account|booking|card|order|ticket|reservation)|(?:booked|ordered|registered) under the name)"
            r"[ :=-]{0,3}(?:is|of)?[ :]{0,2}([a-z'’-]{2,20} (?!(?:is|was|and|but|not|for|on|in|to|the)\b)[a-z'’-]{2,20})\b"
        ),
        ANY_CASE,
        None,
    ),
    (
        PersonalDataKind.CREDENTIAL,
        rf"\b{_CREDENTIAL}{_IS}[\"'“‘]?((?=\S*[\d!#$%&_])[^\s\"'”’*(),;]{{3,40}})",
        ANY_CASE,
        has_digit,
    ),
    (
        PersonalDataKind.CREDENTIAL,
        rf"\b{_CREDENTIAL}(?: is|:|=) ?[\"'“‘]([^\s\"'”’*]{{3,40}})[\"'”’]",
        ANY_CASE,
        None,
    ),
    (
        PersonalDataKind.REFERENCE,
        rf"(?<![@\w]){_THINGS}s?{_NUMBER_WORD}{_IS}((?=[a-z0-9/-]*\d)[a-z0-9](?:[a-z0-9]|[/-](?=[a-z0-9])){{4,29}})\b",
        ANY_CASE,
        is_reference,
    ),
    (
        PersonalDataKind.REFERENCE,
        (
            r"(?<![\w$£€+.,/-])((?=[A-Z0-9-]*\d{3})[A-Z0-9][A-Z0-9-]{4,28}),? (?:(?:is|was) (?:my|the|our) |(?:for|on) (?:my|the|our) )(?:[a-z]{2,15} ){0,2}"
            r"(?:order|booking|reservation|ref\w{0,6}|tracking|account|acct?|customer|policy|claim|membership|case|ticket|invoice|meter)\b"
        ),
        0,
        is_reference,
    ),
    (
        PersonalDataKind.REFERENCE,
        (
            r"\b(?:[Cc]onf(?:irmation)?|CONF(?:IRMATION)?|pnr|PNR|[Ll]ocator|[Bb]ooking|[Rr]eservation|[Rr]ef(?:erence)?)"
            rf"{_NUMBER_WORD}{_IS}([A-Z0-9]{{5,8}})\b"
        ),
        0,
        is_locator,
    ),
    (
        PersonalDataKind.PHONE,
        r"(?<![\w.,/#$£€+-])((?:\+|00(?=[1-9][\d .-]{9}))\d{1,3}[ .-]?(?:\(\d{1,5}\)[ .-]?)?\d{1,5}(?:[ .-]?\d{2,5}){1,4})(?![\w-])",
        0,
        is_private_phone,
    ),
    (
        PersonalDataKind.PHONE,
        r"(?<![\w.,/#$£€+-])((?:1[ .-])?(?:\(\d{3}\)[ .-]?|\d{3}[.-]|\d{3} (?=\d{3} \d{4}))\d{3}[ .-]\d{4})(?![\w-])",
        0,
        is_private_phone,
    ),
    (
        PersonalDataKind.PHONE,
        r"(?<![\w.,/#$£€+-])(\(?0[1-9]\d{1,4}\)?[ .-]?\d{2,4}[ .-]?\d{3,6}(?:[ .-]\d{2,4})?)(?![\w-])",
        0,
        is_national_phone,
    ),
    (PersonalDataKind.PHONE, r"(?<![\w.,/#$£€+-])([6-9]\d{4}[ -]\d{5})(?![\w-])", 0, is_private_phone),
    (
        PersonalDataKind.PHONE,
        r"(?<![\w.,/#$£€+-])(\(?\d{2,5}\)?(?:[ .-]?\d{2,5}){1,4}) (?:is|was) (?:my|his|her|our) (?:new |old )?(?:cell|mobile|phone|whats ?app|number|no)\b",
        ANY_CASE,
        is_private_phone,
    ),
    (
        PersonalDataKind.PHONE,
        (
            r"\b(?:call|ring|phone|text|whats ?app|reach|contact|dial|cell|mobile|(?<!part )(?<!model )(?<!style )(?<!item )(?<!serial )"
            r"(?<!product )(?<!flight )(?<!batch )(?<!lot )number|tel)\b"
            r"(?: (?:me|us|him|her|my \w{3,10}|no|number))?(?: (?:on|at|is))?[ :#]{1,3}(\(?\d{2,5}\)?(?:[ .-]?\d{2,5}){1,4})(?![\w-])"
        ),
        ANY_CASE,
        is_private_phone,
    ),
    *(
        (PersonalDataKind.ADDRESS, shape, ANY_CASE, street_addresses.is_home)
        for shape in street_addresses.IN_ANY_CASE
    ),
    *(
        (PersonalDataKind.ADDRESS, shape, 0, street_addresses.is_home)
        for shape in street_addresses.AS_PRINTED
    ),
    (
        PersonalDataKind.REFERENCE,
        (
            r"(?=[#\d])(?<!sku )(?<!ean )(?<!upc )(?<!isbn )(?<!sku: )(?<!ean: )(?<!upc: )(?<!isbn: )(?<!barcode )(?<!bar code )(?<!serial )(?<!model )"
            r"(?<![\w$£€+.,/-])#?(\d-\d{10,15}|\d{10,20})(?![\w.,/-]*\w)"
        ),
        ANY_CASE,
        is_number_of_an_order,
    ),
    (PersonalDataKind.REFERENCE, r"(?<!\w)#(\d{6,20})\b", 0, is_number_of_an_order),
)

_COMPILED: Final = tuple((kind, re.compile(pattern, flags), check) for kind, pattern, flags, check in _SHAPES)
_NO_DIGIT_NEEDED: Final = frozenset(
    {PersonalDataKind.EMAIL, PersonalDataKind.NAME_OR_DOB, PersonalDataKind.CREDENTIAL}
)
_WITHOUT_DIGITS: Final = tuple(
    shape for shape in _COMPILED if shape[0] in _NO_DIGIT_NEEDED or shape[2] is is_locator
)
_WORTH_A_LOOK: Final = re.compile(
    r"\d|\w ?@|[\[( ][Aa][Tt][ )\]]|[Nn]ame|NAME|[Pp]ass|PASS|\b[Pp][Ii][Nn]\b|[A-Z]{5}"
)
_DIGIT: Final = re.compile(r"\d")


def candidates(text: str) -> Iterator[Span]:
    """Yield findings from the strictest shape to the loosest; they may overlap."""
    if not _WORTH_A_LOOK.search(text):
        return
    for kind, pattern, check in _COMPILED if _DIGIT.search(text) else _WITHOUT_DIGITS:
        for match in pattern.finditer(text):
            group = 1 if pattern.groups else 0
            if check is None or check(match.group(group)):
                yield Span(kind, match.start(group), match.end(group))
