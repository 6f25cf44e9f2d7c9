"""What a webhook withholds and its platform tells when asked: which posts are worth asking about, and what was learnt.

Nothing here asks; what an answer does to a post is ``versions``', to its clock ``promise``'s.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.items import StoredPost
from chalicelib.domain.posts import PRIVATE_KINDS, Direction, Op, Post
from chalicelib.domain.versions import removal

OWN = "replied_to"
"""What the brand's own words may lack: without it nobody knows whom they answer."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a platform says of a post's author and surroundings; whatever it does not say is None."""

    name: str | None = None
    handle: str | None = None
    followers: int | None = None
    verified: bool = False
    permalink: str | None = None
    parent_text: str | None = None

    def __or__(self, other: Told) -> Told:
        """Return both; where both speak this one counts."""
        return Told(*(getattr(self, f.name) or getattr(other, f.name) for f in fields(Told)))


def is_wanted(row: StoredPost, conversation: Conversation) -> bool:
    """Tell whether a customer's post is worth asking about: it waits for an answer, and something is unknown."""
    judged = row.judgement
    if judged is None or not judged.needs_response or row.history or removal(row) is not None:
        return False
    return bool(row.needs_fetch) or (row.kind in PRIVATE_KINDS and is_nameless(conversation))


def is_nameless(conversation: Conversation) -> bool:
    """Tell whether nobody knows what to call the customer."""
    return conversation.contact_name is None and conversation.contact_handle is None


def post_of(row: StoredPost) -> Post:
    """Return a stored post as something to add what was learnt to."""
    return Post(
        platform=row.platform,
        account=row.account,
        kind=row.kind,
        op=Op.CREATE,
        external_id=row.external_id,
        thread_id=row.thread_id,
        created_at=row.created_at,
        created_at_source="table",
        direction=row.direction,
        dedupe_key="",
        parent_id=row.parent_id,
        post_id=row.post_id,
        author_id=row.author_id,
        text=row.text,
        permalink=row.permalink,
        media=row.media,
        opens_case=row.direction is Direction.INBOUND and row.judgement is not None,
        contact_id=row.author_id,
    )


def words_of(before: StoredPost | None, after: StoredPost, post: Post, *, named: bool) -> str | None:
    """Return what was learnt, for the timeline; None when it is nothing a person would read."""
    told = (
        ("the words", before is not None and after.text != before.text),
        ("who wrote it", not named and bool(post.author_name or post.author_handle)),
        ("a verified author", post.verified),
        (f"{post.followers:,} followers" if post.followers else "", bool(post.followers)),
        ("what it answers", after.parent_text is not None and not (before and before.parent_text)),
    )
    learnt = [words for words, is_so in told if is_so]
    return f"Asked the platform, which told {', '.join(learnt)}." if learnt else None
