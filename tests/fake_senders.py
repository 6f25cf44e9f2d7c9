"""A carrier and a Slack workspace in memory, with failures and time-outs scripted per address."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from chalicelib.domain.alert import AlertView
from chalicelib.errors import NotFound, OutcomeUnknown
from chalicelib.services.ports import Posted
from tests.crash import Fuse


@dataclass(frozen=True, slots=True)
class Text:
    """One SMS that reached a phone."""

    phone: str
    text: str
    key: str


@dataclass(slots=True)
class _Outcomes:
    """Errors to come, per address; ``OutcomeUnknown`` may hide a hand-over that did happen."""

    script: dict[str, list[tuple[Exception, bool]]] = field(default_factory=dict)

    def add(self, address: str, error: Exception, *, arrives: bool) -> None:
        self.script.setdefault(address, []).append((error, arrives))

    def next(self, address: str) -> tuple[Exception | None, bool]:
        waiting = self.script.get(address)
        return waiting.pop(0) if waiting else (None, True)


class FakeSms:
    """A carrier. ``sent`` is what phones received; ``fails`` scripts the next hand-over to a phone."""

    def __init__(self, fuse: Fuse | None = None, *, hears: bool = True) -> None:
        self.hears = hears
        self._fuse = fuse or Fuse()
        self._outcomes = _Outcomes()
        self.sent: list[Text] = []

    def fails(self, phone: str, error: Exception) -> None:
        """Refuse the next text to this phone."""
        self._outcomes.add(phone, error, arrives=False)

    def times_out(self, phone: str, *, arrives: bool) -> None:
        """Let the next text to this phone end in a time-out, after it did or did not arrive."""
        self._outcomes.add(phone, OutcomeUnknown(f"no answer about {phone}"), arrives=arrives)

    def send(self, *, phone: str, text: str, key: str) -> str:
        self._fuse.effect(f"sms.send {phone}")
        error, arrives = self._outcomes.next(phone)
        if arrives:
            self.sent.append(Text(phone, text, key))
        if error is not None:
            raise error
        return f"sms-{len(self.sent)}"


@dataclass(frozen=True, slots=True)
class Shown:
    """One Slack message as it stands; ``edits`` counts how often it was rendered anew."""

    posted: Posted
    view: AlertView
    key: str
    edits: int = 0


class FakeChat:
    """A Slack workspace. ``shown`` is every message in order as last rendered; ``whispers`` went to one user."""

    def __init__(self, fuse: Fuse | None = None) -> None:
        self._fuse = fuse or Fuse()
        self._outcomes = _Outcomes()
        self._shown: dict[Posted, Shown] = {}
        self.whispers: list[tuple[str, str]] = []

    @property
    def shown(self) -> list[Shown]:
        """Return the messages, oldest first."""
        return list(self._shown.values())

    def fails(self, channel: str, error: Exception) -> None:
        """Refuse the next post or edit in this channel."""
        self._outcomes.add(channel, error, arrives=False)

    def times_out(self, channel: str, *, arrives: bool) -> None:
        """Let the next post or edit in this channel end in a time-out, after it did or did not happen."""
        self._outcomes.add(channel, OutcomeUnknown(f"no answer about {channel}"), arrives=arrives)

    def goes_down(self, channel: str, error: Exception) -> None:
        """Refuse everything in this channel until it ``comes_back``."""
        for _ in range(1000):
            self.fails(channel, error)

    def comes_back(self, channel: str) -> None:
        """Take messages in this channel again."""
        self._outcomes.script.pop(channel, None)

    def delete(self, at: Posted) -> None:
        """Remove a message, as a person in Slack can."""
        del self._shown[at]

    def post(self, *, channel: str, view: AlertView, key: str) -> Posted:
        self._fuse.effect(f"chat.post {channel}")
        error, arrives = self._outcomes.next(channel)
        posted = Posted(channel, f"{len(self._shown) + 1}.000100")
        if arrives:
            self._shown[posted] = Shown(posted, view, key)
        if error is not None:
            raise error
        return posted

    def edit(self, *, at: Posted, view: AlertView, key: str) -> None:
        self._fuse.effect(f"chat.edit {at.channel}")
        error, arrives = self._outcomes.next(at.channel)
        if at not in self._shown:
            raise NotFound(f"no message {at.ts} in {at.channel}")
        if arrives:
            before = self._shown[at]
            self._shown[at] = replace(before, view=view, key=key, edits=before.edits + 1)
        if error is not None:
            raise error

    def find(self, *, channel: str, key: str) -> Posted | None:
        mine = (one.posted for one in self.shown if one.posted.channel == channel and one.key == key)
        return next(mine, None)

    def whisper(self, *, response_url: str, text: str) -> None:
        self._fuse.effect("chat.whisper")
        self.whispers.append((response_url, text))
