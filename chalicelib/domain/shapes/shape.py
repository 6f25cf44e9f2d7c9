"""What a shape is: a pattern, whose group 1 (or whole) is the finding, and what the finding must also satisfy.

Every quantifier is bounded, so 10,000 hostile characters cost milliseconds. Things that only look personal must
not match: prices, flight and seat numbers, model and error codes, versions, scores, toll-free numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from chalicelib.domain.personal_data import PersonalDataKind, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]{0,6}"
DATE: Final = (
    rf"(?:\d{{1,4}}[/. -]\d{{1,2}}[/. -]\d{{2,4}}|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{MONTH},? \d{{2,4}}"
    rf"|{MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{2,4}})"
)
IS: Final = r"[ .:=#-]{0,3}(?:\b(?:is|was|are)\b)?[ :=#]{0,3}"
"""What people put between the name of a thing and the thing."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One way a kind of personal data is written; ``tail`` is what may follow and is part of it.

    ``digits`` is how many the whole text must have, and ``hints`` of what small words it must have one, for a look to be
    worth its time: nearly all posts have neither.
    """

    kind: PersonalDataKind
    pattern: re.Pattern[str]
    holds: Callable[[str], bool] | None = None
    tail: re.Pattern[str] | None = None
    digits: int = 0
    hints: tuple[str, ...] = ()

    def spans(self, text: str) -> Iterator[Span]:
        """Yield where it stands in ``text``."""
        group = 1 if self.pattern.groups else 0
        for match in self.pattern.finditer(text):
            if self.holds is None or self.holds(match.group(group)):
                rest = self.tail.match(text, match.end(group)) if self.tail else None
                yield Span(self.kind, match.start(group), rest.end() if rest else match.end(group))


def any_case(
    kind: PersonalDataKind,
    pattern: str,
    holds: Callable[[str], bool] | None = None,
    *,
    digits: int = 0,
    hints: tuple[str, ...] = (),
) -> Shape:
    """Return a shape whose capitals tell nothing."""
    return Shape(kind, re.compile(pattern, re.IGNORECASE), holds, digits=digits, hints=hints)


def as_typed(
    kind: PersonalDataKind,
    pattern: str,
    holds: Callable[[str], bool] | None = None,
    *,
    digits: int = 0,
    hints: tuple[str, ...] = (),
) -> Shape:
    """Return a shape that needs its capitals to be told from talk."""
    return Shape(kind, re.compile(pattern), holds, digits=digits, hints=hints)


def worth(shapes: Iterable[Shape], digits: int = 0, hints: tuple[str, ...] = ()) -> tuple[Shape, ...]:
    """Return the shapes, looked for only in a text with so many digits and one of the hints."""
    return tuple(replace(shape, digits=digits, hints=hints) for shape in shapes)


def digits_of(text: str) -> str:
    """Return only the digits."""
    return "".join(c for c in text if c.isdigit())


def has_digit(text: str) -> bool:
    """Return whether the code could be one: a word alone is never a reference."""
    return any(c.isdigit() for c in text)
