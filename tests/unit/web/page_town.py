"""A town with the linked page in it, and browsers: they keep cookies, read forms, and press buttons."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.classifier.topics import QUEUES
from chalicelib.domain.case import CaseView
from chalicelib.domain.personal_data import mask
from chalicelib.platforms.terms import PlatformTerms
from chalicelib.services.answering import Answering
from chalicelib.services.cases import Cases
from chalicelib.services.claims import Claims
from chalicelib.services.contacts import Contacts
from chalicelib.services.corrections import Corrections
from chalicelib.services.drafts import Drafts
from chalicelib.services.follow_ups import FollowUps
from chalicelib.services.hiding import Hidings
from chalicelib.services.links import Links, fresh_token
from chalicelib.services.playbooks import Suggestion
from chalicelib.services.reply_advice import ReplyAdvice
from chalicelib.services.sessions import Sessions
from chalicelib.web.page_acts import PageActs
from chalicelib.web.page_desk import LinkDesk
from chalicelib.web.page_http import Sheet
from chalicelib.web.page_replying import PageReplying
from chalicelib.web.page_view import Views
from tests.builders import a_team
from tests.unit.intake.desk_town import DeskTown

VIEWS = Views()


class Books:
    """The team's playbooks, as a test has them."""

    def __init__(self) -> None:
        self.suggestions: tuple[Suggestion, ...] = ()

    def suggest(self, case: CaseView) -> tuple[Suggestion, ...]:  # noqa: ARG002 - the port's name
        return self.suggestions


class PageTown(DeskTown):
    """A town whose texts carry links."""

    def __init__(self, **changes: Any) -> None:
        super().__init__(a_team(**changes))
        advisor = ReplyAdvice(self.store, PlatformTerms)
        queues = (*QUEUES, "other")
        drafts = Drafts(self.store)
        self.cases = Cases(self.store, self.team, mask, advisor)
        self.claims = Claims(self.store, self.saving, self.team, self.clock)
        self.links = Links(self.store, base_url="https://nd.example/l/", tokens=fresh_token)
        self.sessions = Sessions(self.store, self.links)
        self.judge_corrections = Corrections(self.store, self.books, self.team, queues)
        self.follow_ups = FollowUps(self.store, self.books, self.clock)
        self.hiding = Hidings(
            store=self.store,
            saving=self.saving,
            books=self.books,
            clock=self.clock,
            hiders=lambda platform: pytest.fail(f"nobody asks {platform} from the page"),
        )
        acts = PageActs(
            claims=self.claims,
            replies=self.replies,
            doubts=self.corrections,
            corrections=self.judge_corrections,
            contacts=Contacts(self.store, self.books),
            follow_ups=self.follow_ups,
            hiding=self.hiding,
        )
        answering = Answering(self.store, self.replies, self.claims, advisor, drafts)
        self.playbooks = Books()
        keys = count(1)
        self.desk = LinkDesk(
            links=self.links,
            sessions=self.sessions,
            cases=self.cases,
            acts=acts,
            replying=PageReplying(answering, drafts),
            playbooks=self.playbooks,
            teams=self.team,
            clock=self.clock,
            views=VIEWS,
            queues=queues,
            keys=lambda: f"page-{next(keys):04d}",
        )

    def link(self, person: str = "ana", conversation: str | None = None) -> str:
        """Text somebody a link; returns its token."""
        url, put = self.links.issue(conversation or self.id, person, self.clock.now())
        self.store.commit(put)
        return url.rsplit("/", 1)[1]

    def browser(self, person: str = "ana") -> Browser:
        """Return a browser in which somebody opened their link."""
        return Browser(self).enter(self.link(person))

    @property
    def case(self) -> CaseView:
        """Return the case as it is."""
        return self.cases.open(self.id, self.clock.now())

    @property
    def owner(self) -> str | None:
        return self.case.owner


@dataclass
class Form:
    """One form of a page, as a browser would send it."""

    action: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)


class Reading(HTMLParser):
    """Reads a page: its forms, its words, and every address it names."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.words: list[str] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self._inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.attributes |= set(has)
        self.addresses += [has[name] for name in ("src", "href") if name in has]
        self._inside.append(tag)
        if tag == "form":
            self.forms.append(Form(has.get("action", "")))
        elif self.forms and tag == "input" and (has.get("type") != "radio" or "checked" in has):
            self.forms[-1].fields[has["name"]] = has.get("value", "")

    def handle_data(self, data: str) -> None:
        if "style" in self._inside[-1:]:
            return
        if self._inside and self._inside[-1] == "button":
            self.forms[-1].buttons.append(data)
        self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            continue

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


class Browser:
    """A phone's browser, without JavaScript."""

    def __init__(self, town: PageTown) -> None:
        self.town = town
        self.jar: dict[str, str] = {}
        self.sheet = Sheet()

    def fetch(self, token: str) -> Sheet:
        """Open a link's page."""
        return self._got(self.town.desk.door(token, self.jar))

    def enter(self, token: str) -> Browser:
        """Open a link, press its button, and follow."""
        self.fetch(token)
        return self.press_door(token)

    def press_door(self, token: str) -> Browser:
        """Press the door's button and follow."""
        self._got(self.town.desk.enter(token, self.jar))
        return self.follow()

    def follow(self) -> Browser:
        """Go where the last answer sends."""
        assert self.sheet.status == 303
        place = urlsplit(self.sheet.location or "")
        conversation = place.path.rsplit("/", 1)[-1]
        done = parse_qs(place.query).get("done", [""])[0]
        self._got(self.town.desk.show(conversation, self.jar, done))
        return self

    def look(self) -> Browser:
        """Look again."""
        self._got(self.town.desk.show(self.town.id, self.jar))
        return self

    def form(self, act: str) -> dict[str, str]:
        """Return the fields of the page's form for an act."""
        found = [form for form in self.page.forms if form.fields.get("act") == act]
        assert found, f"there is no form for {act}: {self.acts}"
        return dict(found[0].fields)

    def press(self, act: str, **fields: str) -> Browser:
        """Fill in a form and send it; follows where it leads."""
        return self.send(self.form(act) | fields)

    def send(self, fields: dict[str, str], conversation: str | None = None) -> Browser:
        """Send a form as it is."""
        self._got(self.town.desk.act(conversation or self.town.id, self.jar, fields))
        return self.follow() if self.sheet.status == 303 else self

    @property
    def page(self) -> Reading:
        return Reading(self.sheet.html)

    @property
    def text(self) -> str:
        return self.page.text

    @property
    def acts(self) -> set[str]:
        return {form.fields.get("act", "") for form in self.page.forms}

    def _got(self, sheet: Sheet) -> Sheet:
        if sheet.cookie is not None:
            self.jar[sheet.cookie.name] = sheet.cookie.value
        self.sheet = sheet
        return sheet
