"""What people do in Slack, given to whoever acts on it.

Buttons are ``presses``', buttons that ask something first ``openings``', forms ``submissions``'. Somebody whom the team file does not know changes nothing, and is told whom to ask.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from chalicelib.errors import NotFound
from chalicelib.services.ports import Whisper
from chalicelib.web.answers import CLOSE, pointed_out
from chalicelib.web.openings import Openings
from chalicelib.web.payloads import Closed, Deed, Press, Submission, deeds
from chalicelib.web.people import person_of, stranger
from chalicelib.web.presses import Presses
from chalicelib.web.replying import Replying
from chalicelib.web.submissions import Submissions

if TYPE_CHECKING:
    from chalicelib.services.platform_port import Delivery
    from chalicelib.web.means import Means


class Interactions:
    """Acts on what people do."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._replying = Replying(means)
        self._presses = Presses(means)
        self._openings = Openings(means, self._replying)
        self._submissions = Submissions(means, self._replying)

    def act(self, body: bytes) -> str:
        """Do what was done in Slack and return what to answer; anything unknown is nothing. Raises: Transient."""
        answers = [self._done(deed) for deed in deeds(body)]
        return next(filter(None, answers), CLOSE)

    def _done(self, deed: Deed) -> str:
        team = self._means.teams.current()
        person = person_of(team, deed.user)
        if person is None:
            return self._refused(deed, stranger(team, deed.user))
        match deed:
            case Press():
                self._pressed(deed, person)
            case Submission():
                return self._submissions.act(deed, person)
            case Closed() if deed.view.kind == "reply":
                self._replying.given_up(deed.view.memory.get("conversation", ""), person)
        return CLOSE

    def _pressed(self, press: Press, person: str) -> None:
        if press.view is not None:
            with suppress(NotFound):  # the form was closed, or the conversation is gone
                self._replying.chosen(press)
        elif self._presses.knows(press.action):
            self._tell(press, self._presses.act(press, person))
        elif self._openings.knows(press.action):
            self._tell(press, self._openings.act(press, person))

    def _refused(self, deed: Deed, words: str) -> str:
        if isinstance(deed, Submission):
            return pointed_out(deed.view, "", words)
        ours = self._presses.knows, self._openings.knows
        if isinstance(deed, Press) and any(knows(deed.action) for knows in ours):
            self._tell(deed, words)
        return CLOSE

    def _tell(self, press: Press, words: str | None) -> None:
        if words and press.response_url:
            self._means.outbound.send(Whisper(press.response_url, words))


def challenge(delivery: Delivery) -> str:
    """Return what Slack wants repeated when an events address is entered; empty for any other event."""
    try:
        event = json.loads(delivery.body)
    except ValueError:
        return ""
    asked = isinstance(event, dict) and event.get("type") == "url_verification"
    return str(event.get("challenge", "")) if asked else ""
