"""Which reply settles which post, by the platform's event time alone (DESIGN 4).

Equal instants: the reply counts if it names the post as its parent or was received later. Deadlines are not
known here (``promise``), nor what a conversation's state is (``ledger``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.automatic import is_swift
from chalicelib.domain.conversation import Entry, Voice

Entries = Sequence[Entry]


def order(entry: Entry) -> tuple[datetime, str]:
    """Return an entry's place in the ledger."""
    return entry.at, entry.id


def customers(entries: Entries) -> tuple[Entry, ...]:
    """Return the customer's posts."""
    return tuple(e for e in entries if e.voice is Voice.CUSTOMER)


def is_living(post: Entry) -> bool:
    """Tell whether a post still stands."""
    return post.gone_at is None


def is_machine(reply: Entry, entries: Entries) -> bool:
    """Tell whether a reply is a machine's: known as one, or typed natively and too swift for hands."""
    if reply.voice is not Voice.HUMAN:
        return True
    if not reply.native or reply.decided_by is not None:
        return False
    return any(is_swift(reply.at, post.at) for post in customers(entries))


def counting(entries: Entries) -> tuple[Entry, ...]:
    """Return the replies that count: a human's, for this contact, and still there."""
    replies = (e for e in entries if e.voice is Voice.HUMAN and e.settles and is_living(e))
    return tuple(r for r in replies if not is_machine(r, entries))


def comes_after(reply: Entry, post: Entry) -> bool:
    """Tell whether a reply follows a post by event time; words that an edit added are as old as the edit."""
    asked_at = _asked_at(post)
    if reply.at != asked_at:
        return reply.at > asked_at
    return reply.parent_id == post.id or reply.received_at > post.received_at


def clock_from(post: Entry) -> datetime:
    """Return when a post's clock starts: its event time, or the follow-up that had it asked again."""
    return post.again_at or post.at


def _asked_at(post: Entry) -> datetime:
    """Return since when a post asks: its words, an edit's, or a follow-up that had it asked again."""
    words_at = post.owed_from or post.at
    return words_at if post.again_at is None else max(words_at, post.again_at)


def answer_to(post: Entry, entries: Entries) -> Entry | None:
    """Return the first reply that settles a post."""
    return min((r for r in counting(entries) if comes_after(r, post)), key=order, default=None)


def unanswered(entries: Entries) -> tuple[Entry, ...]:
    """Return the posts that owe a response nobody has given, oldest first."""
    owing = (e for e in customers(entries) if e.owes and is_living(e) and not e.waived)
    return _unsettled(owing, counting(entries))


def follows_reply(entries: Entries) -> bool:
    """Tell whether the brand has answered this contact before, so that the next-response target rules."""
    posts = customers(entries)
    return any(comes_after(r, p) for r in counting(entries) for p in posts)


def waited_before(entries: Entries, reply_id: str, at: datetime) -> bool:
    """Tell whether the contact was waiting when a reply was given, by all that came before it."""
    replies = tuple(r for r in counting(entries) if order(r) < (at, reply_id))
    known = (
        e if e.again_at is None or e.again_at <= at else replace(e, again_at=None) for e in customers(entries)
    )
    owing = (e for e in known if e.owes and not e.waived and _stood(e, at))
    return bool(_unsettled(owing, replies))


def with_births(entries: Entries) -> tuple[Entry, ...]:
    """Return the entries with ``born_at`` worked out: the latest event that made an old post owe (again)."""
    return tuple(replace(e, born_at=_birth(e, entries)) if e.owes else e for e in entries)


def _unsettled(posts: Iterable[Entry], replies: Entries) -> tuple[Entry, ...]:
    left = (p for p in posts if not any(comes_after(r, p) for r in replies))
    return tuple(sorted(left, key=order))


def _stood(post: Entry, at: datetime) -> bool:
    return (post.owed_from or post.at) <= at and (post.gone_at is None or post.gone_at > at)


def _birth(post: Entry, entries: Entries) -> datetime | None:
    lost = (r.gone_at for r in entries if _counted_once(r, entries) and comes_after(r, post))
    births = (post.owed_from, post.shown_at, post.revived_at, post.again_at, *lost)
    return max((at for at in births if at is not None), default=None)


def _counted_once(reply: Entry, entries: Entries) -> bool:
    """Tell whether a reply stopped the clock until it was deleted, failed, or was found to be for another."""
    if reply.voice is Voice.CUSTOMER or reply.gone_at is None:
        return False
    return not is_machine(reply, entries)
