"""Tells the demo's night on a terminal as it happens; in colour where somebody looks, plain in a file."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable

from infra.standin import mrkdwn
from infra.standin.views import Opened
from infra.standin.world import Happening, Line, Said, Text

RESET = "\033[0m"
COLOURS = {
    "act": "\033[1m",
    "sms": "\033[35m",
    "slack": "\033[33m",
    "good": "\033[32m",
    "bad": "\033[31m",
    "soft": "\033[2m",
}
WIDTH = 150


class Teller:
    """Writes one line for each thing that happens, with the seconds since the night began."""

    def __init__(self, place: Callable[[Said], str], name_of: Callable[[str], str]) -> None:
        self._place = place
        self._name_of = name_of
        self._began = time.time()
        self._lock = threading.Lock()
        self._colourful = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def begin(self) -> None:
        """Count from now."""
        self._began = time.time()

    def act(self, words: str) -> None:
        """Tell what a person does."""
        self.line("act", words)

    def line(self, colour: str, words: str) -> None:
        """Write one line."""
        clock = int(time.time() - self._began)
        text = words if len(words) <= WIDTH else words[: WIDTH - 1] + "…"
        painted = f"{COLOURS[colour]}{text}{RESET}" if self._colourful else text
        with self._lock:
            print(f"{clock // 60:2d}:{clock % 60:02d}  {painted}", flush=True)

    def __call__(self, happening: Happening) -> None:
        """Tell what the world has just seen."""
        match happening.what, happening.thing:
            case "sms", Text() as text:
                self.line("sms", f"   SMS to {self._name_of(text.phone)}: {text.text}")
            case "typed", Text() as text:
                self.line("soft", f"   {self._name_of(text.phone)} texts back: {text.text}")
            case "slack" | "edit" as what, Said() as said:
                word = "now says" if what == "edit" else "says"
                place, _, person = self._place(said).partition(":")
                where = f"to {person.capitalize()}" if person else place
                self.line("slack", f"   Slack {where} {word}: {plain(said.text, self._name_of)}")
            case "whisper", Said() as said:
                who = self._name_of(said.only_for or "")
                self.line("slack", f"   Slack, only to {who}: {plain(said.text, self._name_of)}")
            case "click", (user, action, status):
                self.line(
                    "soft", f"   {self._name_of(user)} presses {action.replace('_', ' ')}: answered {status}"
                )
            case "modal", Opened() as form:
                title = form.view["title"]["text"]
                self.line("slack", f"   Slack shows {self._name_of(form.user)} a form: {title}")
            case "line", Line() as line:
                self.line("soft", f"   {line.author}: {line.text}")


def plain(text: str, name_of: Callable[[str], str]) -> str:
    """Return a Slack text as words alone."""
    return " ".join(mrkdwn.html(text, name_of).striptags().split())
