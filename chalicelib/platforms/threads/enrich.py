"""What a Threads webhook withholds and Threads tells when asked: whom the brand answered, what a reply answers, reach.

Source: developers.facebook.com/docs/threads/retrieve-and-manage-replies and docs/threads/threads-profiles. The API names
nobody's id, and profiles of a few followers are not shown; both are told by their absence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from chalicelib.domain.enrichment import OWN, Told
from chalicelib.errors import NightdeskError, NotFound
from chalicelib.platforms.enriching import Lookup, get, person, post
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.meta import faults
from chalicelib.platforms.payload import as_count, as_id, as_map, as_name, as_text, dump
from chalicelib.services.enrich_port import Heard, Subject

API = "threads"
PUBLISHED = (
    "id,text,username,permalink,timestamp,media_type,media_url,is_reply_owned_by_me,root_post,replied_to"
)
PARENT = "id,text"
_HANDLE = re.compile(r"[A-Za-z0-9._]{1,30}")


class ThreadsEnrichment:
    """Threads' answers; see ``Enrichment``."""

    def plan(self, subject: Subject) -> list[Lookup]:
        if subject.ours:
            return [Lookup(get(API, subject.post_id, fields=PUBLISHED))] if OWN in subject.lacks else []
        handle, parent = subject.handle, subject.parent_id
        known = handle is not None and _HANDLE.fullmatch(handle) is not None
        about = [
            Lookup(get(API, "profile_lookup", username=handle or ""), person(f"@{(handle or '').lower()}"))
        ]
        before = [Lookup(get(API, parent or "", fields=PARENT), post(parent or ""))]
        return (about if known else []) + (before if parent else [])

    def fault(self, answered: Answered, call: Call) -> NightdeskError | None:
        return faults.fault(answered, call, "Threads")

    def read(self, answered: Answered, lookup: Lookup, subject: Subject) -> Heard:
        body = as_map(answered.body)
        if lookup.about is None:
            return _published(body, subject)
        if lookup.call.path == "profile_lookup":
            return Heard(_profile(body))
        return Heard(Told(parent_text=as_text(body.get("text"))))


def _published(body: Mapping[str, Any], subject: Subject) -> Heard:
    """Return the brand's own words as the webhook would have told them, with what they answer."""
    if as_id(body.get("id")) != subject.post_id:
        raise NotFound("Threads shows nothing of the post")
    values = {"field": "publish", "value": dict(body)}
    return Heard(body=dump({"target_id": subject.account, "time": body.get("timestamp"), "values": values}))


def _profile(body: Mapping[str, Any]) -> Told:
    return Told(
        name=as_name(body.get("name")),
        followers=as_count(body.get("follower_count")),
        verified=body.get("is_verified") is True,
    )


ENRICH = ThreadsEnrichment()
