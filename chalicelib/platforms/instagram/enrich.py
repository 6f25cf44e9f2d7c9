"""What an Instagram webhook withholds and Instagram tells when asked: a mention's words, a link, who somebody is.

Source: developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user (mentioned_comment,
mentioned_media, business_discovery) and docs/messenger-platform/instagram/features/user-profile. Followers are told of
professional accounts, and of whoever wrote a direct message; of nobody else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from chalicelib.domain.enrichment import Told
from chalicelib.domain.posts import Kind
from chalicelib.errors import NightdeskError, NotFound
from chalicelib.platforms.enriching import Lookup, get, person, post
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.meta import faults
from chalicelib.platforms.meta.reading import delivery, stamped
from chalicelib.platforms.payload import as_count, as_id, as_map, as_name, as_text, as_url, dig
from chalicelib.services.enrich_port import Heard, Subject
from chalicelib.services.sweep_port import Target

API = "instagram"
COMMENT = "id,text,timestamp,username,from,parent_id,media{id,permalink,caption}"
MENTIONED_COMMENT = "id,text,timestamp,username,media{id,permalink,caption}"
MENTIONED_MEDIA = "id,caption,timestamp,username,permalink"
MEDIA = "id,permalink,caption"
PROFILE = "name,username,follower_count,is_verified_user"
_HANDLE = re.compile(r"[A-Za-z0-9._]{1,30}")
_WITHHELD = frozenset({"text", "author"})


class InstagramEnrichment:
    """Instagram's answers; see ``Enrichment``."""

    def plan(self, subject: Subject) -> list[Lookup]:
        if subject.private:
            who = subject.author_id
            return [Lookup(get(API, who, fields=PROFILE), person(who))] if who else []
        if _WITHHELD & set(subject.lacks):
            return [Lookup(_about_the_post(subject))]
        return [*_about_the_media(subject), *_about_the_author(subject)]

    def fault(self, answered: Answered, call: Call) -> NightdeskError | None:
        return faults.fault(answered, call, "Instagram")

    def read(self, answered: Answered, lookup: Lookup, subject: Subject) -> Heard:
        body = as_map(answered.body)
        if subject.private:
            return Heard(_profile(body))
        if lookup.about is None:
            return _post(body, subject)
        if found := as_map(body.get("business_discovery")):
            return Heard(_profile(found))
        return Heard(Told(permalink=as_url(body.get("permalink")), parent_text=as_text(body.get("caption"))))


def _about_the_post(subject: Subject) -> Call:
    """Return the call for one post: a mention is read by way of who is mentioned, since it is another's."""
    if subject.kind is not Kind.MENTION:
        return get(API, subject.post_id, fields=COMMENT)
    if subject.post_id == subject.root_id:
        fields = f"mentioned_media.media_id({subject.post_id}){{{MENTIONED_MEDIA}}}"
    else:
        fields = f"mentioned_comment.comment_id({subject.post_id}){{{MENTIONED_COMMENT}}}"
    return get(API, subject.account, fields=fields)


def _about_the_media(subject: Subject) -> list[Lookup]:
    """Ask for the link of a comment, which is its media's; the media of a mention is not ours to read."""
    root = subject.root_id
    if root is None or subject.kind is not Kind.COMMENT or "permalink" not in subject.lacks:
        return []
    return [Lookup(get(API, root, fields=MEDIA), post(root))]


def _about_the_author(subject: Subject) -> list[Lookup]:
    handle = subject.handle
    if handle is None or not _HANDLE.fullmatch(handle):
        return []
    fields = f"business_discovery.username({handle}){{name,username,followers_count}}"
    return [Lookup(get(API, subject.account, fields=fields), person(f"@{handle.lower()}"))]


def _profile(body: Mapping[str, Any]) -> Told:
    return Told(
        name=as_name(body.get("name")),
        handle=as_name(body.get("username")),
        followers=as_count(body.get("follower_count")) or as_count(body.get("followers_count")),
        verified=body.get("is_verified_user") is True,
    )


def _post(body: Mapping[str, Any], subject: Subject) -> Heard:
    """Read a comment, or the media whose caption mentions us."""
    media = as_map(body.get("mentioned_media"))
    said = media or as_map(body.get("mentioned_comment")) or body
    if as_id(said.get("id")) is None:
        raise NotFound("Instagram shows nothing of the post")
    around = {} if media else as_map(said.get("media"))
    told = Told(
        permalink=as_url(said.get("permalink")) or as_url(around.get("permalink")),
        parent_text=as_text(around.get("caption")),
    )
    return Heard(told, _delivery(said, subject))


def _delivery(said: Mapping[str, Any], subject: Subject) -> bytes | None:
    """Return the post as a comment's webhook would have told it, with its words and its author."""
    at = stamped(said, "timestamp")
    if at is None:
        return None
    handle = as_name(said.get("username"))
    author = as_map(said.get("from")) or ({"username": handle} if handle else {})
    media = subject.root_id or as_id(dig(said, "media", "id"))
    value: dict[str, Any] = {
        "id": subject.post_id,
        "text": as_text(said.get("text")) or as_text(said.get("caption")),
        "from": dict(author),
        "timestamp": said.get("timestamp"),
    }
    value |= {"media": {"id": media}} if media else {}
    parent = subject.parent_id or as_id(said.get("parent_id"))
    value |= {"parent_id": parent} if parent else {}
    target = Target(subject.platform, subject.app, subject.account, "")
    return delivery("instagram", target, at, {"field": "comments", "value": value})


ENRICH = InstagramEnrichment()
