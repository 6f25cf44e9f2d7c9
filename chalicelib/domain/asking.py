"""Whether a reply asks the customer for something private, and whether it leads them to a private place for it.

Pure, by words people can read. It warns and never blocks, so a phrase it does not know costs nothing. What
the text itself gives away is ``personal_data``'s to find.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from chalicelib.domain.asking_abroad import asked_abroad, leads_abroad

_NUMBERED: Final = (
    r"(?:booking|reservation|order|confirmation|ticket|tracking|reference|account|customer|member(?:ship)?|policy|"
    r"invoice|frequent flyer|loyalty|case|claim|transaction|serial)"
)

_ALWAYS: Final = {
    "password or security code": (
        r"pass(?:word|code|phrase)|pin(?: code| number)?|cvv|cvc|security code|otp|(?:one[- ]time|verification|login) "
        r"(?:code|password)"
    ),
    "payment card": r"(?:payment |credit |debit |bank )?card (?:number|details|info(?:rmation)?)|(?:four|4) digits",
    "bank details": r"iban|sort code|routing number|bank (?:account|details)|account details",
    "identity document": (
        r"passport(?: number| details)?|driv(?:ing|er'?s) licen[cs]e|id card|national insurance number|"
        r"social security number|ssn"
    ),
    "date of birth": r"date of birth|d\.?o\.?b\b\.?|birth ?date",
    "booking or order number": (
        rf"{_NUMBERED}[ -](?:numbers?|no\b\.?|nr|id|ref(?:erence)?s?|code|details)|pnr|record locator|locator"
    ),
    "phone number": (
        r"(?:tele)?phone number|(?:mobile|cell)(?: phone)? number|contact (?:number|details|info(?:rmation)?)"
    ),
    "e-mail address": r"e-?mail address",
    "full name": r"full name|surname|last name|name on (?:the|your) (?:booking|account|order|ticket)",
    "postal address": (
        r"(?:home|postal|delivery|street|shipping|billing|full|mailing) address|post ?code|zip(?: code)?"
    ),
}
"""What is private whoever's it is said to be: "a booking number" asks for the customer's."""

_YOURS: Final = {
    "booking or order number": r"reference|booking|locator",
    "phone number": r"phone|mobile|cell|(?<=your )number|best number",
    "e-mail address": r"e-?mail",
    "postal address": r"(?<!email )(?<!e-mail )address",
    "date of birth": r"birthday",
}
"""What is private only as "your …"."""

_PRIVATE: Final = re.compile(
    r"\b(?:dm|pm|inbox|message|whatsapp) (?:us|me|the team)\b|\b(?:dms?|pms?|direct messages?|private messages?)\b|"
    r"\bprivate(?:ly)?\b|\bsecure (?:link|form|page|channel)\b|\b(?:by|via|through|over|in) (?:your |the |our )?"
    r"(?:inbox|messenger|chat)\b|\bsend us a message\b"
)
_NO_INVITATION: Final = re.compile(
    r"\b(?:thanks|thank you|thx)\b[^.!?]{0,20}\b(?:dm|pm|message)s?\b|\b(?:got|received|seen|saw) your\b"
)

_VERBS: Final = (
    r"(?:send|share|give|tell|provide|post|confirm|supply|include|leave|drop|comment|forward|enter|type|quote|state|"
    r"verify|reply with|reply here with|respond with|let us (?:know|have)|add|pop|dm|pm|message)"
)
_LEAD: Final = r"(?:^|[,;:]\s*|\b(?:please|pls|plz|kindly|just|and|or|then|you|by|you to|simply|so|to continue,?)\s+)(?:also\s+)?"
_WE_NEED: Final = (
    r"\b(?:can|could|may|might) (?:we|i) (?:please |just |also )?(?:have|get|take|ask for|know|see|confirm)|"
    r"\b(?:we|i)(?:'ll| will|'d| would|'re going to| are going to)? (?:just |also |still )?(?:need|require)|"
    r"\bdo you have|\bwhat(?:'s| is| was| are)|\bwhich|\bmind (?:sharing|sending|giving|telling)|\bneed you to \w+"
)


def asked_for(text: str) -> tuple[str, ...]:
    """Return what the customer is asked for in so many words, by name, in the order of the list above."""
    asked = [thing for sentence in _sentences(text) for thing in _asked_in(sentence)]
    return tuple(dict.fromkeys(asked))


def asked_in_the_open(text: str) -> tuple[str, ...]:
    """Return the same without what is asked for by private message, by this sentence or one before it."""
    asked: list[str] = []
    for sentence in _sentences(text):
        if invites_privately(sentence):
            break  # what follows says what to write there
        asked += _asked_in(sentence)
    return tuple(dict.fromkeys(asked))


def invites_privately(sentence: str) -> bool:
    """Tell whether the customer is led to a private place; thanks for a message lead nowhere."""
    leads = _PRIVATE.search(sentence) is not None or leads_abroad(sentence)
    return leads and _NO_INVITATION.search(sentence) is None


def _asked_in(sentence: str) -> list[str]:
    asked = [thing for thing, pattern in _patterns().items() if pattern.search(sentence)]
    return [*asked, *asked_abroad(sentence)]


def _sentences(text: str) -> list[str]:
    plain = " ".join(text.casefold().replace("\u2019", "'").split())
    return [part for part in re.split(r"(?<=[.!?…])\s+|\s[-\u2013\u2014]\s", plain) if part]


def _pattern(thing: str) -> re.Pattern[str]:
    always, yours = _ALWAYS[thing], _YOURS.get(thing)
    named = rf"(?:(?:your|ur|the|an?|any|us|me|with)\s+(?:[\w,-]+\s+){{0,3}}?)?(?:{always})\b"
    own = rf"(?:your|ur)\s+(?:[\w,-]+\s+){{0,2}}?(?:{always}{'|' + yours if yours else ''})\b"
    what = rf"(?:{own}|{named})"
    asking = rf"(?:{_LEAD}{_VERBS}|{_WE_NEED})\s+(?:[\w',-]+\s+){{0,6}}?{what}"
    return re.compile(rf"{asking}|{what},?\s+(?:please|pls|plz)\b")


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Return the patterns, built when they are first needed: most functions never are."""
    return {thing: _pattern(thing) for thing in _ALWAYS}
