"""Readers of what is said in public on a Page: comments, visitor posts, mentions, recommendations.

Two shapes are live: ``from{id, name}`` with ``post{}``, and the older numeric ``sender_id`` with ``sender_name``.
``from`` may be missing altogether (privacy, mentions): the record then says what to fetch.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.posts import Direction, Kind, Media, Op, Post
from chalicelib.platforms.meta.attachments import MAX_MEDIA
from chalicelib.platforms.payload import Malformed, as_id, as_items, as_name, as_text, as_url, dig, need
from chalicelib.platforms.reading import Event, settled

OPS = {
    "add": Op.CREATE,
    "edit": Op.UPDATE,
    "edited": Op.UPDATE,
    "update": Op.UPDATE,
    "remove": Op.DELETE,
    "delete": Op.DELETE,
    "hide": Op.DELETE,
    "unhide": Op.UPDATE,
}
_HAPPENS_ONCE = frozenset({"add", "remove", "delete"})


def read_comment(event: Event) -> Post:
    """Read a comment, or an edit, removal or hiding of one; the thread is the top comment (one level nests)."""
    comment = need(as_id(event.body.get("comment_id")), "comment_id")
    post = as_id(event.body.get("post_id")) or as_id(event.body.get("open_graph_story_id"))
    parent = as_id(event.body.get("parent_id"))
    nested = parent is not None and not _same_object(parent, post)
    thread = parent if nested and parent else comment
    return _spoken(event, Kind.COMMENT, comment, thread, parent_id=parent, post_id=post)


def read_post(event: Event) -> Post:
    """Read a post on the Page: a visitor's opens a case, the Page's own is the root other words hang under."""
    post = need(as_id(event.body.get("post_id")), "post_id")
    return _spoken(event, Kind.POST, post, post, post_id=post)


def read_mention(event: Event) -> Post:
    """Read a mention of the Page in somebody's post or comment; it often comes without a sender."""
    post = as_id(event.body.get("post_id"))
    external = need(as_id(event.body.get("comment_id")) or post, "comment_id or post_id")
    return _spoken(event, Kind.MENTION, external, external, post_id=post)


def read_review(event: Event) -> Post:
    """Read a recommendation; its text is optional, its id is the Open Graph story's, or its author's, who has but one.

    Shape as observed: reviewer_id, reviewer_name, review_text, rating or recommendation_type, created_time.
    """
    reviewer = as_id(event.body.get("reviewer_id"))
    told = as_id(event.body.get("open_graph_story_id")) or as_id(event.body.get("post_id"))
    story = need(told or (f"rating:{reviewer}" if reviewer else None), "open_graph_story_id")
    post = _spoken(event, Kind.REVIEW, story, story, post_id=story)
    text = as_text(event.body.get("review_text"))
    return post if post.op is Op.DELETE else replace(post, text=text or post.text)


def _spoken(
    event: Event,
    kind: Kind,
    external_id: str,
    thread_id: str,
    *,
    parent_id: str | None = None,
    post_id: str | None = None,
) -> Post:
    verb = as_id(event.body.get("verb")) or "add"
    at, source = event.when(event.body.get("edited_time"), event.body.get("created_time"))
    author, name = _author(event)
    base = Post(
        platform=event.platform,
        account=event.account,
        kind=kind,
        op=_op(verb),
        external_id=external_id,
        thread_id=thread_id,
        parent_id=parent_id,
        post_id=post_id,
        author_id=author,
        author_name=name,
        created_at=at,
        created_at_source=source,
        direction=Direction.SELF if event.is_ours(author) else Direction.INBOUND,
        dedupe_key=_key(event, kind, external_id, verb, at),
        permalink=f"https://www.facebook.com/{external_id}",
    )
    return settled(_completed(event, base, verb))


def _completed(event: Event, post: Post, verb: str) -> Post:
    """Add the words, and what the verb says beyond its operation."""
    ours = post.direction is not Direction.INBOUND
    known = replace(
        post,
        contact_id=None if ours else post.author_id,
        permalink=as_url(event.body.get("permalink_url")) or post.permalink,
        needs_fetch=() if post.author_id or post.op is Op.DELETE else ("author",),
        is_deleted=post.op is Op.DELETE,
        is_edited=verb in {"edit", "edited", "update"},
        by_brand=verb == "hide",
        restores=verb == "unhide",
    )
    if post.op is Op.DELETE:
        return known
    return replace(known, text=as_text(event.body.get("message")), media=_media(event), tags=_tags(event))


def _op(verb: str) -> Op:
    op = OPS.get(verb)
    if op is None:
        raise Malformed(f"verb {verb[:40]!r} is not one we know")
    return op


def _key(event: Event, kind: Kind, external_id: str, verb: str, at: datetime) -> str:
    """Return the key of this change; what can happen again carries its second."""
    once = verb in _HAPPENS_ONCE
    return event.key(kind, external_id, verb, *(() if once else (str(int(at.timestamp())),)))


def _author(event: Event) -> tuple[str | None, str | None]:
    body = event.body
    ids = (dig(body, "from", "id"), body.get("sender_id"), body.get("reviewer_id"))
    names = (dig(body, "from", "name"), body.get("sender_name"), body.get("reviewer_name"))
    return (
        next((found for found in map(as_id, ids) if found), None),
        next((found for found in map(as_name, names) if found), None),
    )


def _same_object(one: str, other: str | None) -> bool:
    """Compare ids that may or may not carry the Page's id before an underscore."""
    return other is not None and one.rsplit("_", 1)[-1] == other.rsplit("_", 1)[-1]


def _media(event: Event) -> tuple[Media, ...]:
    """List a post's or comment's pictures; ``link`` is the file itself when the item is a photo or a video."""
    body = event.body
    linked = {"photo": "image", "video": "video"}.get(str(body.get("item")), "link")
    found = [
        ("image", body.get("photo")),
        *(("image", url) for url in as_items(body.get("photos"))),
        ("video", body.get("video")),
        (linked, body.get("link")),
    ]
    urls = ((kind, as_url(value)) for kind, value in found)
    return tuple(Media(kind, url) for kind, url in urls if url)[:MAX_MEDIA]


def _tags(event: Event) -> tuple[str, ...]:
    tagged = (as_id(dig(tag, "id")) for tag in as_items(event.body.get("message_tags"))[:MAX_MEDIA])
    return tuple(tag for tag in tagged if tag)
