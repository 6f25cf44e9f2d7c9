"""Draws the linked page: Jinja templates, escaped by themselves, with one style sheet and nothing from elsewhere.

Jinja is loaded here alone. It shows what it is given: every rule of what may be seen or done is elsewhere's.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chalicelib.domain.case import CaseView, Line, Note, Speaker, Way
from chalicelib.domain.conversation import State
from chalicelib.domain.escalation_words import duration_words
from chalicelib.domain.labels import Correction
from chalicelib.domain.link_rows import TakenForm
from chalicelib.domain.wallclock import local
from chalicelib.services.playbooks import Suggestion, Wording
from chalicelib.web.dialogs import CORRECTIONS, REASONS
from chalicelib.web.page_acts import LATER, PAUSES
from chalicelib.web.page_replying import NOTHING, PRIVATE, PUBLIC, Typed

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
_UTC_CLOCK = re.compile(r"\b([01]\d|2[0-3]):([0-5]\d) UTC\b")
TEMPLATES = Path(__file__).parent / "templates"
_HOW = {
    Speaker.NATIVE: "in the platform's own app",
    Speaker.AUTOMATIC: "automatic",
    Speaker.OURS: "from here",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """What the page shows beside the case: who is there, where and how its forms are sent, and what is to be said."""

    me: str
    csrf: str
    key: str
    action: str
    queues: tuple[str, ...] = ()
    playbooks: tuple[Suggestion, ...] = ()
    said: TakenForm | None = None
    typed: Typed = NOTHING


class Views:
    """The pages there are."""

    def door(self) -> str:
        """Return the page with the one button."""
        return self._drawn("door.html", {})

    def told(self, title: str, words: str, *, on: str | None = None) -> str:
        """Return a page that says one thing kindly, and where to look; ``on`` leads to a page still open."""
        return self._drawn("told.html", {"title": title, "words": words, "on": on})

    def case(self, case: CaseView, desk: Desk) -> str:
        """Return the conversation, and the forms for what this person may do."""
        acts = case.acts_of(desk.me)
        return self._drawn(
            "case.html",
            {
                "case": case,
                "desk": desk,
                "acts": {act.value for act in acts},
                "ways": [way for way in case.ways if way.is_open],
                "shut": [way for way in case.ways if not way.is_open],
                "seen": case.last_answer,
                "at": partial(moment, case=case),
                "noted": partial(noted, case=case),
                "due": due_words(case),
                "title": title(case, desk.me),
                "waiting": case.state in (State.WAITING, State.PAUSED),
                "sending": any(reply.busy for reply in case.underway),
                "others": [name for name in case.people if name not in (desk.me, case.owner)],
                "corrections": corrections_of(case),
            },
        )

    @cached_property
    def style(self) -> str:
        """The one style sheet."""
        return (TEMPLATES / "page.css").read_text()

    @cached_property
    def style_hash(self) -> str:
        """What lets the browser apply exactly this style sheet (CSP)."""
        digest = hashlib.sha256(self.style.encode()).digest()
        return f"sha256-{base64.b64encode(digest).decode()}"

    @cached_property
    def _templates(self) -> Environment:
        made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
        made.globals.update(style=self.style, reasons=REASONS, pauses=PAUSES, later=LATER)
        made.globals.update(way_name=way_name, how=how, sayable=sayable)
        made.filters["web"] = web_address
        return made

    def _drawn(self, name: str, shown: Mapping[str, Any]) -> str:
        return self._templates.get_template(name).render(shown)


def moment(at: datetime, *, case: CaseView) -> str:
    """Return an instant on the team's wall; the day only where it is another one."""
    wall, today = local(at, case.tz), local(case.now, case.tz)
    if wall.date() == today.date():
        return f"{wall:%H:%M}"
    return f"{wall:%a %H:%M}" if abs((wall.date() - today.date()).days) < 7 else f"{wall:%d %b %H:%M}"  # noqa: PLR2004 - a week


def noted(note: Note, case: CaseView) -> str:
    """Return a line of the timeline with its clocks, which rows tell in UTC, on the team's wall."""

    def told(found: re.Match[str]) -> str:
        clock = note.at.astimezone(UTC).replace(hour=int(found[1]), minute=int(found[2]))
        later = clock + DAY if clock < note.at - DAY / 2 else clock
        return f"{local(later, case.tz):%H:%M}"

    return _UTC_CLOCK.sub(told, note.words)


def due_words(case: CaseView) -> str:
    """Return the deadline and how long that is, or nothing where no clock runs."""
    if case.deadline_at is None:
        return ""
    left = case.deadline_at - case.now
    clock, length = moment(case.deadline_at, case=case), _length(left)
    return f"was due {clock}, {length} ago" if left < timedelta(0) else f"by {clock}, {length} left"


def _length(duration: timedelta) -> str:
    """Return a duration as people say it: no seconds where there are minutes, and never broken over a line."""
    whole = abs(duration)
    if whole >= MINUTE:
        whole -= whole % MINUTE
    return duration_words(whole).replace(" ", "\N{NO-BREAK SPACE}")


def title(case: CaseView, me: str) -> str:
    """Return how it stands, for this person."""
    if case.owner is not None:
        return "You have it" if case.owner == me else f"{case.owner} has it"
    return "Nobody has it yet" if case.state is State.WAITING else case.headline


def web_address(address: str | None) -> str:
    """Return an address of the web, and nothing for any other: a platform's payload may say ``javascript:``."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return ""
    return address or "" if parts.scheme in ("http", "https") and parts.netloc else ""


def way_name(way: Way) -> str:
    """Return how a form names a way to answer."""
    return PRIVATE if way.private else PUBLIC


def sayable(wording: Wording, ways: Sequence[Way]) -> bool:
    """Tell whether a wording can be said some way that is open."""
    return wording.private is None or wording.private in {way.private for way in ways}


def how(line: Line) -> str:
    """Return how the brand said a line; nothing of the customer's."""
    return _HOW.get(line.speaker, "")


def corrections_of(case: CaseView) -> dict[str, str]:
    """Return what may be said of the judgement: that it is right already is not among it."""
    senseless = set()
    if case.kind != "complaint":
        senseless.add(Correction.NOT_A_COMPLAINT)
    if case.priority == "urgent":
        senseless.add(Correction.WAS_URGENT)
    if case.state == "no_answer_needed":
        senseless.add(Correction.NEEDED_NO_ANSWER)
    return {one.value: words for one, words in CORRECTIONS.items() if one not in senseless}
