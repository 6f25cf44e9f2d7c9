"""A judgement as the plain record operators and other programs read; never the text it was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chalicelib.domain.judgement import Judgement


def as_record(judgement: Judgement) -> dict[str, Any]:
    """Return the judgement as JSON-ready values; ``pii`` holds places in the text, not the data."""
    return {
        "needs_response": judgement.needs_response,
        "p_needs_response": round(judgement.p_needs_response, 4),
        "kind": judgement.kind.value,
        "sentiment": judgement.sentiment.value,
        "urgency": int(judgement.urgency),
        "priority": judgement.priority.value,
        "topic": judgement.topic,
        "topics": list(judgement.topics),
        "queue": judgement.queue,
        "language": judgement.language,
        "pii": [{"kind": s.kind.value, "start": s.start, "end": s.end} for s in judgement.personal_data],
        "abusive": judgement.abusive,
        "confidence": round(judgement.confidence, 4),
        "reasons": list(judgement.reasons),
        "band": judgement.band.value,
        "model": judgement.model,
    }
