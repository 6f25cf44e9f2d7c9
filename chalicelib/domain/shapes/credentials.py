"""What opens a door or an account: passwords, codes, keys and the answers to security questions."""

# ruff: noqa: RUF001  people write these very apostrophes
from __future__ import annotations

from typing import Final

from chalicelib.domain.personal_data import PersonalDataKind
from chalicelib.domain.shapes.shape import any_case, as_typed, has_digit, worth

SECRET: Final = PersonalDataKind.CREDENTIAL

_NAMED: Final = (
    r"(?:(?:pass ?(?:word|code|phrase)|(?:login |user )pass|pass(?= (?:is|was)\b|[:=])|pwd|pw|[mt]?pin(?: ?(?:code|number|no))?|puk|otp|cvv|cvc|security code|"
    r"(?:verification|login|access|one[- ]time|2fa|mfa|sms|recovery|backup|door|gate|alarm|entry) code|"
    r"code (?:you|they|i) (?:just )?(?:sent|texted|gave|got|received|entered)(?: me)?)s?)"
)
_IS: Final = r"(?:[ .:=#-]{1,3}(?:\b(?:is|was|are)\b)?[ :=#]{0,3})"
_OPEN: Final = r"[\"'“‘(]?"

_TOLD: Final = (
    any_case(SECRET, rf"\b{_NAMED}{_IS}{_OPEN}(\d(?: \d){{3,7}}|\d{{3}}[ -]\d{{3}})(?![\w-])"),
    any_case(SECRET, rf"\b{_NAMED}{_IS}{_OPEN}((?=\S*[\d!#$%&_])[^\s\"'”’*(),;]{{3,40}})", has_digit),
    any_case(SECRET, rf"\b{_NAMED}(?: is|:|=) ?[\"'“‘]([^\s\"'”’*]{{3,40}})[\"'”’]"),
    any_case(SECRET, r"\bpassword you sent(?: me)?[ :]{1,2}\(?([^\s()*]{4,40})\)?", has_digit),
    any_case(
        SECRET,
        r"(?<![\w.-])((?=\S*\d)[^\s\"'“”’,;()]{4,40}),? (?:is|was|that'?s)(?: \w+)? (?:my|the|your) (?:pass(?:word|code)?|pin|pw|code you)\b",
        has_digit,
    ),
    any_case(SECRET, r"\b(?:digits|code) (?:are|is)[ :]{1,2}(\d(?: \d){3,7})(?![\w-])"),
    any_case(
        SECRET,
        r"\b(?:memorable word|(?:security|secret) answer|mother'?s maiden name)(?: is| was|:| =|(?<=name))[ :]{1,2}((?!(?:is|was|not|and|or|for|to|question|wrong|the|a)\b)[a-z0-9'’-]{3,30})\b",
    ),
    any_case(SECRET, r"\b(?:the|my|this) code (?:is|was) (\d{6})\b"),
    any_case(
        SECRET,
        r"(?<!boarding )(?<!season )(?<!bus )\bpass ((?=[^\s]{0,40}[a-z])(?=[^\s]{0,40}\d)[^\s,;]{6,40})",
    ),
    any_case(SECRET, r"\bseed phrase[ :]{1,2}((?:[a-z]{3,10} ){11,23}[a-z]{3,10})\b"),
)
_KEYS: Final = (
    # the keys of three well-known services, and a signed token
    as_typed(
        SECRET,
        r"\b((?:sk|pk|rk)_(?:live|test)_\w{10,60}|gh[pousr]_\w{20,60}|AKIA[A-Z0-9]{16}|xox[abpr]-[\w-]{10,80})\b",
    ),
    as_typed(SECRET, r"\b(eyJ[\w-]{8,500}\.[\w-]{4,1000}\.[\w-]{4,500})"),
)

SECRETS: Final = (
    *worth(
        _TOLD, hints=("pass", "pw", "pin", "puk", "otp", "cv", "code", "word", "answer", "maiden", "digits")
    ),
    *worth(_KEYS, hints=("k_", "gh", "akia", "xox", "eyj")),
)
