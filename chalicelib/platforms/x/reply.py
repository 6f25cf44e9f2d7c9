"""Answering on X: a reply to a post, a direct message; or, to who did not summon us, in X itself.

Source: docs.x.com/x-api/posts/create-post, docs.x.com/x-api/direct-messages, docs.x.com/x-api/fundamentals/counting-characters.
"""

from __future__ import annotations

import re
from datetime import datetime

from chalicelib.errors import NightdeskError, NotFound, Permanent, Transient
from chalicelib.platforms.answering import Limit, first_match, named
from chalicelib.platforms.http import Answered, Call, unclear
from chalicelib.platforms.payload import as_name, dig
from chalicelib.platforms.x.activity import permalink
from chalicelib.platforms.x.waits import wait_of
from chalicelib.services.reply_faults import AnswerElsewhere, TokenDead
from chalicelib.services.reply_port import Outgoing, Sent

_URL = re.compile(r"https?://\S+")
_URL_LENGTH = 23
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
API = "x"


def weighted_length(text: str) -> int:
    """Count as X does: a link is 23, most Latin letters 1, other scripts and emoji 2."""
    links = len(_URL.findall(text))
    rest = _URL.sub("", text)
    return links * _URL_LENGTH + sum(1 if _is_light(ord(letter)) else 2 for letter in rest)


POST = Limit(280, measure=weighted_length)
MESSAGE = Limit(10_000)


class XDialect:
    """X's outbound side; see ``Dialect``."""

    def limit(self, outgoing: Outgoing) -> Limit:
        return MESSAGE if outgoing.private else POST

    def plan(self, outgoing: Outgoing, _now: datetime) -> Call:
        if outgoing.private:
            path = f"2/dm_conversations/with/{outgoing.contact_id}/messages"
            return Call("POST", API, path, json={"text": outgoing.text})
        said = {"text": outgoing.text, "reply": {"in_reply_to_tweet_id": outgoing.to_post_id}}
        return Call("POST", API, "2/tweets", json=said)

    def fault(self, answered: Answered, call: Call, outgoing: Outgoing) -> NightdeskError | None:
        if answered.is_good:
            return _hidden_fault(answered)
        if answered.status >= 500:  # noqa: PLR2004 - HTTP's own classes
            return unclear(answered, call, "X")
        return _refusal(answered, outgoing)

    def read(self, answered: Answered, _call: Call, outgoing: Outgoing) -> Sent | Call:
        return named(answered, "data", "dm_event_id" if outgoing.private else "id")

    def search(self, outgoing: Outgoing) -> Call | None:
        if outgoing.private:
            path = f"2/dm_conversations/with/{outgoing.contact_id}/dm_events"
            asked = {"dm_event.fields": "id,text,sender_id,created_at", "max_results": "20"}
            return Call("GET", API, path, asked, publishes=False)
        asked = {"tweet.fields": "created_at,in_reply_to_user_id,author_id", "max_results": "20"}
        return Call("GET", API, f"2/users/{outgoing.account}/tweets", asked, publishes=False)

    def found(self, answered: Answered, outgoing: Outgoing, since: datetime) -> Sent | None:
        ours = {"sender_id" if outgoing.private else "author_id": outgoing.account}
        items = dig(answered.body, "data")
        return first_match(items, outgoing, since, text="text", at="created_at", ours=ours)


def _hidden_fault(answered: Answered) -> NightdeskError | None:
    """Find the errors a 200 may hold instead of data."""
    said = as_name(dig(answered.body, "errors", 0, "detail")) or as_name(
        dig(answered.body, "errors", 0, "title")
    )
    if said and dig(answered.body, "data") is None:
        return Permanent(f"X refused: {said}")
    return None


def _refusal(answered: Answered, outgoing: Outgoing) -> NightdeskError:
    said = as_name(dig(answered.body, "detail")) or as_name(dig(answered.body, "title")) or "no reason given"
    match answered.status:
        case 401:
            return TokenDead("X's token is revoked or could not be refreshed: connect the account again")
        case 402 | 403:
            return _elsewhere(said, outgoing)
        case 404:
            return NotFound("the post is gone, or its author is protected")
        case 429:
            return Transient("X asks us to slow down", retry_after=wait_of(answered))
    return Permanent(f"X refused ({answered.status}): {said}")


def _elsewhere(said: str, outgoing: Outgoing) -> AnswerElsewhere:
    """Offer the other branch: plans that may answer only who summoned us are refused like this."""
    url = "https://x.com/messages" if outgoing.private else permalink(outgoing.to_post_id)
    return AnswerElsewhere(f"X lets only its own app answer this one ({said}): open on X", url=url)


def _is_light(point: int) -> bool:
    return any(low <= point <= high for low, high in _LIGHT)


DIALECT = XDialect()
