"""A post's text as the judge reads it: without links, handles and tricks; it decides nothing.

Links, handles and brand names must not carry a decision, so they are gone before anything is judged.
"""

# ruff: noqa: RUF001  people write these very characters
from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Final

LONGEST: Final = 4000
"""Characters that are judged of a longer post: half at its beginning, half at its end; and a person sees it too."""

_LINK: Final = re.compile(r"https?:? ?/{1,2}\S{1,2000}|\bwww\.\S{1,2000}|\bhttps?://\S*", re.IGNORECASE)
_DOMAIN: Final = re.compile(
    r"(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,4}(?:(?:com|org|net|edu|gov|co\.[a-z]{2})\b(?:/\S{0,2000})?|(?:ly|gl|gd|me|be|io|to|gg|co|tv|app|uk|us|de|in|ke|ai|link)/\S{1,2000})",
    re.IGNORECASE,
)
"""An address without its scheme; an unusual ending only with a path, for people forget the space after a stop."""
_HANDLE: Final = re.compile(r"(?<![\w@])@\s?\w{1,60}|\bu/\w{3,30}\b")
_RETWEET: Final = re.compile(r"^\s*RT\b[\s:]*", re.IGNORECASE)
_SPACE: Final = re.compile(r"\s+")
_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_QUOTES: Final = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "…": "..."})
_LONG_RUN: Final = re.compile(r"(\w)\1{3,}")


def _without_format_characters(text: str) -> str:
    """Drop what cannot be seen, except the joiner inside an emoji, which is not seen either."""
    return "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc", "Cs") or c.isspace())


def _tidy(raw: str) -> str:
    if len(raw) > LONGEST:
        raw = f"{raw[: LONGEST // 2]} {raw[-LONGEST // 2 :]}"
    text = html.unescape(raw) if "&" in raw else raw
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _without_format_characters(text)).translate(_QUOTES)
    return text


@dataclass(frozen=True)
class Text:
    """One post's text, read once; everything derived from it is computed when first asked for."""

    raw: str

    @cached_property
    def tidy(self) -> str:
        """Unescaped, in one normal form, without invisible characters; links and handles still there."""
        return _tidy(self.raw)

    @property
    def is_cut(self) -> bool:
        """Return whether the middle of a long post is not judged."""
        return len(self.raw) > LONGEST

    @cached_property
    def visible(self) -> str:
        """Return what a person would read: no links, no handles, single spaces; case kept."""
        text = _DOMAIN.sub(" ", _LINK.sub(" ", _RETWEET.sub(" ", self.tidy)))
        return _SPACE.sub(" ", _HANDLE.sub(" ", text).replace("_", " ")).strip()

    @cached_property
    def lowered(self) -> str:
        """Return the visible text in lower case, with drawn-out letters shortened to three."""
        return _LONG_RUN.sub(r"\1\1\1", self.visible.casefold())

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Return the visible words, lower case, in order."""
        return tuple(_WORD.findall(self.lowered))

    @cached_property
    def letters(self) -> int:
        """Return how many letters of any script are visible."""
        return sum(c.isalpha() for c in self.visible)
