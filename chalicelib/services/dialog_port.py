"""What a person is asked to fill in, as plain values, and the port that shows it to them.

A dialog says what it shows and asks; how that looks is a notifier's. Texts are raw: whoever shows them makes
them safe. Nothing here knows Slack.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.alert import Said
from chalicelib.errors import NotFound


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence of ours, in pieces. ``small``: an aside. ``alarm``: something to read before going on."""

    said: tuple[Said, ...]
    small: bool = False
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody wrote, already masked of personal data; ``who`` and ``at`` introduce it."""

    who: str
    text: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TextField:
    """Room for words. ``fresh`` counts how often its value was replaced: a new one shows ``value`` anew."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    optional: bool = False
    long: bool = True
    fresh: int = 0


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One of several: ``choices`` are (value, words). ``live``: choosing asks us at once for a new dialog.

    ``fresh`` is as a ``TextField``'s.
    """

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]
    value: str | None = None
    optional: bool = False
    live: bool = False
    fresh: int = 0


@dataclass(frozen=True, slots=True)
class MomentField:
    """A day and a time, in the reader's own zone."""

    name: str
    label: str
    value: datetime


Item = Words | Quote | TextField | ChoiceField | MomentField


@dataclass(frozen=True, slots=True)
class Dialog:
    """One form. ``memory`` comes back with its answers; ``submit`` None: it only tells something.

    ``tz`` is where instants are told for clients that cannot show their reader's own zone.
    """

    kind: str
    title: str
    items: tuple[Item, ...]
    submit: str | None = None
    memory: Mapping[str, str] = field(default_factory=dict)
    tz: str = "UTC"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: a sentence, a quote under it, and the conversation that a button beside it opens."""

    said: tuple[Said, ...]
    quote: str = ""
    conversation_id: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """An answer to a command: a heading, lines, and an aside at the end."""

    title: tuple[Said, ...]
    rows: tuple[Row, ...] = ()
    footer: str = ""
    tz: str = "UTC"


class TooLate(NotFound):
    """The press that asked for a dialog is too old to open one: press again."""


class Dialogs(Protocol):
    """Shows dialogs to the person who pressed."""

    def open(self, dialog: Dialog, *, trigger: str) -> None:
        """Open one over what the person sees. Raises: TooLate, Transient, Permanent."""
        ...

    def renew(self, dialog: Dialog, *, view_id: str) -> None:
        """Show another in place of an open one. Raises: NotFound (it was closed), Transient, Permanent."""
        ...

    def shown(self, dialog: Dialog) -> Mapping[str, Any]:
        """Return a dialog as the notifier's own protocol writes it, to answer a submission with."""
        ...

    def listed(self, listing: Listing) -> Mapping[str, Any]:
        """Return a list as the notifier's own protocol writes it, to answer a command with."""
        ...


def words(*said: Said) -> Words:
    """Return a sentence of these pieces."""
    return Words(said)


def aside(*said: Said) -> Words:
    """Return an aside of these pieces."""
    return Words(said, small=True)


def alarm(*said: Said) -> Words:
    """Return a warning of these pieces."""
    return Words(said, alarm=True)
