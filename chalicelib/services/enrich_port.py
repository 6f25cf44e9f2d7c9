"""What asking about a post needs of a platform: which questions are left, and what one of them is answered.

A question is one call as text. What it is about, where that is more than this one post, names its answer, so that it
can be kept for the next post of the same person.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from chalicelib.domain.enrichment import Told
from chalicelib.domain.posts import Kind


@dataclass(frozen=True, slots=True)
class Subject:
    """The post asked about, as far as it is known. ``lacks`` are the record's ``needs_fetch``.

    ``ours``: the brand's own words, of which the table holds nothing yet.
    """

    platform: str
    app: str
    account: str
    post_id: str
    kind: Kind
    private: bool = False
    ours: bool = False
    lacks: tuple[str, ...] = ()
    author_id: str | None = None
    handle: str | None = None
    parent_id: str | None = None
    root_id: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One call. ``about`` is None for the post itself, else ``person:<id>`` or ``post:<id>``."""

    step: str
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer; ``body`` tells of the post itself as its webhook would have, had it told all."""

    told: Told = field(default_factory=Told)
    body: bytes | None = None


class Enricher(Protocol):
    """One platform's answers."""

    def questions(self, subject: Subject) -> tuple[Question, ...]:
        """Return what is worth asking, given what is known; none when there is nothing to learn."""
        ...

    def ask(self, question: Question, subject: Subject) -> Heard:
        """Ask it. Raises: Transient with the platform's own wait, Permanent (TokenDead), NotFound."""
        ...
