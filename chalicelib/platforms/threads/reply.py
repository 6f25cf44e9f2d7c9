"""Answering on Threads, in two steps: make a container, publish it. Only the second is public.

Source: developers.facebook.com/docs/threads/retrieve-and-manage-replies/create-replies. There are no direct messages.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.errors import NightdeskError, Permanent
from chalicelib.platforms.answering import Limit, first_match, named
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.meta import faults
from chalicelib.platforms.payload import dig
from chalicelib.services.reply_port import Outgoing, Sent

REPLY = Limit(500)
API = "threads"
PUBLISH = "threads_publish"


class ThreadsDialect:
    """Threads' outbound side; see ``Dialect``."""

    def limit(self, _outgoing: Outgoing) -> Limit:
        return REPLY

    def plan(self, outgoing: Outgoing, _now: datetime) -> Call:
        if outgoing.private:
            raise Permanent("Threads has no direct messages for us: answer in public")
        asked = {"media_type": "TEXT", "text": outgoing.text, "reply_to_id": outgoing.to_post_id}
        return Call("POST", API, f"{outgoing.account}/threads", asked, publishes=False)

    def fault(self, answered: Answered, call: Call, _outgoing: Outgoing) -> NightdeskError | None:
        return faults.fault(answered, call, "Threads")

    def read(self, answered: Answered, call: Call, outgoing: Outgoing) -> Sent | Call:
        made = named(answered, "id")
        if call.path.endswith(PUBLISH):
            return made
        return Call("POST", API, f"{outgoing.account}/{PUBLISH}", {"creation_id": made.external_id})

    def search(self, outgoing: Outgoing) -> Call | None:
        asked = {"fields": "id,text,replied_to,timestamp", "limit": "50"}
        return Call("GET", API, f"{outgoing.account}/replies", asked, publishes=False)

    def found(self, answered: Answered, outgoing: Outgoing, since: datetime) -> Sent | None:
        ours = {"replied_to.id": outgoing.to_post_id}
        items = dig(answered.body, "data")
        return first_match(items, outgoing, since, text="text", at="timestamp", ours=ours)


DIALECT = ThreadsDialect()
