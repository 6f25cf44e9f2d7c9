"""Who somebody is: numbers a state gave them, their name where they say it, and their date of birth."""

# ruff: noqa: RUF001  people write these very apostrophes
from __future__ import annotations

import re
from typing import Final

from chalicelib.domain.personal_data import PersonalDataKind
from chalicelib.domain.shapes.shape import DATE, IS, any_case, as_typed, digits_of, worth

ID, WHO = PersonalDataKind.NATIONAL_ID, PersonalDataKind.NAME_OR_DOB

_PAPERS: Final = (
    r"(?:ssn|social(?: security)?|social insurance|sin|national insurance|ni number|aa?dh?aa?r(?: card)?|pan(?: card)?|cpf|curp|dni|nie|passport|"
    r"driving licen[cs]e|driver'?s? licen[cs]e|national id|identity|(?:sa|rsa) id|id card|id number|tax id|bvn|nin|ppsn?|nric|ic|fin|tfn|tax file|"
    r"emirates id|nhs|medicare(?: card)?|sss|tin(?: id)?|bsn|steuer ?id|ohip|secu number)"
)
_CODE: Final = r"([a-z]{0,5}\d(?:[a-z0-9./-]|[ ](?=\d)){4,20}[a-z0-9]|[a-z0-9]{8,16})"


def is_number_of_state(text: str) -> bool:
    """No state numbers its people with fewer than four digits."""
    return len(digits_of(text)) >= 4  # noqa: PLR2004


_SHORT: Final = (
    as_typed(
        ID,
        r"\b([A-Z]{3}[PCHFATBLJG][A-Z]\d{4}[A-Z]|[STFGM]\d{7}[A-Z]|[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z])\b",
    ),
)
"""India's PAN, Singapore's NRIC, Italy's codice fiscale."""
_LONG: Final = (
    as_typed(
        ID, r"(?<!dpci )(?<!DPCI )(?<![\w-])((?!000|666|9)\d{3}([- ])(?!00)\d{2}\2(?!0000)\d{4})(?![\w-])"
    ),
    any_case(
        ID, r"\b((?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D])\b"
    ),
    # Ontario's health card
    as_typed(ID, r"(?<![\w-])(\d{4}[ -]\d{3}[ -]\d{3}[ -][A-Z]{2})\b"),
    any_case(ID, rf"\b{_PAPERS}(?: ?(?:number|no\.?|num|id))?{IS}(?<=[ .:=#-]){_CODE}\b", is_number_of_state),
    any_case(
        ID, rf"(?<![\w.-]){_CODE} (?:is|was) (?:my|his|her|the) (?:new |old )?{_PAPERS}\b", is_number_of_state
    ),
    any_case(ID, r"(?<![\w-])(\d{4}[ -]\d{4}[ -]\d{4}) aa?dh?aa?r"),
    as_typed(ID, r"(?<![\w.-])(\d{3}\.\d{3}\.\d{3}-\d{2})(?![\w-])"),
)
NATIONAL_IDS: Final = worth(_SHORT, digits=4) + worth(_LONG, digits=6)

_UP: Final = r"[A-ZÀ-ÖØ-ÞĀ-Ž]"
_NAME: Final = rf"((?:M(?:r|rs|s|iss|x)\.? |Dr\.? )?{_UP}[\w'’-]{{1,20}} (?:{_UP}\.? |(?:de|da|van|der|von|bin|al|el) |{_UP}[\w'’-]{{1,20}} ){{0,2}}{_UP}[\w'’-]{{1,20}})(?![\w'’])"
_KIN: Final = r"(?:husband|wife|partner|son|daughter|mum|mom|mother|dad|father|brother|sister|gran\w{0,6})"
_NO_NAME: Final = re.compile(
    r"(?:Inigo Montoya|Slim Shady|Jack Sparrow|Luca|Jeff|James Bond)\b|"
    r"(?:A|An|The|Team|Black|Cyber|Good|Happy|Merry|Day|New|Great|United|American|British|Virgin|Customer|Service|Prime|Super|Fire|Game|Your|Our|My|"
    r"Their|This|That|Not|So|Very|Really|Still|Just|Now|In|On|At|From|With|For|Going|Trying|Having|Waiting|Getting|Being|Done|Here|There|All|Delivery|Printer|"
    r"January|February|March|April|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
)


def is_name(text: str) -> bool:
    """Tell two capitalised words that may be a person from a title, a day or a character everybody quotes."""
    return _NO_NAME.match(text) is None and not text.isupper()


_BORN: Final = (
    any_case(
        WHO,
        rf"\b(?:d\.?o\.?b\.?|date of birth|birth ?da(?:te|y)|bday|born(?: on)?(?: the)?){IS}(?:the )?({DATE})",
    ),
    any_case(
        WHO,
        rf"(?<![\w.,/-])({DATE})(?=,? (?:is|was|that'?s) (?:my|his|her|the) (?:d\.?o\.?b|date of birth|birth ?da(?:te|y)|bday))",
    ),
    any_case(WHO, r"\b(?:d\.?o\.?b\.?|date of birth)[ :]{1,2}(\d{6}|\d{8})\b"),
)
_SAID: Final = (
    as_typed(
        WHO,
        r"\b(?:[Ff]ull [Nn]ame|[Nn]ame on (?:the )?(?:account|booking|card|order|ticket|reservation)|[Mm]y name is|[Mm]y name['’]?s|"
        r"(?:[Gg]uest |[Pp]assenger |[Cc]ustomer )?[Nn]ame(?: ?[:-]| is| was)?|[Ii]n the name of|[Uu]nder the name(?: of)?|[Ss]urname|"
        r"[Pp]assenger:?|[Cc]ustomer:|[Aa]ccount holder:?|(?:issued|made out|registered|addressed) to|[Aa]sk for|[Rr]egards,?|[Yy]ours,|[Ss]igned,?)"
        rf"[ :=-]{{0,3}}(?:is )?[ :]?{_NAME}",
        is_name,
        hints=("name", "passenger", "customer:", "holder", " to ", "ask for", "regards", "yours", "signed"),
    ),
    as_typed(
        WHO,
        rf"\b(?:I am|I['’]m|[Ii]['’]?m|[Tt]his is)(?: called)? {_NAME}(?=,|\.|!| (?:and|the|from|here|who|my|speaking|I|we|on)\b|$)",
        is_name,
        hints=("i'm ", "i’m ", "im ", "i am ", "this is "),
    ),
    as_typed(WHO, rf"^(?:@\w+ )?{_NAME} here\b", is_name, hints=(" here",)),
    as_typed(WHO, rf"\b[Mm]y {_KIN},? {_NAME}", is_name, hints=("my ",)),
    any_case(
        WHO,
        r"\b(?:full name|(?:first|last|account) name|name on (?:the |my )?(?:account|booking|card|order|ticket|reservation)|(?:booked|ordered|registered) under the name)"
        r"(?: is|:|=| ?- ?)[ :]{0,2}([a-z'’-]{2,20} (?!(?:is|was|and|but|not|for|on|in|to|the|my|as|but|wrong|spelt|spelled|missing)\b)[a-z'’-]{2,20})\b",
        hints=("name",),
    ),
    as_typed(WHO, r"\b([A-Z]{3,20}/[A-Z]{3,20} (?:MRS?|MS|MISS))\b", hints=("/",)),
)
NAMES: Final = (*worth(_BORN, digits=3, hints=("birth", "born", "dob", "d.o.b", "bday")), *_SAID)
