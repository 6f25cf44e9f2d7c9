"""Keeps the one Slack message of a conversation wanted: whoever commits a conversation adds these writes.

It decides that a card is to be rendered, never how: ``card_sender`` shows the row as it is at send time.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.items import Card, Handover
from chalicelib.services.ports import Put, Store


def card_writes(
    store: Store, conversation: Conversation, now: datetime, *, first_at: datetime | None = None
) -> list[Put]:
    """Return the writes that have the conversation, as committed at its ``rev``, shown in each of its channels.

    ``first_at`` is when a card that does not exist yet may first be seen: the end of the team's quiet hours.
    """
    cards = ((channel, store.get(Card, conversation.id, channel)) for channel in conversation.card_channels)
    return [Put(_wanted(card, conversation, channel, now, first_at or now)) for channel, card in cards]


def _wanted(
    card: Card | None, conversation: Conversation, channel: str, now: datetime, first_at: datetime
) -> Card:
    if card is None:
        return Card(conversation.id, channel, wanted_rev=conversation.rev, next_due_at=first_at)
    wanted = max(card.wanted_rev, conversation.rev)
    return replace(card, wanted_rev=wanted, rev=card.rev + 1, next_due_at=_due_at(card, now))


def _due_at(card: Card, now: datetime) -> datetime | None:
    """Keep what holds a card back: a summary, its lease, a back-off, or quiet hours; else it is due now."""
    at = card.next_due_at
    if card.digest_id is not None:
        return at
    return at if at is not None and (card.state is Handover.SENDING or at > now) else now
