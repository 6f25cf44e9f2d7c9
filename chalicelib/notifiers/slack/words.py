"""Makes other people's words safe inside Slack's markup, and cuts them to Slack's limits. Pure.

Slack reads ``<…>`` as links, mentions and dates, so ``& < >`` are escaped, and ``@channel`` in plain text is
broken by an invisible character in case a client still links it.
Source: https://docs.slack.dev/messaging/formatting-message-text#escaping.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from itertools import accumulate
from zoneinfo import ZoneInfo

from chalicelib.domain.alert import Said

ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
MORE = "…"
LONGEST_LINK = 1200
_SUMMONS = re.compile(r"[@\uff20\ufe6b](?=channel|here|everyone|group)", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s<>|\x00-\x20\x7f\ud800-\udfff]+")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_SPACE = re.compile(r"[ \t\x85\u2028\u2029]+")


def width(text: str) -> int:
    """Return a text's length as Slack's clients count it: UTF-16 units, so an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def plain(text: str, limit: int) -> str:
    """Return text for a ``plain_text`` element or a mention-free place: cleaned and cut, nothing escaped."""
    return _cut(_tidy(text), limit, lambda character: character)


def escaped(text: str, limit: int) -> str:
    """Return text that is only ever text inside markup, at most ``limit`` units once escaped."""
    return _cut(_tidy(text), limit, lambda character: ENTITIES.get(character, character))


def cut(text: str, limit: int) -> str:
    """Return text as it is, at most ``limit`` units of it."""
    return _cut(text, limit, lambda character: character)


def quoted(text: str, limit: int) -> str:
    """Return a customer's words as a block quote, marked line by line, at most ``limit`` units; empty for none."""
    lines = [line for line in _tidy(text).split("\n") if line.strip()]
    if not lines:
        return ""
    return _cut("\n".join(lines), limit, lambda c: "\n>" if c == "\n" else ENTITIES.get(c, c), start=">")


def link(url: str, words: str) -> str:
    """Return a link, or just its words when the address is not a web address that markup can hold."""
    address = url.replace("&", "&amp;")
    if _WEB.fullmatch(address) and width(address) <= LONGEST_LINK:
        return f"<{address}|{escaped(words, 200)}>"
    return escaped(words, 200)


def moment(at: datetime, tz: str) -> str:
    """Return an instant that every reader sees in their own zone; old clients see it in ``tz``.

    Source: https://docs.slack.dev/messaging/formatting-message-text#date-formatting.
    """
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{local(at, tz)}>"


def away(at: datetime, tz: str) -> str:
    """Return an instant with how far it is from whenever it is read: that words in a message cannot say."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}} ({{ago}})|{local(at, tz)}>"


def sentence(said: tuple[Said, ...], tz: str, piece: int) -> str:
    """Return a sentence given in pieces, each text of it at most ``piece`` units; the spaces between them stay."""
    return "".join(moment(one, tz) if isinstance(one, datetime) else _spaced(one, piece) for one in said)


def _spaced(text: str, limit: int) -> str:
    left, right = " " * text.startswith(" "), " " * text.endswith(" ")
    return f"{left}{escaped(text, limit)}{right}"


def local(at: datetime, tz: str) -> str:
    """Return an instant as somebody in ``tz`` would say it: ``Sat 14:06 GMT``."""
    return at.astimezone(ZoneInfo(tz)).strftime("%a %H:%M %Z")


def _tidy(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _SPACE.sub(" ", _UNSEEN.sub("", text))
    return _SUMMONS.sub(lambda found: f"{found[0]}\u200b", text).strip()


def _cut(text: str, limit: int, spell: Callable[[str], str], start: str = "") -> str:
    """Spell character by character, so that a cut never falls inside an entity."""
    written = [start, *(spell(character) for character in text[: limit + 1])]
    if sum(map(width, written)) <= limit:
        return "".join(written)
    ends = accumulate(map(width, written))
    return "".join(word for word, end in zip(written, ends, strict=True) if end < limit) + MORE
