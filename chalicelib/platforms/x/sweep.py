"""Looking at X for ourselves: mentions of the account, and what was said in threads where somebody waits.

Source: docs.x.com/x-api/users/get-mentions, docs.x.com/x-api/posts/search-recent-posts. No webhook tells of a customer's
second word in a thread unless it answers us directly: only the search by ``conversation_id`` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.errors import NightdeskError
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.payload import as_id, as_instant, as_items, as_map, dig, dump
from chalicelib.platforms.x.reading import fault_of
from chalicelib.services.sweep_port import Found, Target

API = "x"
_POST = "created_at,conversation_id,author_id,in_reply_to_user_id,referenced_tweets,entities,edit_history_tweet_ids"
_ASKED = {
    "tweet.fields": _POST,
    "expansions": "author_id",
    "user.fields": "id,name,username,verified,public_metrics",
    "max_results": "100",
}
_MOST_QUERY = 512
"""Characters of a search, on the plans that everybody can have."""


class XSweep:
    """X's reading side; see ``Reading``."""

    def plan(self, target: Target, since: datetime) -> list[Call]:
        asked = {**_ASKED, "start_time": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
        if target.stream == "mentions":
            return [Call("GET", API, f"2/users/{target.account}/mentions", asked, publishes=False)]
        return [
            Call("GET", API, "2/tweets/search/recent", {**asked, "query": query}, publishes=False)
            for query in _queries(target.threads)
        ]

    def fault(self, answered: Answered, call: Call) -> NightdeskError | None:
        return fault_of(answered, call)

    def read(
        self, answered: Answered, call: Call, target: Target, since: datetime
    ) -> tuple[list[Found], list[Call]]:
        users = as_items(dig(answered.body, "includes", "users"))
        posts = [as_map(post) for post in as_items(dig(answered.body, "data"))]
        found = [one for post in posts if (one := _found(post, users, target, since))]
        token = as_id(dig(answered.body, "meta", "next_token"))
        return found, [_next(call, token)] if token else []


def _next(call: Call, token: str) -> Call:
    name = "pagination_token" if call.path.endswith("/mentions") else "next_token"
    return Call("GET", API, call.path, {**call.params, name: token}, publishes=False)


def _queries(threads: tuple[str, ...]) -> list[str]:
    """Join as many threads as one search takes."""
    queries: list[str] = []
    for term in (f"conversation_id:{thread}" for thread in threads if thread.isdigit()):
        joined = f"{queries[-1]} OR {term}" if queries else term
        if queries and len(joined) <= _MOST_QUERY:
            queries[-1] = joined
        else:
            queries.append(term)
    return queries


def _found(post: Mapping[str, Any], users: list[Any], target: Target, since: datetime) -> Found | None:
    name, at = as_id(post.get("id")), as_instant(post.get("created_at"))
    if name is None or at is None or at < since:
        return None
    data = {
        "event_type": _event(post, target),
        "filter": {"user_id": target.account},
        "payload": dict(post),
        "includes": {"users": users and [u for u in users if dig(u, "id") == post.get("author_id")]},
    }
    first = as_id(dig(post, "edit_history_tweet_ids", 0)) or name
    return Found(first, at, dump({"data": data}))


def _event(post: Mapping[str, Any], target: Target) -> str:
    """Name the event that a webhook would have told."""
    if as_id(post.get("author_id")) == target.account:
        return "post.create"
    answers_us = as_id(post.get("in_reply_to_user_id")) == target.account
    return "post.reply.create" if answers_us or target.stream == "threads" else "post.mention.create"


SWEEP = XSweep()
