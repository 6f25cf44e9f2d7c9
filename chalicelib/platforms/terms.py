"""What a platform takes of one answer, asked of its dialect: how long it may be, and why it would be refused.

The port ``Terms`` for every platform. Pure: it plans an answer as sending would, and calls nobody.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.advice import Room
from chalicelib.errors import Permanent
from chalicelib.platforms.replying import Templates, dialect, templated
from chalicelib.services.reply_port import Outgoing


class PlatformTerms:
    """One platform's conditions."""

    def __init__(self, platform: str, templates: Templates = lambda _app, _account: None) -> None:
        self._dialect = dialect(platform)
        self._templates = templates

    def room(self, outgoing: Outgoing) -> Room:
        """Return how long the text is and may be, as the platform counts."""
        limit = self._dialect.limit(outgoing)
        return Room(limit.measure(outgoing.text), limit.most, limit.unit)

    def refusal(self, outgoing: Outgoing, now: datetime) -> Permanent | None:
        """Return why the platform would take no answer here now, whatever its words, or None."""
        try:
            self._dialect.plan(templated(outgoing, self._templates), now)
        except Permanent as fault:
            return fault
        return None
