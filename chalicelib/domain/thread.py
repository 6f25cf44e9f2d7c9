"""The conversations of one thread and the brand's replies in it: each reply given to whom it answers.

Replies are given out in the order of their event times, each as of its own instant, so that a reply which came
before its question, or a question before an older one, ends where it belongs. Nothing here counts a clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.items import StoredPost
from chalicelib.domain.ledger import entry_of, with_entry, without_entry
from chalicelib.domain.posts import Direction
from chalicelib.domain.settling import waited_before
from chalicelib.domain.versions import reply_entry
from chalicelib.domain.whose_reply import Candidate, Verdict, whom

Conversations = Mapping[str, Conversation]


def given_out(
    conversations: Conversations,
    replies: Iterable[StoredPost],
    parents: Mapping[str, StoredPost],
    *,
    crowded: bool = False,
) -> dict[str, Conversation]:
    """Return the conversations with each reply where it belongs. ``parents``: the customers' posts answered.

    ``crowded``: the thread has more conversations than these.
    """
    known = dict(conversations)
    for reply in sorted(replies, key=lambda row: (row.created_at, row.external_id)):
        parent = parents.get(reply.parent_id or "")
        verdict = verdict_on(reply, parent, tuple(known.values()), crowded=crowded)
        known = {name: told(each, reply, verdict) for name, each in known.items()}
    return known


def verdict_on(
    reply: StoredPost,
    parent: StoredPost | None,
    conversations: Sequence[Conversation],
    *,
    crowded: bool = False,
) -> Verdict:
    """Say whom a public reply answers, as things stood when it was given."""
    if reply.direction is Direction.OUTBOUND and reply.conversation_id is not None:
        return Verdict(answers=(reply.conversation_id,))  # Nightdesk sent it, and knows to whom
    at, own = reply.created_at, reply.external_id
    there = [c for c in conversations if c.opened_at <= at]
    candidates = [Candidate.of(c, waiting=waited_before(c.entries, own, at)) for c in there]
    question = parent if parent and _is_question(parent, at) else None
    verdict = whom(reply, question, candidates, crowded=crowded)
    return Verdict(verdict.answers) if reply.automatic else verdict


def _is_question(parent: StoredPost, at: datetime) -> bool:
    """Tell whether a reply's parent is a customer's post that was there before it."""
    return parent.direction is Direction.INBOUND and parent.created_at <= at


def told(conversation: Conversation, reply: StoredPost, verdict: Verdict) -> Conversation:
    """Return one conversation after a verdict; what a person said about this reply stays."""
    former = entry_of(conversation, reply.external_id)
    decided = former is not None and former.decided_by is not None
    entry = reply_entry(reply)
    if conversation.id in verdict.answers or decided:
        return with_entry(certain(conversation, entry.id), entry)
    if conversation.id in verdict.maybe:
        doubts = (*certain(conversation, entry.id).maybe_replies, entry.id)
        return replace(with_entry(conversation, replace(entry, settles=False)), maybe_replies=doubts)
    return certain(without_entry(conversation, entry.id), entry.id) if former else conversation


def certain(conversation: Conversation, reply_id: str) -> Conversation:
    """Return the conversation without a doubt about this reply."""
    doubts = tuple(doubt for doubt in conversation.maybe_replies if doubt != reply_id)
    return replace(conversation, maybe_replies=doubts)
