"""What a link opens: a session of one browser, for one person and one conversation, and the forms it sent.

A session's secret follows from the browser's own cookie and the link's token, so that the same browser may repeat
the press whose answer it never got, and nobody else can. Stored hashed, like links. It decides nothing about
conversations.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.link_rows import LinkSession, TakenForm
from chalicelib.errors import NotFound
from chalicelib.services.bookkeeping import until_won
from chalicelib.services.links import LIFE as LINK_LIFE
from chalicelib.services.links import Links, hashed
from chalicelib.services.ports import Put, Store

LIFE = timedelta(hours=2)
"""How long a session lasts without a form sent from it; in all it lasts no longer than a link may."""

KEPT = timedelta(days=2)
FORMS = 20
"""How many forms are remembered: pressing an older one again acts on what the conversation is now."""

OVER = "this page is no longer open on this phone"


class Sessions:
    """Sessions of browsers."""

    def __init__(self, store: Store, links: Links) -> None:
        self._store = store
        self._links = links

    def enter(self, token: str, door: str, now: datetime) -> tuple[str, LinkSession]:
        """Use a link up and return the session's secret with the session.

        ``door`` is what the browser was given with the link's page; with the same one the same press may come
        again. Raises: NotFound when the link opens nothing (any more), Transient.
        """
        secret = hashed(f"{door}.{token}")
        try:
            return secret, self._begun(token, secret, now)
        except NotFound:
            known = self._alive(secret, now)
            if known is None:
                raise
            return secret, known

    def entered(self, token: str, door: str, now: datetime) -> tuple[str, LinkSession] | None:
        """Return the session that this browser opened by this link, with its secret, if it lasts."""
        secret = hashed(f"{door}.{token}")
        session = self._alive(secret, now)
        return None if session is None else (secret, session)

    def of(self, secret: str, conversation_id: str, now: datetime) -> LinkSession:
        """Return the session of a secret. Raises: NotFound, also when it is another conversation's."""
        session = self._alive(secret, now)
        if session is None or session.conversation_id != conversation_id:
            raise NotFound(OVER)
        return session

    def take(self, session: LinkSession, form: str, now: datetime) -> bool:
        """Take a form, before it is acted upon; False when it was taken before. Raises: Transient."""
        return until_won(lambda: self._taken(session, form, now))

    def tell(self, session: LinkSession, form: TakenForm, now: datetime) -> None:
        """Note what to say of a form. Raises: Transient."""
        until_won(lambda: self._told(session, form, now))

    def _begun(self, token: str, secret: str, now: datetime) -> LinkSession:
        ticket = self._links.look(token, now)
        session = LinkSession(
            hashed(secret),
            ticket.conversation_id,
            ticket.person,
            now,
            now + LIFE,
            expires_at=now.replace(microsecond=0) + KEPT,
        )
        self._links.use(token, now, Put(session))
        return session

    def _alive(self, secret: str, now: datetime) -> LinkSession | None:
        session = self._store.get(LinkSession, hashed(secret))
        return session if session is not None and now < session.until else None

    def _taken(self, session: LinkSession, form: str, now: datetime) -> bool:
        present = self._present(session)
        if taken(present, form) is not None:
            return False
        self._save(present, TakenForm(form), now)
        return True

    def _told(self, session: LinkSession, form: TakenForm, now: datetime) -> None:
        self._save(self._present(session), form, now)

    def _present(self, session: LinkSession) -> LinkSession:
        return self._store.get(LinkSession, *session.identity) or session

    def _save(self, present: LinkSession, form: TakenForm, now: datetime) -> None:
        others = tuple(each for each in present.forms if each.key != form.key)
        until = max(present.until, min(now + LIFE, present.at + LINK_LIFE))
        after = replace(present, forms=(*others, form)[-FORMS:], until=until, rev=present.rev + 1)
        self._store.commit(Put(after))


def taken(session: LinkSession, form: str) -> TakenForm | None:
    """Return a form that was taken, by its key."""
    return next((each for each in session.forms if each.key == form), None)


def form_token(secret: str) -> str:
    """Return what every form of a session carries, so that no other site can send one (CSRF)."""
    return hashed(f"form.{secret}")
