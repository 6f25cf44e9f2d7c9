"""Finds, for a post or a reply, the conversations of its thread and the brand's replies around it.

Public threads are found by links: from the thread, the parent and the post to conversations, and from a thread
to the brand's replies in it. A direct message needs none: its conversation follows from its thread and contact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain.conversation import Conversation, conversation_id
from chalicelib.domain.items import StoredPost, ThreadLink, stamp
from chalicelib.domain.posts import PRIVATE_KINDS, Direction
from chalicelib.domain.thread import given_out
from chalicelib.services.ports import Store

MANY = 16
"""How many conversations of one thread are looked at, so that all fit one transaction with three cards each.

In a more crowded thread nobody counts as the only one who waits; a tag or a nested parent still tells.
"""

RECENT = 20
"""How many of a thread's newest replies an older post is held against."""


def replies_anchor(thread_id: str) -> str:
    """Return the anchor under which the brand's replies in a thread are found."""
    return f"replies:{thread_id}"


def contact_anchor(contact_id: str) -> str:
    """Return the anchor under which a person's conversations are found."""
    return f"contact:{contact_id}"


def reply_links(row: StoredPost) -> list[ThreadLink]:
    """Return the links by which a question that comes after its answer finds it."""
    name = f"{stamp(row.created_at)}|{row.external_id}"
    return [
        ThreadLink(row.platform, row.account, replies_anchor(anchor), name, row.created_at)
        for anchor in anchors(row)
    ]


def anchors(row: StoredPost) -> list[str]:
    """Return the ids that lead to the others in a post's thread; its own leads to nobody new."""
    named = dict.fromkeys(i for i in (row.thread_id, row.parent_id) if i and i != row.external_id)
    return list(named)


@dataclass(slots=True)
class Thread:
    """What is known around a post: conversations as stored, replies to give out, the posts they answer."""

    conversations: dict[str, Conversation] = field(default_factory=dict)
    replies: dict[str, StoredPost] = field(default_factory=dict)
    parents: dict[str, StoredPost] = field(default_factory=dict)
    crowded: bool = False

    def after(self, changed: Conversation | None = None) -> list[Conversation]:
        """Return every conversation with each reply where it belongs."""
        known = self.conversations | ({changed.id: changed} if changed else {})
        given = given_out(known, self.replies.values(), self.parents, crowded=self.crowded)
        return list(given.values())


class Threads:
    """Loads threads."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def around_question(self, row: StoredPost, conversation: Conversation | None) -> Thread:
        """Load the replies given since a customer's post, and whom they might answer: mostly nobody."""
        thread = Thread({conversation.id: conversation} if conversation else {})
        if row.kind in PRIVATE_KINDS:
            return thread
        for reply in self._replies_since(row, row.created_at):
            self._add_reply(thread, reply)
        if thread.replies:
            thread.parents[row.external_id] = row
        return thread

    def around_reply(self, row: StoredPost) -> Thread:
        """Load whom a public reply might answer, and the later replies whose case it may change."""
        thread = Thread()
        for reply in (row, *self._replies_since(row, row.created_at)):
            if reply.external_id not in thread.replies:
                self._add_reply(thread, reply)
        return thread

    def _add_reply(self, thread: Thread, reply: StoredPost) -> None:
        thread.replies[reply.external_id] = reply
        for anchor in anchors(reply):
            post = thread.parents.get(anchor) or self._store.get(
                StoredPost, reply.platform, reply.account, anchor
            )
            if post is not None:
                thread.parents[anchor] = post
        for found in self._candidates(thread, reply):
            self._add_conversation(thread, found)

    def _candidates(self, thread: Thread, reply: StoredPost) -> Iterator[str]:
        """Name the conversations a reply might answer: of its thread, its parent's author, the people it tags."""
        if reply.conversation_id is not None and reply.direction is Direction.OUTBOUND:
            yield reply.conversation_id
        for anchor in anchors(reply):
            post = thread.parents.get(anchor)
            if post and post.conversation_id and post.direction is Direction.INBOUND:
                yield post.conversation_id
            links = self._store.children(ThreadLink, reply.platform, reply.account, anchor, limit=MANY + 1)
            thread.crowded = thread.crowded or len(links) > MANY
            yield from (link.conversation_id for link in links[:MANY])
        for tag in reply.tags:
            yield conversation_id(reply.platform, reply.account, reply.thread_id, tag)

    def _add_conversation(self, thread: Thread, found: str) -> None:
        if found in thread.conversations:
            return
        conversation = self._store.get(Conversation, found)
        if conversation is not None:
            thread.conversations[found] = conversation

    def _replies_since(self, row: StoredPost, at: datetime) -> list[StoredPost]:
        anchor = replies_anchor(row.thread_id)
        links = self._store.children(
            ThreadLink, row.platform, row.account, anchor, limit=RECENT, newest_first=True
        )
        ids = (link.conversation_id.partition("|")[2] for link in links if link.at >= at)
        return [
            row for row in (self._store.get(StoredPost, row.platform, row.account, i) for i in ids) if row
        ]


def question_links(row: StoredPost, contacts: Iterable[str]) -> list[ThreadLink]:
    """Return the links to a post's new conversation: from its contact, and from what it hangs under."""
    names = [] if row.kind in PRIVATE_KINDS else [*anchors(row), *_post_anchor(row)]
    return [_link(row, name) for name in dict.fromkeys(names)] + contact_links(row, contacts)


def contact_links(row: StoredPost, contacts: Iterable[str]) -> list[ThreadLink]:
    """Return the links from a person to the conversation of their post."""
    return [_link(row, contact_anchor(contact)) for contact in dict.fromkeys(contacts)]


def _link(row: StoredPost, anchor: str) -> ThreadLink:
    return ThreadLink(row.platform, row.account, anchor, row.conversation_id or "", row.created_at)


def _post_anchor(row: StoredPost) -> Iterable[str]:
    return (row.post_id,) if row.post_id and row.post_id != row.external_id else ()
