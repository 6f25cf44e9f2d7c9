"""A town whose people work in Slack: real cards, real forms, the stand-in's fingers, and no network between.

What is pressed must be on the card as it looks now, what is typed must fit the form that is open, and every form
must be one that Slack would take.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.case import CaseView
from chalicelib.domain.draft_rows import Drafting
from chalicelib.domain.personal_data import mask
from chalicelib.errors import NightdeskError
from chalicelib.notifiers.slack import render
from chalicelib.notifiers.slack.failures import failure
from chalicelib.notifiers.slack.modals import listed, modal
from chalicelib.platforms.terms import PlatformTerms
from chalicelib.services.alerts import Alerts
from chalicelib.services.answering import Answering
from chalicelib.services.cases import Cases
from chalicelib.services.claims import Claims
from chalicelib.services.corrections import Corrections
from chalicelib.services.dialog_port import Dialog, Listing
from chalicelib.services.drafts import Drafts
from chalicelib.services.follow_ups import FollowUps
from chalicelib.services.playbooks import Suggestion
from chalicelib.services.ports import Whisper
from chalicelib.services.reply_advice import ReplyAdvice
from chalicelib.services.reply_corrections import ReplyCorrections
from chalicelib.web.interactions import Interactions
from chalicelib.web.means import Means
from infra.standin.clicks import Clicks
from infra.standin.forms import Forms
from infra.standin.slack_api import SlackApi
from infra.standin.views import Opened
from infra.standin.world import Said
from infra.standin.world import World as Seen
from tests.fakes import Fuse
from tests.unit.intake.desk_town import DeskTown

ANA, BEN, STRANGER = "U01", "U02", "U77STRANGER"


class DirectDialogs:
    """The port ``Dialogs`` straight onto the stand-in; ``fails`` scripts the next call."""

    def __init__(self, slack: SlackApi) -> None:
        self._slack = slack
        self._script: list[NightdeskError] = []

    def fails(self, error: NightdeskError) -> None:
        """Let the next call raise."""
        self._script.append(error)

    def open(self, dialog: Dialog, *, trigger: str) -> None:
        self._call("views.open", {"trigger_id": trigger, "view": modal(dialog)})

    def renew(self, dialog: Dialog, *, view_id: str) -> None:
        self._call("views.update", {"view_id": view_id, "view": modal(dialog)})

    def shown(self, dialog: Dialog) -> Mapping[str, Any]:
        return modal(dialog)

    def listed(self, listing: Listing) -> Mapping[str, Any]:
        return listed(listing)

    def _call(self, method: str, arguments: dict[str, Any]) -> None:
        if self._script:
            raise self._script.pop(0)
        answer = self._slack.call(method, arguments, "xoxb-test")
        if not answer["ok"]:
            raise failure(200, answer["error"], {}, where="a form")


class SlackDesk(DeskTown):
    """People act in Slack; ``asked`` and the like are the town's."""

    def __init__(self, *, fuse: Fuse | None = None) -> None:
        super().__init__(fuse=fuse)
        self.seen = Seen()
        self.slack = SlackApi(self.seen)
        self.dialogs = DirectDialogs(self.slack)
        self.clicks = Clicks(
            self.seen,
            self.slack,
            lambda _path, body, _headers: (200, self.door.act(body)),
            secret="unused",
            home=lambda: "https://hooks.slack.com",
            again=lambda what: what in self.repeats,
        )
        self.forms = Forms(self.seen, self.slack, self.clicks)
        self.repeats: set[str] = set()
        self.suggestions: tuple[Suggestion, ...] = ()
        self.claims = Claims(self.store, self.saving, self.team, self.clock)
        self.drafts = Drafts(self.store)
        self.door = Interactions(self._means())

    def _means(self) -> Means:
        advice = ReplyAdvice(self.store, PlatformTerms)
        return Means(
            claims=self.claims,
            doubts=ReplyCorrections(self.books),
            replies=self.replies,
            corrections=Corrections(self.store, self.books, self.team, ("billing", "other")),
            follow_ups=FollowUps(self.store, self.books, self.clock),
            answering=Answering(self.store, self.replies, self.claims, advice, self.drafts),
            drafts=self.drafts,
            cases=Cases(self.store, self.team, mask, advice),
            playbooks=self,
            dialogs=self.dialogs,
            store=self.store,
            teams=self.team,
            clock=self.clock,
            outbound=self.outbound,
            hiding=self.hidings,
        )

    def suggest(self, _case: CaseView) -> tuple[Suggestion, ...]:
        """Return the playbooks a test has put in force."""
        return self.suggestions

    def card(self) -> Said:
        """Post the card as it looks now, and return it."""
        view = Alerts(self.store, mask).card(self.books.load(self.id), self.team.current(), self.clock.now())
        posted = self.slack.call(
            "chat.postMessage", {"channel": "#social", **render.message(view, "k")}, "xoxb-t"
        )
        assert posted["ok"], self.seen.complaints
        said = self.seen.message(posted["channel"], posted["ts"])
        assert said is not None
        return said

    def press(self, user: str, action: str, on: Said | None = None) -> str | None:
        """Press a button of the card, and return what that user alone was told."""
        before = len(self.outbound.sent)
        assert self.clicks.press(user, on or self.card(), action) == 200
        return self.told(before)

    def submit(self, user: str, **answers: str) -> str | None:
        """Fill in the open form and send it, and return what that user alone was told."""
        before = len(self.outbound.sent)
        assert self.forms.submit(user, answers) == 200
        return self.told(before)

    def told(self, since: int = 0) -> str | None:
        """Return the last thing somebody was told alone."""
        said = [m.text for m in self.outbound.messages[since:] if isinstance(m, Whisper)]
        return said[-1] if said else None

    def open_to(self, user: str) -> Opened | None:
        """Return the form somebody has open."""
        return self.slack.views.of(user)

    def shown_to(self, user: str) -> str:
        """Return every word of the form somebody has open."""
        return words_of(self.forms.open_to(user).view)

    @property
    def writing(self) -> list[str]:
        """Return who is held to be writing."""
        return [row.person for row in self.store.everything(Drafting)]


def words_of(part: object) -> str:
    """Return every text of a message or a form, one a line."""
    if isinstance(part, Mapping):
        own = [value for name, value in part.items() if name == "text" and isinstance(value, str)]
        return "\n".join([*own, *(words_of(value) for value in part.values() if not isinstance(value, str))])
    return "\n".join(map(words_of, part)) if isinstance(part, list) else ""
