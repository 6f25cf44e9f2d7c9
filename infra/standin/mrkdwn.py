"""Shows Slack's markup as HTML, for the stand-in's page: everything is escaped first, only known marks come back.

Source: https://docs.slack.dev/messaging/formatting-message-text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from markupsafe import Markup, escape

EMOJI = {
    ":large_orange_circle:": "🟠",
    ":red_circle:": "🔴",
    ":white_check_mark:": "✅",
    ":white_circle:": "⚪",
    ":warning:": "⚠️",
}
_TOKEN = re.compile(r"<([^<>]*)>")
_STYLES = ((re.compile(r"(?<!\w)\*([^*\n]+)\*"), "strong"), (re.compile(r"(?<!\w)_([^_\n]+)_(?!\w)"), "em"))


def html(text: str, name_of: Callable[[str], str]) -> Markup:
    """Return a text as Slack's client would show it; ``name_of`` tells a member id's name."""
    out, end = Markup(), 0
    for found in _TOKEN.finditer(text):
        out += _styled(text[end : found.start()]) + _token(found[1], name_of)
        end = found.end()
    return _quotes(out + _styled(text[end:]))


def _token(inside: str, name_of: Callable[[str], str]) -> Markup:
    target, _, words = inside.partition("|")
    if target.startswith("@"):
        return Markup('<span class="mention">@{}</span>').format(name_of(target[1:]))
    if date := re.match(r"!date\^(\d{1,10})\^", target):
        at = datetime.fromtimestamp(int(date[1]), UTC).isoformat()
        return Markup('<time datetime="{}">{}</time>').format(at, words)
    if target.startswith(("https://", "http://")):
        address = Markup.escape(target.replace("&amp;", "&"))
        return Markup('<a href="{}" rel="noreferrer">{}</a>').format(address, _plain(words or target))
    return Markup("<b>{}</b>").format(f"<{inside}>")


def _styled(text: str) -> Markup:
    shown = str(escape(_plain(text)))
    for sign, picture in EMOJI.items():
        shown = shown.replace(sign, picture)
    for pattern, tag in _STYLES:
        shown = pattern.sub(rf"<{tag}>\1</{tag}>", shown)
    return Markup(shown)  # noqa: S704  (escaped three lines above; only these two tags are added)


def _plain(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _quotes(shown: Markup) -> Markup:
    """Turn lines that begin with ``>`` into a block quote; the sign arrives escaped."""
    lines = []
    for line in str(shown).split("\n"):
        quoted = line.startswith("&gt;")
        lines.append(f'<span class="quote">{line[4:]}</span>' if quoted else f"{line}<br>")
    return Markup("".join(lines).removesuffix("<br>"))  # noqa: S704  (only tags around what was already safe)
