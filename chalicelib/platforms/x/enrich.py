"""What an X event withholds and X tells when asked: the author beside an event without ``includes``, the whole thread.

Source: docs.x.com/x-api/posts/get-post-by-id, docs.x.com/x-api/users/get-user-by-id. Mostly the event tells all and nothing
is asked: a read costs money.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.enrichment import Told
from chalicelib.domain.posts import Kind
from chalicelib.errors import NightdeskError, NotFound
from chalicelib.platforms.enriching import Lookup, get, person
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.payload import as_id, as_items, as_map, as_text, dig, dump
from chalicelib.platforms.x.people import Person, in_list
from chalicelib.platforms.x.reading import fault_of
from chalicelib.services.enrich_port import Heard, Subject

API = "x"
USER = "id,name,username,verified,verified_type,public_metrics"
POST = {
    "tweet.fields": "created_at,conversation_id,author_id,in_reply_to_user_id,referenced_tweets,entities,"
    "edit_history_tweet_ids,text",
    "expansions": "author_id,referenced_tweets.id",
    "user.fields": USER,
}


class XEnrichment:
    """X's answers; see ``Enrichment``."""

    def plan(self, subject: Subject) -> list[Lookup]:
        if subject.private:
            who = subject.author_id
            return [Lookup(get(API, f"2/users/{who}", **{"user.fields": USER}), person(who))] if who else []
        return [Lookup(get(API, f"2/tweets/{subject.post_id}", **POST))] if subject.lacks else []

    def fault(self, answered: Answered, call: Call) -> NightdeskError | None:
        return fault_of(answered, call)

    def read(self, answered: Answered, lookup: Lookup, subject: Subject) -> Heard:
        data = as_map(dig(answered.body, "data"))
        if not data:  # X says so with a 200 and a list of errors
            raise NotFound("X shows nothing of it: deleted, protected or suspended")
        if lookup.about is not None:
            return Heard(_told(in_list([data], as_id(data.get("id")))))
        users = as_items(dig(answered.body, "includes", "users"))
        before = [as_map(one) for one in as_items(dig(answered.body, "includes", "tweets"))]
        return Heard(Told(parent_text=_parent_text(data, before)), _delivery(data, users, subject))


def _told(who: Person) -> Told:
    return Told(who.name, who.handle, who.followers, who.verified)


def _parent_text(data: Mapping[str, Any], before: list[Mapping[str, Any]]) -> str | None:
    refs = {as_id(dig(ref, "id")) for ref in as_items(data.get("referenced_tweets"))}
    return next((as_text(one.get("text")) for one in before if as_id(one.get("id")) in refs), None)


def _delivery(data: Mapping[str, Any], users: list[Any], subject: Subject) -> bytes:
    word = "post.reply.create" if subject.kind is Kind.COMMENT else "post.mention.create"
    known = {"filter": {"user_id": subject.account}, "event_type": word, "includes": {"users": users}}
    return dump({"data": {**known, "payload": dict(data)}})


ENRICH = XEnrichment()
