"""A labelled post, and the posts written for the purpose: one a line, one file a sector or a voice."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chalicelib.classifier.text import Text
from chalicelib.domain.judgement import PostKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

POSTS: Final = Path(__file__).parent / "posts"
NEEDING: Final = frozenset({"complaint", "request"})
LETTERS: Final = {"c": "complaint", "r": "request", "p": "praise", "t": "chatter", "s": "spam"}
SIGNS: Final = {"-": "negative", "0": "neutral", "+": "positive"}
TOPICS: Final = {
    "bill": "billing_payment",
    "refund": "refund_cancellation",
    "deliv": "delivery_order",
    "lost": "lost_property",
    "tech": "technical_outage",
    "qual": "product_quality",
    "feat": "feature_feedback",
    "acct": "account_access",
    "fraud": "security_fraud",
    "book": "booking_change",
    "delay": "delay_disruption",
    "staff": "staff_service",
    "policy": "policy_moderation",
    "info": "info_howto",
    "other": "other",
}


@dataclass(frozen=True, slots=True)
class Example:
    """One post and what is known of it; ``group`` is what must not be on both sides of a fold."""

    text: str
    source: str
    group: str
    needs: float | None = None
    kind: str | None = None
    sentiment: str | None = None
    urgency: int | None = None
    topic: str | None = None
    weight: float = 1.0


def needs_of(kind: str | None) -> float | None:
    """Return what the kind implies: a complaint or a request needs an answer."""
    return None if kind is None else float(kind in NEEDING)


def own_posts(folder: Path = POSTS) -> Iterator[Example]:
    """Yield the posts written for the purpose, one file a sector or a voice."""
    for path in sorted(folder.glob("*.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.strip() and not line.startswith("#"):
                yield own_post(line, path.stem, number)


def own_post(line: str, group: str, number: int = 0) -> Example:
    """Read ``c-1 delay | text``: kind, feeling, urgency, topic. Raises: ValueError naming the line."""
    match = re.fullmatch(r"([crpts])([-0+])([012]) (\w+) \| (.+)", line.strip())
    if match is None or match[4] not in TOPICS:
        raise ValueError(f"{group}.txt, line {number}: write 'c-1 delay | text', topics {sorted(TOPICS)}")
    kind = LETTERS[match[1]]
    return Example(
        text=match[5],
        source="own",
        group=f"own:{group}",
        needs=needs_of(kind),
        kind=kind,
        sentiment=SIGNS[match[2]],
        urgency=int(match[3]),
        topic=TOPICS[match[4]],
    )


def without_repeats(examples: Iterable[Example]) -> Iterator[Example]:
    """Yield each visible text once, the first label winning, as the judge would read it."""
    seen: set[str] = set()
    for example in examples:
        visible = Text(example.text).visible
        key = visible.casefold()
        if key and key not in seen:
            seen.add(key)
            yield replace(example, text=visible)


KINDS: Final = tuple(kind.value for kind in PostKind if kind is not PostKind.UNKNOWN)
