"""What one message about several posts says: the most pressing of them, and each in a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.alert import AlertView, Tone

LISTED = 15
"""How many posts are named one by one; the rest are a number."""


def pressing(view: AlertView) -> tuple[bool, datetime]:
    """Return what sorts alerts: the earliest deadline first, those without one last."""
    return view.deadline_at is None, view.deadline_at or view.now


def gathered(views: Sequence[AlertView]) -> AlertView:
    """Return the first view, telling of all: on Slack each in a line, while a text only counts them."""
    first, late = views[0], any(view.tone is Tone.RED for view in views)
    lines = [f"{view.handle} on {view.platform.capitalize()}: {view.headline}" for view in views[:LISTED]]
    more = [f"and {len(views) - LISTED} more"] if len(views) > LISTED else []
    return replace(
        first,
        headline=f"{len(views)} posts wait for you",
        quote="\n".join((*lines, *more)),
        tone=Tone.RED if late else first.tone,
        earlier=(),
        history=(),
        actions=(),
    )
