"""The linked page: a door that uses nothing up, and behind it one conversation for one person.

A GET changes nothing, because phones and carriers fetch links to preview them. Every form is one person's, for one
conversation, and acts once. How it looks is ``page_view``'s, what an act does ``page_acts``'.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import TYPE_CHECKING

from chalicelib.domain.link_rows import LinkSession, TakenForm
from chalicelib.errors import NotFound, Rejected
from chalicelib.services.links import LIFE as LINK_LIFE
from chalicelib.services.sessions import LIFE, OVER, form_token, taken
from chalicelib.web.page_acts import Asked
from chalicelib.web.page_http import DOOR, Cookie, Sheet, session_cookie
from chalicelib.web.page_replying import NOTHING, ON_ITS_WAY, Typed, worded
from chalicelib.web.page_view import Desk
from chalicelib.web.reply_dialog import WORDING, wording_of

if TYPE_CHECKING:
    from chalicelib.domain.case import CaseView
    from chalicelib.services.cases import Cases
    from chalicelib.services.links import Links
    from chalicelib.services.ports import Clock, TeamSource
    from chalicelib.services.sessions import Sessions
    from chalicelib.web.means import Suggesting
    from chalicelib.web.page_acts import PageActs
    from chalicelib.web.page_replying import PageReplying
    from chalicelib.web.page_view import Views

REPLY = "reply"
DOOR_SECONDS = int(LINK_LIFE.total_seconds())
"""As long as the link: whoever taps the text again an hour later is led back to what is still open."""
_KEY = re.compile(r"[A-Za-z0-9_-]{8,40}")
_ACT = re.compile(r"[a-z_]{1,40}")
_DOOR = re.compile(r"[A-Za-z0-9_-]{20,60}")

Cookies = Mapping[str, str]


def fresh_key() -> str:
    """Return a name for the forms of one page as shown once."""
    return secrets.token_urlsafe(9)


@dataclass(frozen=True, slots=True)
class Opened:
    """A request from behind the door: whose it is, when, and the secret its forms are proven by."""

    session: LinkSession
    secret: str
    now: datetime


class LinkDesk:
    """Answers browsers. Raises what it cannot do: NotFound, Rejected, Transient; the routes have words for it."""

    def __init__(
        self,
        *,
        links: Links,
        sessions: Sessions,
        cases: Cases,
        acts: PageActs,
        replying: PageReplying,
        playbooks: Suggesting,
        teams: TeamSource,
        clock: Clock,
        views: Views,
        queues: tuple[str, ...] = (),
        keys: Callable[[], str] = fresh_key,
    ) -> None:
        self._links = links
        self._sessions = sessions
        self._cases = cases
        self._acts = acts
        self._replying = replying
        self._playbooks = playbooks
        self._teams = teams
        self._clock = clock
        self._views = views
        self._queues = queues
        self._keys = keys

    # --- before the door --------------------------------------------------------------------------------

    def door(self, token: str, cookies: Cookies) -> Sheet:
        """Show the one button. Nothing is used up. Raises: NotFound, Transient."""
        now, door = self._clock.now(), _door_of(cookies)
        entered = self._sessions.entered(token, door, now) if door else None
        if entered is not None:
            return _let_in(*entered)
        self._links.look(token, now)
        cookie = Cookie(DOOR, door or secrets.token_urlsafe(18), DOOR_SECONDS)
        return Sheet(self._views.door(), cookie=cookie)

    def enter(self, token: str, cookies: Cookies) -> Sheet:
        """Use the link up and let this browser in. Raises: NotFound, Transient."""
        door = _door_of(cookies) or secrets.token_urlsafe(18)
        secret, session = self._sessions.enter(token, door, self._clock.now())
        return _let_in(secret, session)

    # --- behind it --------------------------------------------------------------------------------------

    def show(self, conversation_id: str, cookies: Cookies, done: str = "") -> Sheet:
        """Show the conversation; ``done`` names the form that was just sent. Raises: NotFound, Transient."""
        opened = self._opened(conversation_id, cookies)
        said = taken(opened.session, done) if done else None
        return self._sheet(opened, said=said)

    def act(self, conversation_id: str, cookies: Cookies, form: Mapping[str, str]) -> Sheet:
        """Do what a form asks, once. Raises: NotFound, Rejected (403) for a form that is not ours, Transient."""
        opened = self._opened(conversation_id, cookies)
        name, key = form.get("act", ""), form.get("key", "")
        if not compare_digest(form.get("csrf", "").encode(), form_token(opened.secret).encode()):
            raise Rejected("this form does not come from the page you opened")
        if _KEY.fullmatch(key) is None:
            raise Rejected("this form is not whole")
        asked = self._asked(opened, form)
        return self._reply(opened, asked, key) if name == REPLY else self._do(opened, asked, name, key)

    def _do(self, opened: Opened, asked: Asked, name: str, key: str) -> Sheet:
        """Take the form first and act then: one sent twice acts once, however it ends."""
        own = (
            f"{key}.{name}" if _ACT.fullmatch(name) else key
        )  # it goes into an address, and so into a header
        if self._sessions.take(opened.session, own, opened.now):
            self._sessions.tell(opened.session, self._acts.act(name, asked, own), opened.now)
        return _back(opened, own)

    def _reply(self, opened: Opened, asked: Asked, key: str) -> Sheet:
        """Answer; the answer itself is known by the form's key, so that it is sent once."""
        own = f"{key}.{REPLY}"
        typed = self._worded(opened, asked) or self._replying.send(asked, own)
        if typed is not None:
            return self._sheet(opened, typed=typed, key=key)
        self._sessions.tell(opened.session, TakenForm(own, ON_ITS_WAY), opened.now)
        return _back(opened, own)

    def _worded(self, opened: Opened, asked: Asked) -> Typed | None:
        """Begin with a playbook's wording, where one was pressed instead of Send."""
        chosen = asked.form.get(WORDING)
        if chosen is None:
            return None
        wording = wording_of(self._playbooks.suggest(self._case(opened)), chosen)
        return NOTHING if wording is None else worded(asked, wording)

    def _sheet(
        self, opened: Opened, *, said: TakenForm | None = None, typed: Typed = NOTHING, key: str = ""
    ) -> Sheet:
        case = self._case(opened)
        desk = Desk(
            me=opened.session.person,
            csrf=form_token(opened.secret),
            key=key or self._keys(),
            action=case.conversation_id,
            queues=self._queues,
            playbooks=self._playbooks.suggest(case) if case.deadline_at else (),
            said=said,
            typed=typed,
        )
        return Sheet(self._views.case(case, desk))

    def _case(self, opened: Opened) -> CaseView:
        return self._cases.open(opened.session.conversation_id, opened.now)

    def _asked(self, opened: Opened, form: Mapping[str, str]) -> Asked:
        session = opened.session
        tz = self._cases.zone(session.conversation_id)
        return Asked(session.conversation_id, session.person, opened.now, tz, form)

    def _opened(self, conversation_id: str, cookies: Cookies) -> Opened:
        """Return whose request this is: only what the cookie says counts. Raises: NotFound."""
        now = self._clock.now()
        secret = cookies.get(session_cookie(conversation_id), "")
        session = self._sessions.of(secret, conversation_id, now)
        if session.person not in self._teams.current().people:
            raise NotFound(OVER)
        return Opened(session, secret, now)


def _let_in(secret: str, session: LinkSession) -> Sheet:
    """Lead to the conversation with the cookie that opens it: the answer that brought it first may be lost."""
    name = session.conversation_id
    return Sheet(status=303, location=f"case/{name}", cookie=_cookie(name, secret))


def _back(opened: Opened, key: str) -> Sheet:
    """Lead back to the page, which says what came of a form; the cookie lasts as long as the session does now."""
    conversation_id = opened.session.conversation_id
    cookie = _cookie(conversation_id, opened.secret)
    return Sheet(status=303, location=f"{conversation_id}?done={key}", cookie=cookie)


def _cookie(conversation_id: str, secret: str) -> Cookie:
    return Cookie(session_cookie(conversation_id), secret, int(LIFE.total_seconds()))


def _door_of(cookies: Cookies) -> str:
    """Return what this browser was given at the door, if it looks like something we gave."""
    door = cookies.get(DOOR, "")
    return door if _DOOR.fullmatch(door) else ""
