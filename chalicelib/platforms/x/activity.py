"""Readers of the X Activity API, and of filtered-stream matches, which carry the same kind of post.

Traps seen in published payloads: ``event_uuid`` may be negative and is no key, ``includes`` may be empty, ids have
rounded numeric twins. A reply that also mentions us comes twice: the post's id is the key, not the event's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.domain.posts import Direction, Disconnection, Kind, Op, Post
from chalicelib.platforms.payload import as_id, as_items, as_map, as_text, dig, need
from chalicelib.platforms.reading import Event, settled
from chalicelib.platforms.x.direct import read_direct
from chalicelib.platforms.x.people import in_list

_MAX_TAGS = 50


def read_own_post(event: Event) -> Post:
    """Read a post by the account itself: one that answers somebody is a native reply and stops that clock."""
    post = as_map(event.body.get("payload"))
    if parent := _referenced(post, "replied_to"):
        return _read(event, post, Kind.COMMENT, parent)
    kind, parent = (Kind.SHARE, _referenced(post, "retweeted")) if _is_repost(post) else (Kind.POST, None)
    return _read(event, post, kind, parent)


def read_reply(event: Event) -> Post:
    """Read a direct reply to one of our posts."""
    post = as_map(event.body.get("payload"))
    return _read(event, post, Kind.COMMENT, _referenced(post, "replied_to"))


def read_mention(event: Event) -> Post:
    """Read a post that mentions us by handle; it may itself answer somebody."""
    post = as_map(event.body.get("payload"))
    return _read(event, post, Kind.MENTION, _referenced(post, "replied_to"))


def read_quote(event: Event) -> Post:
    """Read a quote of one of our posts: a conversation of its own, which names ours as its parent."""
    post = as_map(event.body.get("payload"))
    return _read(event, post, Kind.MENTION, _referenced(post, "quoted"))


def read_repost(event: Event) -> Post:
    """Read a repost: a share, which asks nothing."""
    post = as_map(event.body.get("payload"))
    return _read(event, post, Kind.SHARE, _referenced(post, "retweeted"))


def read_delete(event: Event) -> Post:
    """Read a deletion; only the account's own are pushed, without a time and without the thread."""
    post = as_map(event.body.get("payload"))
    external = need(as_id(post.get("id")), "payload.id")
    author = as_id(post.get("author_id"))
    person = in_list(dig(event.body, "includes", "users"), author)
    return settled(
        Post(
            platform="x",
            account=event.account,
            kind=Kind.POST,
            op=Op.DELETE,
            external_id=external,
            thread_id=external,
            thread_known=False,
            author_id=author,
            author_name=person.name,
            author_handle=person.handle,
            permalink=permalink(external),
            created_at=event.received_at,
            created_at_source="none",
            direction=Direction.SELF if event.is_ours(author) else Direction.INBOUND,
            is_deleted=True,
            dedupe_key=f"x:post:{external}:delete",
        )
    )


def read_dm(event: Event) -> Post:
    """Read a direct message, received or sent; ``dm.sent`` carries no app id, so our own are told by their id."""
    payload = as_map(event.body.get("payload"))
    return read_direct(event, dig(payload, "direct_message_events", 0), payload.get("users"))


def read_chat(event: Event) -> Post:
    """Read an encrypted message: nobody but the parties can, so it opens a case that says to answer in X."""
    chat = as_map(event.body.get("payload"))
    external = need(as_id(chat.get("id")), "payload.id")
    sender = need(as_id(chat.get("sender_id")), "payload.sender_id")
    at, source = event.when(chat.get("created_at_msec"))
    ours = event.is_ours(sender)
    thread = need(as_id(chat.get("conversation_id")), "payload.conversation_id")
    others = (party for party in thread.split(":") if not event.is_ours(party))
    return settled(
        Post(
            platform="x",
            account=event.account,
            kind=Kind.DM,
            op=Op.CREATE,
            external_id=external,
            thread_id=thread,
            author_id=sender,
            created_at=at,
            created_at_source=source,
            direction=Direction.SELF if ours else Direction.INBOUND,
            dedupe_key=f"x:chat:{external}",
            contact_id=next(others, None) if ours else sender,
        )
    )


def read_revoke(event: Event) -> Disconnection:
    """Read that the account's owner revoked our access."""
    at, _source = event.when(dig(event.body, "payload", "date_time"))
    return Disconnection(
        platform="x",
        account=event.account,
        at=at,
        dedupe_key=f"x:revoke:{need(as_id(event.body.get('event_uuid')), 'event_uuid')}",
        action="page the owner; stop polling and posting for this account",
    )


def read_match(event: Event) -> Post:
    """Read a match of a stream rule: somebody speaks of us, in a thread the payload may not name."""
    post = as_map(event.body.get("data"))
    return _read(event, post, Kind.MENTION, _referenced(post, "replied_to"))


def permalink(post_id: str) -> str:
    """Return the address that works without knowing the author's handle."""
    return f"https://x.com/i/web/status/{post_id}"


def _read(event: Event, post: Mapping[str, object], kind: Kind, parent: str | None) -> Post:
    external = need(as_id(post.get("id")), "payload.id")
    conversation = as_id(post.get("conversation_id"))
    author = as_id(post.get("author_id"))
    person = in_list(dig(event.body, "includes", "users"), author)
    at, source = event.when(post.get("created_at"))
    ours = event.is_ours(author) or event.is_our_handle(person.handle)
    base = Post(
        platform="x",
        account=event.account,
        kind=kind,
        op=Op.CREATE,
        external_id=external,
        thread_id=conversation or external,
        thread_known=conversation is not None,
        parent_id=parent,
        post_id=conversation,
        author_id=author,
        author_name=person.name,
        author_handle=person.handle,
        text=as_text(post.get("text")),
        permalink=permalink(external),
        created_at=at,
        created_at_source=source,
        direction=Direction.SELF if ours else Direction.INBOUND,
        dedupe_key=f"x:post:{external}",
        contact_id=None if ours else author,
        tags=_tags(post),
        followers=person.followers,
        verified=person.verified,
    )
    wanted = () if ours or kind is Kind.SHARE else _wanted(base)
    return settled(_edited(post, replace(base, needs_fetch=wanted)))


def _edited(raw: Mapping[str, object], post: Post) -> Post:
    """Tell an edit: it has a new id, its key, and lists the old ones, of which the first keeps the case."""
    first = as_id(dig(raw, "edit_history_tweet_ids", 0))
    if first is None or first == post.external_id:
        return post
    return replace(post, op=Op.UPDATE, is_edited=True, external_id=first)


def _wanted(post: Post) -> tuple[str, ...]:
    unknown = (
        ("author", post.author_id),
        ("author_handle", post.author_handle),
        ("conversation_id", post.post_id),
    )
    return tuple(name for name, value in unknown if value is None)


def _referenced(post: Mapping[str, object], kind: str) -> str | None:
    listed = as_items(post.get("referenced_tweets"))
    found = (as_id(dig(ref, "id")) for ref in listed if dig(ref, "type") == kind)
    if kind == "replied_to":
        return next(found, None) or as_id(post.get("in_reply_to_tweet_id"))
    return next(found, None)


def _is_repost(post: Mapping[str, object]) -> bool:
    return _referenced(post, "retweeted") is not None


def _tags(post: Mapping[str, object]) -> tuple[str, ...]:
    mentions = as_items(dig(post, "entities", "mentions"))[:_MAX_TAGS]
    found = (as_id(dig(m, "id")) or as_id(dig(m, "username")) for m in mentions)
    return tuple(tag for tag in found if tag)
