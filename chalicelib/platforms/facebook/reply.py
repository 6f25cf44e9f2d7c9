"""Answering on Facebook: under a comment, a visitor's post or a recommendation; in Messenger; privately to a comment.

Source: developers.facebook.com/docs/graph-api/reference/object/comments; messages are ``meta.sending``'s.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.errors import NightdeskError
from chalicelib.platforms.answering import Limit, first_match, named
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.meta import faults
from chalicelib.platforms.meta.sending import plan_message, read_message
from chalicelib.platforms.payload import dig
from chalicelib.services.reply_port import Outgoing, Sent

COMMENT = Limit(8_000)
MESSAGE = Limit(2_000)
API = "facebook"


class FacebookDialect:
    """Facebook's outbound side; see ``Dialect``."""

    def limit(self, outgoing: Outgoing) -> Limit:
        return MESSAGE if outgoing.private else COMMENT

    def plan(self, outgoing: Outgoing, now: datetime) -> Call:
        if outgoing.private:
            said = {"text": outgoing.text, "metadata": outgoing.correlation}
            return plan_message(outgoing, now, API, said)
        return Call("POST", API, f"{outgoing.to_post_id}/comments", json={"message": outgoing.text})

    def fault(self, answered: Answered, call: Call, outgoing: Outgoing) -> NightdeskError | None:
        return faults.fault(answered, call, "Messenger" if outgoing.private else "Facebook")

    def read(self, answered: Answered, _call: Call, outgoing: Outgoing) -> Sent | Call:
        return read_message(answered) if outgoing.private else named(answered, "id")

    def search(self, outgoing: Outgoing) -> Call | None:
        if outgoing.private:
            fields = "messages.limit(20){id,message,from,created_time}"
            asked = {"platform": "messenger", "user_id": outgoing.contact_id, "fields": fields}
            return Call("GET", API, f"{outgoing.account}/conversations", asked, publishes=False)
        asked = {
            "fields": "id,message,from,created_time",
            "order": "reverse_chronological",
            "limit": "50",
        }
        return Call("GET", API, f"{outgoing.to_post_id}/comments", asked, publishes=False)

    def found(self, answered: Answered, outgoing: Outgoing, since: datetime) -> Sent | None:
        private = ("data", 0, "messages", "data")
        items = dig(answered.body, *private) if outgoing.private else dig(answered.body, "data")
        ours = {"from.id": outgoing.account}
        return first_match(items, outgoing, since, text="message", at="created_time", ours=ours)


DIALECT = FacebookDialect()
