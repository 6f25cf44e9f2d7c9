"""A labelled example: what the judge said of one post, what a person says, and nothing that leads to its author.

Labels are how the judge is measured and what it learns from. The text is masked of personal data, the post is
named by a hash, its time by the hour. What a person's word changes is decided in ``corrections``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.items import StoredPost
from chalicelib.domain.judgement import Band, Judgement, PostKind, Priority
from chalicelib.domain.personal_data import mask
from chalicelib.domain.posts import Surface

KEPT = timedelta(days=730)
"""How long a label is kept: two years of seasons to learn from; then the table's time to live takes it."""


class Correction(StrEnum):
    """What a person says of a judgement, in one click."""

    NEEDED_ANSWER = "needed_answer"
    NEEDED_NO_ANSWER = "needed_no_answer"
    NOT_A_COMPLAINT = "not_a_complaint"
    WAS_URGENT = "was_urgent"
    WRONG_QUEUE = "wrong_queue"


@dataclass(frozen=True, slots=True)
class Said:
    """What the judge said, as far as a person can find it wrong; ``likely``: that an answer is needed, 0 to 1."""

    needs_response: bool
    kind: PostKind
    priority: Priority
    urgency: int
    queue: str
    band: Band
    likely: float
    model: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What people say, as far as they spoke; None where nobody did."""

    needs_response: bool | None = None
    kind: PostKind | None = None
    urgency: int | None = None
    queue: str | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """One labelled post: identity (month first kept, hash of the post's own identity).

    ``posted_at`` is cut to the hour, ``hour`` is that of the team's day. ``sampled``: drawn by chance, so that it
    measures; any other was somebody's own idea. Of a drawn post that was closed people are asked: until somebody
    says, ``conversation_id`` and ``post_id`` tell what to show. Any other drawn post only counts, and has no text.
    """

    month: str
    id: str
    posted_at: datetime
    platform: str
    account_name: str
    team: str
    surface: Surface
    hour: int
    language: str
    said: Said
    text: str | None = None
    verdict: Verdict = Verdict()
    correction: Correction | None = None
    by: str | None = None
    told_at: datetime | None = None
    sampled: bool = False
    conversation_id: str | None = None
    post_id: str | None = None
    rev: int = 1
    expires_at: datetime | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names the row; any leading part of it names a parent."""
        return (self.month, self.id)

    @property
    def is_open(self) -> bool:
        """Tell whether people are asked, and nobody has said yet, whether it needed an answer."""
        asked = self.sampled and self.said.band is Band.CLOSED
        return asked and self.verdict.needs_response is None


def label_id(row: StoredPost) -> str:
    """Return the name of a post's label: it follows from the post, and leads nobody back to it."""
    return hashlib.sha256("\x1f".join(row.identity).encode()).hexdigest()[:20]


def month_of(at: datetime) -> str:
    """Return the partition in which labels of this instant are kept."""
    return f"{at:%Y-%m}"


def said_by(judgement: Judgement) -> Said:
    """Return a judgement as a label keeps it: never its reasons, which quote the post."""
    return Said(
        needs_response=judgement.needs_response,
        kind=judgement.kind,
        priority=judgement.priority,
        urgency=int(judgement.urgency),
        queue=judgement.queue,
        band=judgement.band,
        likely=round(judgement.p_needs_response, 4),
        model=judgement.model,
    )


def safe_text(row: StoredPost) -> str | None:
    """Return a post's words as a label may keep them."""
    return None if row.text is None else mask(row.text)
