"""One post as pieced together from its creates, edits, removals and returns, in whatever order they come.

Every rule here commutes: redelivery and reordering end in the same row. The clock is not decided here (``ledger``).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.conversation import Closure, Entry, Voice
from chalicelib.domain.items import StoredPost
from chalicelib.domain.judgement import Band, Judgement, higher
from chalicelib.domain.posts import Direction, Op, Post

PERSON = "person:"
"""How the ``model`` of a judgement begins that a person gave."""


def event_at(post: Post, received_at: datetime) -> datetime:
    """Return the platform's event time, capped at receipt: a clock that runs ahead must not buy time."""
    return min(post.created_at, received_at)


def merged(
    stored: StoredPost | None, post: Post, received_at: datetime, judgement: Judgement | None = None
) -> StoredPost:
    """Return the row after hearing ``post``; ``is_known`` tells whether that is news.

    ``judgement`` is of this version's own words; None for the brand's.
    """
    return _forgotten(_heard(stored or _blank(post, received_at), post, received_at, judgement))


def _heard(row: StoredPost, post: Post, received_at: datetime, judgement: Judgement | None) -> StoredPost:
    if post.op is Op.DELETE:
        return _removed(row, post, event_at(post, received_at))
    if post.restores:
        at = event_at(post, received_at)
        return replace(row, restored_at=max(row.restored_at or at, at))
    return _spoken(row, post, received_at, judgement)


def _forgotten(row: StoredPost) -> StoredPost:
    """Erase the words of a post that its author took back, however late they come."""
    gone = removal(row)
    withdrawn = gone is not None and gone[1] is Closure.WITHDRAWN
    return replace(row, text=None, media=()) if withdrawn else row


def is_known(row: StoredPost, stored: StoredPost | None) -> bool:
    """Tell whether the table knows all that ``row`` says; an earlier receipt of the same is no news."""
    return stored is not None and replace(row, received_at=stored.received_at) == stored


def is_tombstone(row: StoredPost) -> bool:
    """Tell whether nothing is known of a post but that it was removed, or returned."""
    return row.edited_at is None


def removal(row: StoredPost) -> tuple[datetime, Closure] | None:
    """Return when and how a post went, or None while it stands. Only the brand's hiding can be undone.

    One that we hid for the personal data it shows stands: its author still waits.
    """
    if row.deleted_at is None:
        return None
    if not row.deleted_by_brand:
        return row.deleted_at, Closure.WITHDRAWN
    back = row.restored_at is not None and row.restored_at >= row.deleted_at
    return None if back or row.hidden_by is not None else (row.deleted_at, Closure.MODERATED)


def customer_entry(row: StoredPost) -> Entry:
    """Return a customer's post as its conversation's ledger holds it."""
    gone = removal(row)
    judged = row.judgement
    needs = judged is not None and judged.owes
    entry = Entry(
        id=row.external_id,
        at=row.created_at,
        received_at=row.received_at,
        voice=Voice.CUSTOMER,
        owes=needs and not row.history,
        history=needs and row.history,
        parent_id=row.parent_id,
        owed_from=row.owed_from if row.owed_from and row.owed_from > row.created_at else None,
        shown_at=row.restored_at if row.deleted_at and row.deleted_by_brand else None,
        gone_at=gone[0] if gone else None,
        gone=gone[1] if gone else None,
    )
    if judged is None:
        return entry
    check = row.sampled or judged.band is Band.REVIEW
    return replace(entry, kind=judged.kind, priority=judged.priority, topics=judged.topics, check=check)


def reply_entry(row: StoredPost, *, by: str | None = None) -> Entry:
    """Return the brand's own words as a ledger holds them; ``by`` is the person, where Nightdesk sent them."""
    gone = removal(row)
    return Entry(
        id=row.external_id,
        at=row.created_at,
        received_at=row.received_at,
        voice=Voice.AUTOMATIC if row.automatic else Voice.HUMAN,
        parent_id=row.parent_id,
        by=by,
        native=by is None,
        gone_at=gone[0] if gone else None,
        gone=gone[1] if gone else None,
    )


def was_judged_by_person(row: StoredPost) -> bool:
    """Tell whether a person has said what this post needs."""
    return row.judgement is not None and row.judgement.model.startswith(PERSON)


def _holds(row: StoredPost) -> bool:
    """Tell whether a person's word outlasts new words: that an answer is needed does, that none is was of the old."""
    return was_judged_by_person(row) and row.judgement is not None and row.judgement.needs_response


