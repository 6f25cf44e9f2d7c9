"""An answer as a platform is asked to take it: from the conversation, the post it answers and the words.

Pure reading; what becomes of it is ``reply_sender``'s, what is to be said about it ``reply_advice``'s.
"""

from __future__ import annotations

from chalicelib.domain.conversation import Conversation, Entry
from chalicelib.domain.items import Reply, StoredPost
from chalicelib.domain.settling import customers, is_living
from chalicelib.errors import Conflict
from chalicelib.services.ports import Store
from chalicelib.services.reply_port import Outgoing


def addressed(conversation: Conversation) -> Entry:
    """Return the post an answer goes to: the one that waits longest, else the newest. Raises: Conflict."""
    living = [post for post in customers(conversation.entries) if is_living(post)]
    if not living:
        raise Conflict("there is no post left to answer: the customer took it back")
    return next((post for post in living if post.id == conversation.owed_post_id), living[-1])


def asked_post(store: Store, conversation: Conversation, post_id: str) -> StoredPost | None:
    """Return the post an answer goes to, as the table holds it."""
    return store.get(StoredPost, conversation.platform, conversation.account, post_id)


def outgoing_of(conversation: Conversation, reply: Reply, asked: StoredPost | None) -> Outgoing:
    """Return the answer as it is handed over."""
    return Outgoing(
        app=conversation.app,
        account=conversation.account,
        thread_id=conversation.thread_id,
        contact_id=conversation.contact_id,
        to_post_id=reply.to_post_id,
        text=reply.text,
        private=reply.private,
        correlation=reply.correlation,
        kind=asked.kind if asked else None,
        post_id=asked.post_id if asked else conversation.post_id,
        permalink=asked.permalink if asked else conversation.permalink,
        asked_at=asked.created_at if asked else None,
        last_inbound_at=max((post.at for post in customers(conversation.entries)), default=None),
        by_person=not reply.automatic,
    )
