"""Answering on a generic source: nowhere to send it, so the person answers on the source itself."""

from __future__ import annotations

from datetime import datetime

from chalicelib.errors import NightdeskError
from chalicelib.platforms.answering import Limit
from chalicelib.platforms.http import Answered, Call
from chalicelib.services.reply_faults import AnswerElsewhere
from chalicelib.services.reply_port import Outgoing, Sent

_WORDS = "this source takes no answers from us: open the post and answer there, and it will count"


class GenericDialect:
    """A generic source's outbound side; see ``Dialect``."""

    def limit(self, _outgoing: Outgoing) -> Limit:
        return Limit(65_536)

    def plan(self, outgoing: Outgoing, _now: datetime) -> Call:
        raise AnswerElsewhere(_WORDS, url=outgoing.permalink or "")

    def fault(self, _answered: Answered, _call: Call, outgoing: Outgoing) -> NightdeskError | None:
        return AnswerElsewhere(_WORDS, url=outgoing.permalink or "")

    def read(self, _answered: Answered, _call: Call, outgoing: Outgoing) -> Sent | Call:
        raise AnswerElsewhere(_WORDS, url=outgoing.permalink or "")

    def search(self, _outgoing: Outgoing) -> Call | None:
        """Nothing was sent, so nothing can be found."""

    def found(self, _answered: Answered, _outgoing: Outgoing, _since: datetime) -> Sent | None:
        """Nothing was sent, so nothing can be found."""


DIALECT = GenericDialect()