def _blank(post: Post, received_at: datetime) -> StoredPost:
    return StoredPost(
        platform=post.platform,
        account=post.account,
        external_id=post.external_id,
        kind=post.kind,
        direction=post.direction,
        thread_id=post.thread_id,
        conversation_id=None,
        created_at=event_at(post, received_at),
        received_at=received_at,
        parent_id=post.parent_id,
        post_id=post.post_id,
        author_id=post.author_id,
    )


def _removed(row: StoredPost, post: Post, at: datetime) -> StoredPost:
    """Note a removal: an author's outranks the brand's, then the later one stands."""
    by_brand = post.by_brand or post.direction is not Direction.INBOUND
    if row.deleted_at is not None and (not row.deleted_by_brand, row.deleted_at) >= (not by_brand, at):
        return row
    return replace(row, deleted_at=at, deleted_by_brand=by_brand)


def _spoken(row: StoredPost, post: Post, received_at: datetime, judgement: Judgement | None) -> StoredPost:
    """Note a version of the words. The earliest dates the post; the newest words stand."""
    at = event_at(post, received_at)
    first = is_tombstone(row)
    if post.fetched and not first:
        return _learnt(row, post, at, judgement)
    newer = first or _is_newer(row, post, at)
    owes = judgement is not None and judgement.owes and (newer or not was_judged_by_person(row))
    row = replace(
        row,
        created_at=at if first else min(row.created_at, at),
        received_at=min(row.received_at, received_at),
        create_unseen=(first or row.create_unseen) and post.op is Op.UPDATE,
        owed_from=_earliest(row.owed_from, at if owes and not post.history else None),
        history=post.history and (first or row.history),
    )
    return _reworded(row, post, at, judgement) if newer else _filled(row, post)


def _learnt(row: StoredPost, post: Post, at: datetime, judgement: Judgement | None) -> StoredPost:
    """Note what was asked for: words for a post without any, and whatever else is unknown of it."""
    worded = not (row.edited or row.text or row.media) and bool(post.text or post.media)
    first_at = min(row.created_at, at)
    known = replace(
        row,
        created_at=first_at,
        owed_from=first_at if row.owed_from == row.created_at else row.owed_from,
        tags=row.tags or post.tags,
        needs_fetch=(),
        parent_text=row.parent_text or post.parent_text,
        judgement=_raised(row, judgement, worded=worded),
    )
    return _filled(replace(known, text=post.text, media=post.media) if worded else known, post)


def _raised(row: StoredPost, judgement: Judgement | None, *, worded: bool) -> Judgement | None:
    """Return the judgement of the words once they are there; until then only the priority may change, upwards."""
    old = row.judgement
    if judgement is None or old is None or was_judged_by_person(row):
        return old
    pressing = higher(old.priority, judgement.priority)
    if worded:
        return replace(judgement, priority=pressing)
    if pressing is old.priority:
        return old
    why = tuple(reason for reason in judgement.reasons if reason not in old.reasons)
    return replace(old, priority=pressing, reasons=(*old.reasons, *why))


def _is_newer(row: StoredPost, post: Post, at: datetime) -> bool:
    """Tell whether these words replace the row's; at equal instants an edit follows what it edits.

    A second create (the same comment as a mention, or a redelivery) only gives words to a post without any.
    """
    if post.op is not Op.UPDATE:
        return not row.edited and not (row.text or row.media) and bool(post.text or post.media)
    known = row.edited_at or at
    return at > known or (at == known and (not row.edited or post.text != row.text))


def _reworded(row: StoredPost, post: Post, at: datetime, judgement: Judgement | None) -> StoredPost:
    newer = replace(
        row,
        kind=post.kind,
        direction=_direction(row, post),
        thread_id=post.thread_id,
        text=post.text,
        media=post.media,
        needs_fetch=post.needs_fetch,
        tags=post.tags,
        edited_at=max(row.edited_at or at, at),
        edited=post.op is Op.UPDATE,
        judgement=row.judgement if _holds(row) else judgement,
    )
    return _filled(newer, post)


def _filled(row: StoredPost, post: Post) -> StoredPost:
    """Add what this version tells and the row does not know yet."""
    return replace(
        row,
        parent_id=row.parent_id or post.parent_id,
        post_id=row.post_id or post.post_id,
        author_id=row.author_id or post.author_id,
        permalink=row.permalink or post.permalink,
    )


def _direction(row: StoredPost, post: Post) -> Direction:
    """Return who spoke; once known as our own send, its echo does not make it another's."""
    known = row.direction is Direction.OUTBOUND and post.direction is Direction.SELF
    return row.direction if known else post.direction


def _earliest(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((at for at in (one, other) if at is not None), default=None)
