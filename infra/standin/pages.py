"""Shows the world to people: a phone, Slack's channels and the customers' threads, on one page.

It only reads. Everything that anybody wrote is escaped; pressing a button is a plain form, so the page works
without JavaScript, which only refreshes it in place.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from infra.standin import mrkdwn
from infra.standin.clicks import buttons
from infra.standin.slack_api import SlackApi
from infra.standin.world import Line, Said, World

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Person:
    """Somebody whose phone and Slack the page shows."""

    name: str
    slack: str = ""
    phone: str = ""


class Pages:
    """The page and its refreshing inside."""

    def __init__(self, world: World, slack: SlackApi, people: list[Person]) -> None:
        self._world = world
        self._slack = slack
        self._people = people
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
        )
        self._templates.filters["clock"] = lambda at: time.strftime("%H:%M:%S", time.localtime(at))
        self._templates.filters["minute"] = lambda at: time.strftime("%Y-%m-%dT%H:%M", time.localtime(at))
        self._templates.filters["mrkdwn"] = partial(mrkdwn.html, name_of=self.name_of)
        self._templates.globals["buttons"] = buttons
        self._templates.tests["typed"] = lambda text: any(text is one for one in world.typed)

    def whole(self, me: str | None) -> str:
        """Return the page as a person sees it; ``me`` is the Slack member whose fingers press."""
        return self._templates.get_template("page.html").render(**self._shown(me))

    def inner(self, me: str | None) -> str:
        """Return what changes, for the page to put in place."""
        return self._templates.get_template("inner.html").render(**self._shown(me))

    def _shown(self, me: str | None) -> dict[str, Any]:
        present = [person for person in self._people if person.slack]
        chosen = me or (present[0].slack if present else "U0NOBODY")
        return {
            "people": present,
            "me": chosen,
            "phones": self._phones(),
            "channels": self._channels(chosen),
            "threads": self._threads(),
            "complaints": self._world.complaints,
            "modal": self._slack.views.of(chosen),
        }

    def _phones(self) -> list[tuple[str, str, list[Any]]]:
        names = {person.phone: person.name for person in self._people}
        said = sorted([*self._world.texts, *self._world.typed], key=lambda text: text.at)
        phones = dict.fromkeys([*names, *(text.phone for text in said)])
        texts = {phone: [t for t in said if t.phone == phone] for phone in phones if phone}
        return [(names.get(phone, phone), phone, sent) for phone, sent in texts.items() if sent]

    def _channels(self, me: str) -> list[tuple[str, list[Said]]]:
        """Group messages by place: channels first, then each person's direct messages."""
        seen = [said for said in self._world.said if said.only_for in (None, me)]
        places = sorted({said.channel for said in seen}, key=lambda c: (c.startswith("D"), c))
        return [(self._place(place), [said for said in seen if said.channel == place]) for place in places]

    def _place(self, channel: str) -> str:
        name = self._slack.name_of(channel)
        return f"direct message to {self.name_of(name[1:])}" if name.startswith("@") else name

    def _threads(self) -> list[tuple[str, list[Line]]]:
        threads = dict.fromkeys((line.platform, line.thread) for line in self._world.lines)
        return [
            (
                platform,
                [line for line in self._world.lines if (line.platform, line.thread) == (platform, thread)],
            )
            for platform, thread in threads
        ]

    def name_of(self, address: str) -> str:
        """Return whose Slack member id or phone an address is; itself if nobody's."""
        return next(
            (person.name for person in self._people if address in (person.slack, person.phone)), address
        )
