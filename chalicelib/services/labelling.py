"""Finds a post's label, or begins one: what the judge said of it, masked and cut to the hour, before anybody spoke.

Where a label is written, and what a person's word adds to it, is the use case's (``corrections``, ``sampling``).
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.items import StoredPost
from chalicelib.domain.judgement import Judgement
from chalicelib.domain.labels import KEPT, Label, label_id, month_of, safe_text, said_by
from chalicelib.domain.wallclock import local
from chalicelib.services.ports import Store, TeamSource


class Labelling:
    """Labels of posts."""

    def __init__(self, store: Store, teams: TeamSource) -> None:
        self._store = store
        self._teams = teams

    def of(self, row: StoredPost) -> Label | None:
        """Return a post's label, if it has one that has not expired."""
        if row.label_month is None:
            return None
        return self._store.get(Label, row.label_month, label_id(row))

    def begun(
        self, row: StoredPost, judgement: Judgement, conversation: Conversation, now: datetime
    ) -> Label:
        """Return a new label of a judged post, kept from ``now`` on; no person has spoken yet."""
        return Label(
            month=month_of(now),
            id=label_id(row),
            posted_at=row.created_at.replace(minute=0, second=0, microsecond=0),
            platform=row.platform,
            account_name=conversation.account_name,
            team=conversation.team,
            surface=conversation.surface,
            hour=local(row.created_at, self._zone(conversation.team)).hour,
            language=judgement.language,
            said=said_by(judgement),
            text=safe_text(row),
            expires_at=(now + KEPT).replace(microsecond=0),
        )

    def _zone(self, team: str) -> str:
        own = self._teams.current().teams.get(team)
        return own.tz if own else "UTC"
