"""Alerts as one SMS segment, and what people text back.

One GSM-7 segment holds 160 septets; a character outside the alphabet would turn it into 70 characters of
UCS-2. Sources: 3GPP TS 23.038 section 6.2.1 (alphabet and extension table), TS 23.040 section 9.2.3.16.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.alert import AlertView
from chalicelib.domain.escalation_words import duration_words
from chalicelib.domain.wallclock import UnknownZone, local

SEGMENT = 160
CLAIM = "claim"
"""The action that a reply, a button or a link asks for."""
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
"""Characters that cost two septets, an escape and themselves."""

_SPELT: dict[str, str] = {
    **dict.fromkeys("[{", "("),
    **dict.fromkeys("]}", ")"),
    **dict.fromkeys("`\u2018\u2019\u201a\u201b\u2032", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb\u2033", '"'),
    **dict.fromkeys("_~\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict(zip("\u2039\u203a|\u2022\u0142\u0141\u0111\u0110\u0131", "<>/*lLdDi", strict=True)),
    "^": "",
    "\u20ac": "EUR ",
    "\u0153": "oe",
    "\u0152": "OE",
    "\u00fe": "th",
    "\u00f0": "d",
}
"""Spellings of typographic quotes, dashes, brackets, and letters that do not decompose."""

_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me", "So", "Sk"})
"""Controls, joiners, lone surrogates, accents left over, and pictures: nothing is lost by leaving them out."""


def to_gsm7(text: str) -> str:
    """Return ``text`` in the basic GSM-7 alphabet: spelt alike where possible, ``?`` where not, on one line."""
    return "".join(_spelt(char) for char in text)


def _spelt(char: str) -> str:
    if char.isspace():
        return " "
    if char in _SPELT:
        return _SPELT[char]
    if char in BASIC:
        return char
    plain = "".join(c for c in unicodedata.normalize("NFKD", char) if c in BASIC)
    if plain:
        return plain
    return "" if unicodedata.category(char) in _DROPPED else "?"


def septets(text: str) -> int:
    """Return how many septets a text takes; one outside the alphabet counts as if escaped."""
    return sum(1 if char in BASIC else 2 for char in text)


# --- rendering ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Parts:
    """What one SMS says. The first three shrink, in the order quote, handle, brand; the rest never does."""

    brand: str
    handle: str
    quote: str
    need: str
    platform: str
    tail: str

    def text(self) -> str:
        who = f"{self.platform} {self.handle}".strip()
        stop = "" if not who or who.endswith(".") else "."
        quote = f': "{self.quote}"' if self.quote else stop
        head = f"{self.brand}: {self.need}." if self.brand else f"{self.need}."
        return " ".join(part for part in (head, f"{who}{quote}".strip(), self.tail) if part)


def render_sms(view: AlertView) -> str:
    """Return the alert as one GSM-7 segment, for any text in it.

    Brand, what is needed by when, platform and handle, quote, ``Reply C47 to claim``, link. Quote, handle and
    brand are shortened in that order; deadline and code never are, nor is the link, unless it is so long that
    no segment could hold it beside them: then it is left out, because half a link leads nowhere.
    """
    need = _plain(f"{view.needs} {by_when(view)}")
    quote = _plain(view.quote)
    return _fitted(
        _Parts(
            brand=_plain(view.brand),
            handle=_plain(view.handle),
            quote=quote if _is_legible(quote) else "",
            need=need,
            platform=_plain(view.platform.capitalize()),
            tail=_tail(need, _how(view, f"Reply C{view.code} to claim."), view.link),
        )
    )


def render_digest(view: AlertView, *, count: int) -> str:
    """Return ``count`` waiting posts as one segment; ``view`` is the most pressing, its code the digest's."""
    need = _plain(f"{count} posts wait, first: {view.needs} {by_when(view)}")
    tail = _tail(need, _how(view, f"Reply B{view.code} to claim all."), view.link)
    return _fitted(_Parts(_plain(view.brand), "", "", need, "", tail))


def _how(view: AlertView, reply: str) -> str:
    """Say how to claim: by text where somebody hears it, else in Slack; nothing where there is nothing to claim."""
    if view.code:
        return reply
    return "Claim in Slack." if CLAIM in view.actions and not view.link else ""


def _tail(need: str, code: str, link: str | None) -> str:
    linked = f"{code} {link}".strip() if link else code
    return linked if _is_gsm7(linked) and septets(f"{need}. {linked}") <= SEGMENT else code


