"""``/nightdesk``: my open work, the queue by deadline, a customer. Lists only; acting is for buttons.

The answer goes out with the response itself, within Slack's three seconds, and only the one who asked sees it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Protocol

from chalicelib.domain.alert import Said
from chalicelib.domain.conversation import State
from chalicelib.services.dialog_port import Listing, Row
from chalicelib.services.worklist import Found, Item
from chalicelib.web.commands import typed
from chalicelib.web.people import person_of, stranger

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.services.dialog_port import Dialogs
    from chalicelib.services.ports import Clock, TeamSource

LONGEST = 100
"""No name and no id is longer; a key of the table could not hold a page of text."""

USAGE = """\
`/nightdesk` lists what you have.
`/nightdesk queue` lists everybody's open work, the most pressing first.
`/nightdesk find NAME` finds a customer by a part of their name or handle, among open work.
`/nightdesk find ID` finds a customer by their exact id on the platform, or a conversation by its own, open or not.
`/oncall` says who is on call."""


class Lists(Protocol):
    """Lists of conversations."""

    def mine(self, person: str, now: datetime) -> Found:
        """Return what a person has."""
        ...

    def queue(self, now: datetime) -> Found:
        """Return everybody's open work."""
        ...

    def find(self, words: str, now: datetime) -> Found:
        """Return a customer's conversations."""
        ...


class DeskCommands:
    """Answers ``/nightdesk``."""

    def __init__(self, *, lists: Lists, dialogs: Dialogs, teams: TeamSource, clock: Clock) -> None:
        self._lists = lists
        self._dialogs = dialogs
        self._teams = teams
        self._clock = clock

    def answer(self, body: bytes) -> str:
        """Return Slack's answer to what was typed: a message of JSON. Raises: Transient."""
        asked, team = typed(body), self._teams.current()
        person = person_of(team, asked.user)
        if person is None:
            return self._said(Listing((stranger(team, asked.user),)))
        return self._said(self._listing(asked.words, person))

    def _listing(self, words: tuple[str, ...], person: str) -> Listing:
        now = self._clock.now()
        match words:
            case ():
                return _listing("You have", "Nothing is yours right now.", self._lists.mine(person, now))
            case ("queue",):
                return _listing("Open work, by deadline", "Nobody waits.", self._lists.queue(now))
            case ("find", *rest) if rest:
                sought = " ".join(rest)[:LONGEST]
                return _listing(
                    f"Found for {sought}", f"Nobody found for {sought}.", self._lists.find(sought, now)
                )
        return Listing(("What you can ask:",), tuple(Row((line,)) for line in USAGE.splitlines()))

    def _said(self, listing: Listing) -> str:
        return json.dumps(self._dialogs.listed(listing))


def _listing(title: str, nothing: str, found: Found) -> Listing:
    most = found.looked_at
    footer = f"Only the {most} most pressing conversations were looked through." if most else ""
    if not found.items:
        return Listing((nothing,), footer=footer)
    count = f"{found.count}" if len(found.items) == found.count else f"{len(found.items)} of {found.count}"
    return Listing((f"{title}: {count}",), tuple(_row(item) for item in found.items), footer)


def _row(item: Item) -> Row:
    who = f"{item.handle} on {item.platform.capitalize()}, {item.priority}"
    return Row((who, *_standing(item)), item.quote, item.conversation_id)


def _standing(item: Item) -> tuple[Said, ...]:
    owner = f", with {item.owner}" if item.owner else ""
    if item.at is None:
        return (f", {item.state.replace('_', ' ')}{owner}",)
    word = "paused until" if item.state is State.PAUSED else "due"
    return (f", {word} ", item.at, owner) if owner else (f", {word} ", item.at)
