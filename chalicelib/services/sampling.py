"""Draws the sample: of what is closed as needing no answer, a small share is shown to people, so that misses are counted.

Which posts are drawn follows from their ids, so a redelivery draws the same. Nobody is paged for one and no clock
runs: the team's channel is told, and one click says whether it needed an answer. Of what is queued the same share
is noted in silence, so that corrections can be counted against something. Rules: docs/judging.md.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.items import StoredPost
from chalicelib.domain.labels import Label, safe_text, said_by
from chalicelib.domain.versions import removal
from chalicelib.services.labelling import Labelling
from chalicelib.services.ports import Store, TeamSource


@dataclass(frozen=True, slots=True)
class Drawn:
    """A post as it is to be stored, the conversation it is entered into, and its label where that changes."""

    row: StoredPost
    conversation: Conversation
    labels: tuple[Label, ...] = ()


class Sampling:
    """Draws posts, and keeps the labels of drawn ones true to their words."""

    def __init__(self, store: Store, teams: TeamSource) -> None:
        self._labels = Labelling(store, teams)
        self._teams = teams

    def drawn(
        self, row: StoredPost, stored: StoredPost | None, conversation: Conversation, now: datetime
    ) -> Drawn:
        """Return the post with its place in the sample. ``stored`` is what was known of it before."""
        plain = Drawn(row, conversation)
        if row.label_month is not None:
            return self._reworded(plain, stored)
        judgement = row.judgement
        if judgement is None or not self._is_drawn(row, stored):
            return plain
        begun = replace(self._labels.begun(row, judgement, conversation, now), sampled=True)
        if not begun.is_open:
            silent = replace(begun, text=None)
            return Drawn(replace(row, label_month=silent.month), conversation, (silent,))
        label = replace(begun, conversation_id=conversation.id, post_id=row.external_id)
        return Drawn(replace(row, sampled=True, label_month=label.month), self._told(conversation), (label,))

    def _is_drawn(self, row: StoredPost, stored: StoredPost | None) -> bool:
        """Tell whether these are a post's first words, and it is among those that are drawn."""
        is_first = stored is None or not stored.text
        if not (is_first and row.text) or row.history or removal(row) is not None:
            return False
        return place(row) < self._teams.current().sample

    def _told(self, conversation: Conversation) -> Conversation:
        """Return the conversation with a card in its team's channel."""
        team = self._teams.current().teams.get(conversation.team)
        if team is None or team.channel in conversation.card_channels:
            return conversation
        return replace(conversation, card_channels=(*conversation.card_channels, team.channel))

    def _reworded(self, plain: Drawn, stored: StoredPost | None) -> Drawn:
        """Let a label follow its post: words taken back are forgotten, a question that new words answer is dropped."""
        row = plain.row
        if stored is not None and row.text == stored.text:
            return plain
        label = self._labels.of(row)
        if label is None:
            return replace(plain, row=replace(row, sampled=False))
        after = _followed(label, row)
        if after == label:
            return plain
        labels = (replace(after, rev=label.rev + 1),)
        return replace(plain, row=replace(row, sampled=after.is_open), labels=labels)


def place(row: StoredPost) -> float:
    """Return a post's place between 0 and 1, which its identity alone decides."""
    digest = hashlib.sha256("\x1f".join(("sample", *row.identity)).encode()).hexdigest()
    return int(digest[:8], 16) / 16**8


def _followed(label: Label, row: StoredPost) -> Label:
    if row.text is None:
        return _forgotten(label)
    if not label.is_open or row.judgement is None:
        return label
    if row.judgement.owes:
        return _forgotten(label)
    return replace(label, text=safe_text(row), said=said_by(row.judgement))


def _forgotten(label: Label) -> Label:
    """Return a label without words; one that nobody has answered asks and counts no more."""
    open_ = label.is_open
    return replace(label, text=None, conversation_id=None, post_id=None, sampled=label.sampled and not open_)
