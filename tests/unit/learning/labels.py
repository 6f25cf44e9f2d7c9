"""Labels with sensible defaults, so that a test says only what its rule is about."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.judgement import Band, PostKind, Priority
from chalicelib.domain.labels import Correction, Label, Said, Verdict
from chalicelib.domain.posts import Surface
from tests.builders import NIGHT, minutes

CLOSED = Said(
    needs_response=False,
    kind=PostKind.PRAISE,
    priority=Priority.LOW,
    urgency=0,
    queue="other",
    band=Band.CLOSED,
    likely=0.04,
    model="linear-1",
)
DOUBTED = Said(
    needs_response=False,
    kind=PostKind.CHATTER,
    priority=Priority.LOW,
    urgency=0,
    queue="other",
    band=Band.REVIEW,
    likely=0.3,
    model="linear-1",
)
QUEUED = Said(
    needs_response=True,
    kind=PostKind.COMPLAINT,
    priority=Priority.NORMAL,
    urgency=0,
    queue="money",
    band=Band.QUEUE,
    likely=0.9,
    model="linear-1",
)


def a_label(number: int = 1, said: Said = CLOSED, *, needed: bool | None = None, **changes: Any) -> Label:
    """Return a drawn label; ``needed``: what a person said of it, if anybody did."""
    told = {"verdict": Verdict(needs_response=needed), "told_at": NIGHT, "by": "ana"}
    told["correction"] = Correction.NEEDED_ANSWER if needed else Correction.NEEDED_NO_ANSWER
    given: dict[str, Any] = {
        "month": "2027-01",
        "id": f"{number:020x}",
        "posted_at": NIGHT - minutes(60),
        "platform": "facebook",
        "account_name": "acme-fb",
        "team": "care",
        "surface": Surface.PUBLIC,
        "hour": 1,
        "language": "en",
        "said": said,
        "text": "Lovely crew!",
        "sampled": True,
    }
    return Label(**(given | (told if needed is not None else {}) | changes))