def _is_gsm7(text: str) -> bool:
    """Tell whether a text, taken as it is, keeps the segment's alphabet: a link must not be respelt."""
    return all(char in BASIC or char in EXTENSION for char in text)


def fitted(text: str) -> str:
    """Return any words as one GSM-7 segment, cut at its end if they must be."""
    plain = _plain(text)
    while septets(plain) > SEGMENT:
        plain = plain[:-1]
    return plain


def _plain(text: str) -> str:
    return " ".join(to_gsm7(text).split())


def _is_legible(quote: str) -> bool:
    """Tell whether enough letters survived the alphabet for the quote to say anything."""
    return bool(quote) and quote.count("?") * 3 <= len(quote) + 3


def _fitted(parts: _Parts) -> str:
    for name, least in (("quote", 12), ("handle", 4), ("brand", 0)):
        excess = septets(parts.text()) - SEGMENT
        if excess > 0:
            parts = _shrunk(parts, name, excess, least)
    text = parts.text()
    return (
        text if septets(text) <= SEGMENT else f"{parts.need[: SEGMENT - len(parts.tail) - 2]}. {parts.tail}"
    )


def _shrunk(parts: _Parts, name: str, excess: int, least: int) -> _Parts:
    value = str(getattr(parts, name))
    kept = value[: max(len(value) - excess - 3, 0)].rstrip()
    return replace(parts, **{name: f"{kept}..." if len(kept) >= max(least, 1) else ""})


def by_when(view: AlertView) -> str:
    """Return the deadline as a person reads it at night: local time, and how long that is from now; or nothing."""
    if view.deadline_at is None:
        return ""
    clock = _clock(view.deadline_at, view)
    left = view.deadline_at - view.now
    minutes = duration_words(left)
    late = left.total_seconds() < 0
    return f"was due {clock} ({minutes} ago)" if late else f"by {clock} ({minutes} left)"


def _clock(at: datetime, view: AlertView) -> str:
    try:
        wall, today = local(at, view.tz), local(view.now, view.tz)
    except UnknownZone:
        return f"{at:%H:%M} UTC"
    return f"{wall:%H:%M}" if wall.date() == today.date() else f"{wall:%a %H:%M}"


# --- what comes back ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClaimCode:
    """``C47``: I take the conversation this phone knows as 47."""

    number: int


@dataclass(frozen=True, slots=True)
class ReleaseCode:
    """``R47``: I give it back."""

    number: int


@dataclass(frozen=True, slots=True)
class DigestCode:
    """``B7``: I take every conversation of that digest."""

    number: int


@dataclass(frozen=True, slots=True)
class Bare:
    """``ok``: acts only when one conversation is open to the phone."""


SmsReply = ClaimCode | ReleaseCode | DigestCode | Bare

_CODES: dict[str, type[ClaimCode | ReleaseCode | DigestCode]] = {
    "c": ClaimCode,
    "claim": ClaimCode,
    "r": ReleaseCode,
    "release": ReleaseCode,
    "b": DigestCode,
}
_CODE = re.compile(r"(c|r|b|claim|release)\s*[-#]?\s*([0-9]{1,6})|([0-9]{1,6})\s*(claim|release)")
_BARE = frozenset({"ok", "okay", "k", "claim", "mine", "on it", "got it"})
_EDGES = " \t\r\n'\"\u2018\u2019\u201c\u201d.,!()"
_OPT_OUT = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "optout", "revoke"})
_OPT_IN = frozenset({"start", "unstop", "yes"})


def parse_reply(text: str) -> SmsReply | None:
    """Read a text message: a code, a bare "ok", or None for anything else. Doubt is None, never a guess."""
    said = text.strip(_EDGES).lower()
    if said in _BARE:
        return Bare()
    match = _CODE.fullmatch(said)
    if match is None:
        return None
    word, number = (match[1], match[2]) if match[1] else (match[4], match[3])
    return _CODES[word](int(number))


def opt_keyword(text: str) -> str | None:
    """Read the words carriers reserve: ``opt_out``, ``opt_in`` or None. Only the bare word counts.

    Source: https://docs.aws.amazon.com/sms-voice/latest/userguide/keywords-required.html.
    """
    said = text.strip(_EDGES).lower()
    if said in _OPT_OUT:
        return "opt_out"
    return "opt_in" if said in _OPT_IN else None
