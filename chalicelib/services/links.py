"""Links in text messages: an opaque token that opens one conversation's page for one person, once.

The token is stored hashed, so that the table alone opens nothing. A GET must only ``look``, because phones and
carriers fetch links to preview them; the POST of the page's button is what ``use``s it.
"""

from __future__ import annotations

import hashlib
import secrets
import string
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.conversation import Conversation, State
from chalicelib.domain.pager_rows import LinkTicket
from chalicelib.errors import NotFound
from chalicelib.services.ports import Lost, Put, Store, Write

LIFE = timedelta(hours=24)
KEPT = timedelta(days=7)

LETTERS = string.ascii_letters + string.digits
"""Plain letters and digits: carriers mangle some signs, and phones end a link before others."""

LENGTH = 16
_OPEN = (State.WAITING, State.PAUSED)


def fresh_token() -> str:
    """Return a new token: 16 characters, of which nobody guesses one."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


class Links:
    """Issues and redeems tokens. ``tokens`` makes a fresh one of 16 URL-safe characters; ``base_url`` ends in /."""

    def __init__(self, store: Store, *, base_url: str, tokens: Callable[[], str]) -> None:
        self._store = store
        self._base_url = base_url
        self._tokens = tokens

    def issue(self, conversation_id: str, person: str, now: datetime) -> tuple[str, Put]:
        """Return a new link, and the write that makes it work."""
        token = self._tokens()
        ticket = LinkTicket(hashed(token), conversation_id, person, now, now + LIFE, expires_at=now + KEPT)
        return f"{self._base_url}{token}", Put(ticket)

    def look(self, token: str, now: datetime) -> LinkTicket:
        """Return the ticket of a token that still opens something, without using it. Raises: NotFound."""
        ticket = self._store.get(LinkTicket, hashed(token))
        if ticket is None or ticket.until <= now:
            raise NotFound("this link has expired: look for the newest message")
        if ticket.used_at is not None:
            raise NotFound("this link was used already: look for the newest message")
        if not self._is_open(ticket):
            raise NotFound("this link has expired, because nobody waits there any more")
        return ticket

    def use(self, token: str, now: datetime, *also: Write) -> LinkTicket:
        """Use a token up, and write ``also`` with it; return its ticket. The second user finds nothing.

        Raises: NotFound, Transient.
        """
        ticket = self.look(token, now)
        used = replace(ticket, used_at=now, rev=ticket.rev + 1)
        try:
            self._store.commit(Put(used), *also)
        except Lost as lost:
            raise NotFound("this link was used already: look for the newest message") from lost
        return used

    def _is_open(self, ticket: LinkTicket) -> bool:
        conversation = self._store.get(Conversation, ticket.conversation_id)
        return conversation is not None and conversation.state in _OPEN


def hashed(token: str) -> str:
    """Return what is stored of a token. It has 95 random bits, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()
