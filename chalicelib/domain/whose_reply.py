"""Whom a reply typed in the platform's own app answers, when several people may be waiting.

Order (DESIGN 4): the customer it tags; the author of its parent; the only one who waits; else nobody, and
each who waits is asked about. Whether the reply is a human's is not decided here (``automatic``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.items import StoredPost


@dataclass(frozen=True, slots=True)
class Candidate:
    """A conversation found in the reply's thread; ``waiting`` as of the reply's event time."""

    conversation_id: str
    contact_id: str
    handle: str | None
    waiting: bool

    @classmethod
    def of(cls, conversation: Conversation, *, waiting: bool) -> Candidate:
        """Return a conversation as a candidate."""
        return cls(conversation.id, conversation.contact_id, conversation.contact_handle, waiting)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The conversations a reply answers, or those whose card asks "for them? Yes / No"; never both."""

    answers: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()


def whom(
    reply: StoredPost, parent: StoredPost | None, candidates: Sequence[Candidate], *, crowded: bool = False
) -> Verdict:
    """Say whom a public reply answers. ``parent`` is its parent if a customer wrote it and we hold it.

    ``crowded``: there are more candidates than these, so nobody can be the only one who waits.
    """
    tagged = tuple(c.conversation_id for c in candidates if _is_tagged(c, reply.tags))
    if tagged:
        return Verdict(answers=tagged)
    author = _author(parent)
    if author and not _is_ambiguous(reply, parent, author, candidates, crowded=crowded):
        return Verdict(answers=(author,))
    waiting = tuple(c.conversation_id for c in candidates if c.waiting)
    return Verdict(answers=waiting) if len(waiting) == 1 and not crowded else Verdict(maybe=waiting)


def _author(parent: StoredPost | None) -> str | None:
    return parent.conversation_id if parent else None


def _is_ambiguous(
    reply: StoredPost,
    parent: StoredPost | None,
    author: str,
    candidates: Sequence[Candidate],
    *,
    crowded: bool,
) -> bool:
    """Tell whether the parent is the root or top comment while others wait under it."""
    if parent is None or not _is_root(reply, parent):
        return False
    return crowded or any(c.waiting and c.conversation_id != author for c in candidates)


def _is_root(reply: StoredPost, parent: StoredPost) -> bool:
    return parent.external_id in {reply.thread_id, reply.post_id, parent.thread_id, parent.post_id}


def _is_tagged(candidate: Candidate, tags: Collection[str]) -> bool:
    names = {_name(tag) for tag in tags}
    handle = candidate.handle
    return candidate.contact_id in tags or (handle is not None and _name(handle) in names)


def _name(handle: str) -> str:
    return handle.removeprefix("@").casefold()
