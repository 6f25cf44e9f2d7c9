"""What a post needs, and why we think so: the judge's answer, whatever judge gave it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.personal_data import Span


class PostKind(StrEnum):
    """What the customer is doing."""

    COMPLAINT = "complaint"
    REQUEST = "request"
    PRAISE = "praise"
    CHATTER = "chatter"
    SPAM = "spam"
    UNKNOWN = "unknown"


class Priority(StrEnum):
    """How soon it matters; a rule may raise it, never lower it."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Sentiment(StrEnum):
    """How the customer feels; not a proxy for needing an answer."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"
    UNKNOWN = "unknown"


class Band(StrEnum):
    """Where the post goes: worked, looked at when there is time, or closed with its judgement visible."""

    QUEUE = "queue"
    REVIEW = "review"
    CLOSED = "closed"


class Urgency:
    """0 routine; 1 elevated (money taken, locked out, a delay now); 2 critical (safety, law, press, stranded)."""

    ROUTINE = 0
    ELEVATED = 1
    CRITICAL = 2


PRIORITY_ORDER = (Priority.LOW, Priority.NORMAL, Priority.HIGH, Priority.URGENT)


def higher(one: Priority, other: Priority) -> Priority:
    """Return the more pressing of two priorities."""
    return max(one, other, key=PRIORITY_ORDER.index)


@dataclass(frozen=True, slots=True)
class Context:
    """What the judge may know beside the text; all of it optional."""

    platform: str | None = None
    surface: str | None = None
    in_open_conversation: bool = False
    repeat_contact: bool = False
    has_media: bool = False
    followers: int | None = None
    verified: bool = False
    after_our_reply: bool = False
    """The brand spoke last: what follows may answer its question ("number 5, the blue one")."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One judge's opinion of one post; ``confidence`` is 0 to 1, ``language`` ISO 639-1 or ``und``.

    ``topics`` are one of the taxonomy's plus the team's own; ``queue`` is the desk the topic belongs to.
    ``personal_data`` are places in the text as given, never the data itself.
    """

    needs_response: bool
    kind: PostKind
    priority: Priority
    topics: tuple[str, ...]
    language: str
    contains_personal_data: bool
    confidence: float
    reasons: tuple[str, ...]
    model: str
    p_needs_response: float = 1.0
    sentiment: Sentiment = Sentiment.UNKNOWN
    urgency: int = Urgency.ROUTINE
    topic: str = "other"
    queue: str = "other"
    band: Band = Band.QUEUE
    personal_data: tuple[Span, ...] = ()
    abusive: bool = False

    @property
    def owes(self) -> bool:
        """Tell whether it waits for people: it needs an answer, or somebody should check whether it does."""
        return self.needs_response or self.band is Band.REVIEW
