"""What the stand-in has seen: every Slack message, text message and line of a customer's thread, with its time.

The only state there is; safe to use from any thread. It knows neither HTTP nor how anything looks.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class Said:
    """One Slack message as it is now; ``versions`` counts its edits. ``only_for``: nobody else sees it."""

    channel: str
    ts: str
    text: str
    at: float
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json = field(default_factory=dict)
    versions: int = 1
    edited_at: float | None = None
    only_for: str | None = None


@dataclass(frozen=True)
class Text:
    """One text message that reached a phone, or that somebody typed there; ``carrier`` took it."""

    phone: str
    text: str
    at: float
    carrier: str = "sns"


@dataclass
class Line:
    """One line of a thread on a platform: ``by`` is customer, brand (typed natively) or nightdesk."""

    platform: str
    thread: str
    id: str
    author: str
    text: str
    by: str
    at: float
    deleted: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Happening:
    """Something that just happened, for whoever listens: ``what`` is slack, edit, whisper, sms, typed, line or click."""

    what: str
    thing: Any


class World:
    """Everything that was said, in order."""

    def __init__(self) -> None:
        self.said: list[Said] = []
        self.texts: list[Text] = []
        self.typed: list[Text] = []
        self.lines: list[Line] = []
        self.complaints: list[str] = []
        self.listeners: list[Callable[[Happening], None]] = []
        self._lock = threading.RLock()
        self._count = 0

    def add(self, what: str, thing: Said | Text | Line) -> None:
        """Record one thing and tell the listeners."""
        with self._lock:
            {"sms": self.texts, "typed": self.typed, "line": self.lines}.get(what, self.said).append(thing)  # type: ignore[attr-defined]
        self.tell(what, thing)

    def tell(self, what: str, thing: object) -> None:
        """Tell the listeners without recording anything new."""
        for listener in list(self.listeners):
            listener(Happening(what, thing))

    def complain(self, words: str) -> None:
        """Note something that the real service would refuse, or that nobody should ever receive."""
        with self._lock:
            self.complaints.append(words)

    def next_ts(self) -> str:
        """Return a message's name: Unix seconds and a counter, always growing."""
        with self._lock:
            self._count += 1
            return f"{int(time.time())}.{self._count:06d}"

    def message(self, channel: str, ts: str) -> Said | None:
        """Return the message of that name, or None."""
        return next((said for said in self.said if (said.channel, said.ts) == (channel, ts)), None)

    def line(self, line_id: str) -> Line | None:
        """Return the line of that id, or None."""
        return next((line for line in self.lines if line.id == line_id), None)

    def as_json(self) -> Json:
        """Return everything, for tests and the curious."""
        with self._lock:
            return {
                "slack": [asdict(said) for said in self.said],
                "sms": [asdict(text) for text in self.texts],
                "threads": [asdict(line) for line in self.lines],
                "complaints": list(self.complaints),
            }
