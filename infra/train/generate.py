"""More posts from a small grammar: sectors times troubles times voices, the same ones for the same seed.

They widen the vocabulary; the written posts teach the tone. The grammar stands in ``grammar.txt``: plain slots,
and labelled sections (``= complaint delay -1``: kind, topic, feeling and urgency).
"""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Final

from infra.train.examples import SIGNS, TOPICS, Example, needs_of

GRAMMAR: Final = Path(__file__).with_name("grammar.txt")
PER_LINE: Final = 24
_SLOT: Final = re.compile(r"\{(\w+)\}")
_LABELLED: Final = re.compile(r"(\w+) (\w+) ([-0+])([012])")

Slots = dict[str, list[str]]


def generated(seed: int, per_line: int = PER_LINE) -> list[Example]:
    """Return ``per_line`` posts from each labelled line of the grammar."""
    chance = random.Random(seed)  # noqa: S311  repeatable, not secret
    slots, labelled = read_grammar(GRAMMAR.read_text(encoding="utf-8"))
    return [
        one_post(line, label, slots, chance)
        for label, lines in labelled.items()
        for line in lines
        for _ in range(per_line)
    ]


def read_grammar(text: str) -> tuple[Slots, Slots]:
    """Return the plain slots and the labelled sections."""
    slots: Slots = {}
    labelled: Slots = {}
    name = "end"
    for line in text.splitlines():
        if line.startswith("= "):
            name = line[2:]
        elif line.strip() and not line.startswith("#"):
            home = labelled if _LABELLED.fullmatch(name) else slots
            home.setdefault(name, []).extend([line] if home is labelled else line.split("|"))
    return slots, labelled


def filled(line: str, slots: Slots, chance: random.Random) -> str:
    """Return the line with every slot filled, slots within slots too."""
    while match := _SLOT.search(line):
        line = line[: match.start()] + chance.choice(slots[match[1]]) + line[match.end() :]
    return line


def one_post(line: str, label: str, slots: Slots, chance: random.Random) -> Example:
    """Return one labelled post in one of the voices its kind is spoken in."""
    kind, topic, sign, urgency = _LABELLED.fullmatch(label).groups()  # type: ignore[union-attr]  # checked on reading
    parts = [part for part, likely in VOICES[kind] if chance.random() < likely]
    words = [filled(line if part == "it" else "{" + part + "}", slots, chance) for part in parts]
    return Example(
        text=typed(words, kind, chance),
        source="generated",
        group=f"generated:{label}",
        needs=needs_of(kind),
        kind=kind,
        sentiment=SIGNS[sign],
        urgency=int(urgency),
        topic=TOPICS[topic],
        weight=0.35,
    )


VOICES: Final[dict[str, tuple[tuple[str, float], ...]]] = {
    "complaint": (("greet", 0.2), ("it", 1.0), ("asked", 0.3), ("consequence", 0.25), ("tailc", 0.5)),
    "request": (("greet", 0.45), ("it", 1.0), ("thanksq", 0.4)),
    "praise": (("greet", 0.1), ("it", 1.0), ("happy", 0.6)),
    "chatter": (("it", 1.0), ("tag", 0.45)),
    "spam": (("it", 1.0), ("tag", 0.2)),
}


def typed(parts: list[str], kind: str, chance: random.Random) -> str:
    """Join the parts as hands do: stops or none, capitals or none, a question mark if it is remembered."""
    if kind == "request" and chance.random() < 0.7:  # noqa: PLR2004  how often people type it
        parts = [part + "?" if part == max(parts, key=len) else part for part in parts]
    text = chance.choice((". ", ", ", " ", "! ", "... ")).join(parts)
    return chance.choice(
        (text, text, text.capitalize(), text + ".", text.lower(), text.upper()[:1] + text[1:])
    )
