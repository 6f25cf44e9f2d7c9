"""Answering on Instagram: under a comment, to a mention, by direct message, privately to a comment.

Source: developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-comment/replies, ig-user/mentions;
messages are ``meta.sending``'s. A reply to a reply lands under the top comment.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.posts import Kind
from chalicelib.errors import NightdeskError
from chalicelib.platforms.answering import Limit, first_match, named
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.meta import faults
from chalicelib.platforms.meta.sending import plan_message, read_message
from chalicelib.platforms.payload import dig
from chalicelib.services.reply_port import Outgoing, Sent

COMMENT = Limit(2_200)
MESSAGE = Limit(1_000, "bytes", lambda text: len(text.encode()))
API = "instagram"


class InstagramDialect:
    """Instagram's outbound side; see ``Dialect``."""

    def limit(self, outgoing: Outgoing) -> Limit:
        return MESSAGE if outgoing.private else COMMENT

    def plan(self, outgoing: Outgoing, now: datetime) -> Call:
        if outgoing.private:
            return plan_message(outgoing, now, API, {"text": outgoing.text})
        if outgoing.kind is Kind.MENTION and outgoing.post_id:
            return Call("POST", API, f"{outgoing.account}/mentions", _mentioned(outgoing, outgoing.post_id))
        return Call("POST", API, f"{outgoing.to_post_id}/replies", {"message": outgoing.text})

    def fault(self, answered: Answered, call: Call, _outgoing: Outgoing) -> NightdeskError | None:
        return faults.fault(answered, call, "Instagram")

    def read(self, answered: Answered, _call: Call, outgoing: Outgoing) -> Sent | Call:
        return read_message(answered) if outgoing.private else named(answered, "id")

    def search(self, outgoing: Outgoing) -> Call | None:
        if outgoing.private:
            fields = "messages.limit(20){id,message,from,created_time}"
            asked = {"platform": "instagram", "user_id": outgoing.contact_id, "fields": fields}
            return Call("GET", API, f"{outgoing.account}/conversations", asked, publishes=False)
        if outgoing.kind is Kind.MENTION:
            return None
        asked = {"fields": "id,text,from,timestamp", "limit": "50"}
        return Call("GET", API, f"{outgoing.to_post_id}/replies", asked, publishes=False)

    def found(self, answered: Answered, outgoing: Outgoing, since: datetime) -> Sent | None:
        ours = {"from.id": outgoing.account}
        if outgoing.private:
            items = dig(answered.body, "data", 0, "messages", "data")
            return first_match(items, outgoing, since, text="message", at="created_time", ours=ours)
        items = dig(answered.body, "data")
        return first_match(items, outgoing, since, text="text", at="timestamp", ours=ours)


def _mentioned(outgoing: Outgoing, media: str) -> dict[str, str]:
    comment = {} if outgoing.to_post_id == media else {"comment_id": outgoing.to_post_id}
    return {"media_id": media, **comment, "message": outgoing.text}


DIALECT = InstagramDialect()
