"""The modals that people have open in the stand-in's Slack, and the triggers that may open one.

It keeps and checks; whose fingers fill one in is ``forms``. Source: https://docs.slack.dev/surfaces/modals.
"""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

from infra.standin.modals import faults
from infra.standin.world import World

Json = dict[str, Any]

TRIGGER_SECONDS = 3.0


@dataclass
class Opened:
    """One modal as somebody sees it now; ``errors`` stand under its fields, by block."""

    id: str
    user: str
    view: Json
    errors: dict[str, str] = field(default_factory=dict)
    versions: int = 1

    @property
    def inputs(self) -> list[Json]:
        """Return its input blocks."""
        return [block for block in self.view["blocks"] if block["type"] == "input"]


class Views:
    """Triggers and open modals. ``patience`` is how long a trigger lives: Slack's three seconds."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._triggers: dict[str, tuple[str, float]] = {}
        self._used: set[str] = set()
        self._numbers = itertools.count(1)
        self.patience = TRIGGER_SECONDS
        self.opened: dict[str, Opened] = {}

    def trigger(self, user: str) -> str:
        """Return a fresh trigger of one user's press."""
        made = f"{next(self._numbers)}.{time.time_ns()}.standin"
        self._triggers[made] = (user, time.monotonic())
        return made

    def open(self, arguments: Json) -> Json:
        """Answer ``views.open``."""
        trigger = str(arguments.get("trigger_id", ""))
        if trigger not in self._triggers:
            return _no("invalid_trigger_id")
        user, at = self._triggers[trigger]
        if time.monotonic() - at > self.patience:
            return _no("expired_trigger_id")
        if trigger in self._used:
            return _no("exchanged_trigger_id")
        if wrong := self._wrong("views.open", arguments.get("view") or {}):
            return wrong
        self._used.add(trigger)
        opened = Opened(f"V{next(self._numbers):06d}", user, arguments["view"])
        self.opened[opened.id] = opened
        self._world.tell("modal", opened)
        return {"ok": True, "view": {"id": opened.id, "hash": "1"}}

    def update(self, arguments: Json) -> Json:
        """Answer ``views.update``."""
        opened = self.opened.get(str(arguments.get("view_id", "")))
        if opened is None:
            return _no("not_found")
        return self.show(opened, arguments.get("view") or {}, "views.update")

    def show(self, opened: Opened, view: Json, how: str = "response_action update") -> Json:
        """Put another view in a modal's place, by a call or as the answer to its submission."""
        if wrong := self._wrong(how, view):
            return wrong
        opened.view, opened.errors, opened.versions = view, {}, opened.versions + 1
        self._world.tell("modal", opened)
        return {"ok": True, "view": {"id": opened.id, "hash": str(opened.versions)}}

    def point_out(self, opened: Opened, errors: dict[str, str]) -> None:
        """Show errors under a modal's fields; one about no field of it is a complaint."""
        known = {block["block_id"] for block in opened.inputs}
        if not errors or not errors.keys() <= known:
            self._world.complain(f"errors about no field of the modal: {errors}")
        opened.errors = errors
        self._world.tell("modal", opened)

    def close(self, opened: Opened) -> None:
        """Take a modal away."""
        self.opened.pop(opened.id, None)

    def of(self, user: str) -> Opened | None:
        """Return what somebody has open, the newest on top."""
        return next((one for one in reversed(self.opened.values()) if one.user == user), None)

    def _wrong(self, how: str, view: Json) -> Json | None:
        wrong = faults(view)
        if not wrong:
            return None
        self._world.complain(f"{how} was refused: {'; '.join(wrong)}")
        return _no("invalid_arguments") | {"response_metadata": {"messages": wrong}}


def _no(error: str) -> Json:
    return {"ok": False, "error": error}
