"""Knows Nightdesk's own replies when the platform sends them back, even before our send call has returned.

A reply is recognised by the token its send carried, or, where a platform carries none, by its words while its
fate is open. Nothing is sent or stored here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.correlation import reply_named
from chalicelib.domain.items import Handover, Reply, StoredPost
from chalicelib.domain.ledger import with_entry
from chalicelib.domain.posts import Direction, Op, Post
from chalicelib.domain.versions import reply_entry
from chalicelib.services.ports import Store

OPEN = frozenset({Handover.SENDING, Handover.UNKNOWN})
"""How far a reply must have got for words alone to be its echo: handed over, and not yet known as arrived."""

SKEW = timedelta(minutes=1)
"""By how much a platform's clock may run behind ours."""


def echoed_reply(store: Store, post: Post, conversations: Iterable[Conversation]) -> Reply | None:
    """Return the Nightdesk reply that ``post`` is the echo of, or None: then somebody typed it natively."""
    if post.op is not Op.CREATE:
        return None
    named = reply_named(post.correlation)
    if named is not None:
        return store.get(Reply, *named)
    open_ids = ((c.id, reply_id) for c in conversations for reply_id in c.sending)
    replies = (store.get(Reply, *names) for names in open_ids)
    return next((reply for reply in replies if reply and _is_echo(reply, post)), None)


def confirmed(
    conversation: Conversation, reply: Reply, row: StoredPost
) -> tuple[Conversation, Reply, StoredPost]:
    """Return the conversation answered, the reply known as sent, and its post known as ours."""
    own = replace(
        row,
        direction=Direction.OUTBOUND,
        conversation_id=conversation.id,
        automatic=reply.automatic,
    )
    sent = replace(
        reply,
        state=Handover.SENT,
        external_id=reply.external_id or row.external_id,
        lease_until=None,
        next_due_at=None,
        outcome=None,
        rev=reply.rev + 1,
    )
    still_open = tuple(reply_id for reply_id in conversation.sending if reply_id != reply.id)
    entered = with_entry(conversation, reply_entry(own, by=reply.by))
    return replace(entered, sending=still_open), sent, own


def _is_echo(reply: Reply, post: Post) -> bool:
    return (
        reply.state in OPEN and post.created_at >= reply.at - SKEW and _words(post.text) == _words(reply.text)
    )


def _words(text: str | None) -> list[str]:
    return (text or "").casefold().split()
