"""What a Page's webhook withholds and Facebook tells when asked: who wrote, what a post answers, a Messenger's name.

Source: developers.facebook.com/docs/graph-api/reference/comment, reference/post, docs/messenger-platform/identity/user-profile.
People's followers are nobody's business there: nothing of them can be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.enrichment import Told
from chalicelib.domain.posts import Kind
from chalicelib.errors import NightdeskError, NotFound
from chalicelib.platforms.enriching import Lookup, get, person, post
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.meta import faults
from chalicelib.platforms.meta.reading import delivery, stamped
from chalicelib.platforms.payload import as_id, as_map, as_name, as_text, as_url, dig
from chalicelib.services.enrich_port import Heard, Subject
from chalicelib.services.sweep_port import Target

API = "facebook"
POST = "id,message,from,created_time,permalink_url,message_tags"
COMMENT = f"{POST},parent{{id,message}}"
ROOT = "id,message,permalink_url"
_KEPT = ("from", "message", "permalink_url", "message_tags")


class FacebookEnrichment:
    """Facebook's answers; see ``Enrichment``."""

    def plan(self, subject: Subject) -> list[Lookup]:
        if subject.private:
            who = subject.author_id
            return [Lookup(get(API, who, fields="name,first_name,last_name"), person(who))] if who else []
        if subject.lacks:
            fields = POST if subject.kind is Kind.POST else COMMENT
            return [Lookup(get(API, subject.post_id, fields=fields))]
        root = subject.root_id
        top = subject.kind is Kind.COMMENT and subject.parent_id in {None, root}
        return [Lookup(get(API, root, fields=ROOT), post(root))] if top and root else []

    def fault(self, answered: Answered, call: Call) -> NightdeskError | None:
        return faults.fault(answered, call, "Facebook")

    def read(self, answered: Answered, lookup: Lookup, subject: Subject) -> Heard:
        body = as_map(answered.body)
        if subject.private:
            return Heard(Told(name=_name(body)))
        if lookup.about:
            return Heard(Told(parent_text=as_text(body.get("message"))))
        if as_id(body.get("id")) is None:
            raise NotFound("Facebook shows nothing of the post")
        return Heard(Told(parent_text=as_text(dig(body, "parent", "message"))), _delivery(body, subject))


def _name(body: Mapping[str, Any]) -> str | None:
    parts = (as_name(body.get("first_name")), as_name(body.get("last_name")))
    return as_name(body.get("name")) or " ".join(part for part in parts if part) or None


def _delivery(body: Mapping[str, Any], subject: Subject) -> bytes | None:
    """Return the post as its webhook would have told it, with its author."""
    at = stamped(body, "created_time")
    if at is None:
        return None
    said = {key: body[key] for key in _KEPT if key in body}
    url = as_url(body.get("permalink_url"))
    value = {
        "verb": "add",
        "created_time": int(at.timestamp()),
        **said,
        **({"permalink_url": url} if url else {}),
    }
    target = Target(subject.platform, subject.app, subject.account, "")
    return delivery("page", target, at, {"field": _field(subject), "value": value | _ids(body, subject)})


def _field(subject: Subject) -> str:
    return "mention" if subject.kind is Kind.MENTION else "feed"


def _ids(body: Mapping[str, Any], subject: Subject) -> dict[str, Any]:
    if subject.kind is Kind.POST or (subject.kind is Kind.MENTION and subject.root_id == subject.post_id):
        return {"item": "post", "post_id": subject.post_id}
    parent = as_id(dig(body, "parent", "id")) or subject.parent_id
    ids = {"comment_id": subject.post_id, "post_id": subject.root_id, "parent_id": parent}
    return {"item": "comment", **{key: value for key, value in ids.items() if value}}


ENRICH = FacebookEnrichment()
