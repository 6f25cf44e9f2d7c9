"""Fills in modals: sends Slack's signed ``view_submission``, ``view_closed`` and presses inside a view.

It does what Slack's client does, no more: a required field left empty is never sent.
Source: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from infra.standin.clicks import Clicks
from infra.standin.slack_api import SlackApi
from infra.standin.views import Opened
from infra.standin.world import World

Json = dict[str, Any]


class Forms:
    """Fingers on Slack's modals."""

    def __init__(self, world: World, slack: SlackApi, clicks: Clicks) -> None:
        self._world = world
        self._views = slack.views
        self._clicks = clicks

    def open_to(self, user: str) -> Opened:
        """Return the modal somebody looks at. Raises: LookupError."""
        found = self._views.of(user)
        if found is None:
            raise LookupError(f"{user} has no modal open")
        return found

    def submit(self, user: str, answers: Mapping[str, str] | None = None) -> int:
        """Fill in the open modal, by fields' names, and send it; returns the status of the answer."""
        opened = self.open_to(user)
        payload = self._payload("view_submission", opened, self._values(opened, answers or {}))
        kind = opened.view["callback_id"]
        status, body = self._clicks.send(payload, repeat="submission")
        if status == 200:  # noqa: PLR2004
            self._obey(opened, json.loads(body) if body.strip() else {})
        self._world.tell("click", (user, f"send in the form to {kind}", status))
        return status

    def choose(self, user: str, field: str, value: str) -> int:
        """Choose an option of a field that asks at once; returns the status of the answer."""
        opened = self.open_to(user)
        block = next(block for block in opened.inputs if block["element"]["action_id"] == field)
        option = next(one for one in block["element"]["options"] if one["value"] == value)
        action = {
            "type": "static_select",
            "action_id": field,
            "block_id": block["block_id"],
            "selected_option": option,
            "action_ts": f"{time.time():.6f}",
        }
        payload = self._payload("block_actions", opened, self._values(opened, {field: value}, whole=False))
        status, _ = self._clicks.send(payload | {"actions": [action]}, repeat="press")
        return status

    def act(self, user: str, what: str, typed: Mapping[str, Any]) -> int:
        """Do what somebody did on the stand-in's page: ``submit``, ``close``, or ``ask FIELD`` of a live choice."""
        if what == "close":
            return self.close(user)
        fields = {block["element"]["action_id"]: block["element"] for block in self.open_to(user).inputs}
        answers = {
            name: _from_page(fields[name], str(value)) for name, value in typed.items() if name in fields
        }
        if what.startswith("ask "):
            field = what.removeprefix("ask ")
            return self.choose(user, field, answers[field])
        return self.submit(user, answers)

    def close(self, user: str) -> int:
        """Press Cancel; returns the status of the answer."""
        opened = self.open_to(user)
        self._views.close(opened)
        return self._clicks.send(self._payload("view_closed", opened, {}), repeat="press")[0]

    def _obey(self, opened: Opened, answer: Json) -> None:
        """Do what a submission was answered with; an empty answer closes the modal."""
        match answer.get("response_action"):
            case "errors":
                self._views.point_out(opened, answer["errors"])
            case "update":
                self._views.show(opened, answer["view"])
            case None | "clear":
                self._views.close(opened)
            case other:
                self._world.complain(f"a submission was answered with {other!r}")

    def _payload(self, kind: str, opened: Opened, values: Json) -> Json:
        view = {
            **opened.view,
            "id": opened.id,
            "team_id": "T0001",
            "hash": str(opened.versions),
            "root_view_id": opened.id,
            "state": {"values": values},
        }
        return {
            "type": kind,
            "user": {"id": opened.user, "username": opened.user.lower(), "team_id": "T0001"},
            "team": {"id": "T0001", "domain": "acme"},
            "api_app_id": "A0001",
            "trigger_id": self._views.trigger(opened.user),
            "view": view,
        }

    def _values(self, opened: Opened, answers: Mapping[str, str], *, whole: bool = True) -> Json:
        """Return the state of every field. Raises: LookupError where Slack's client would not let one submit."""
        unknown = answers.keys() - {block["element"]["action_id"] for block in opened.inputs}
        if unknown:
            raise LookupError(f"that modal has no field {sorted(unknown)}")
        return {b["block_id"]: self._value(b, answers, whole=whole) for b in opened.inputs}

    def _value(self, block: Json, answers: Mapping[str, str], *, whole: bool) -> Json:
        element, name = block["element"], block["element"]["action_id"]
        given = answers.get(name, _initial(element))
        if whole and not given and not block.get("optional"):
            raise LookupError(f"{name} must be filled in")
        if len(given) > element.get("max_length", 3000):
            raise LookupError(f"{name} is too long for its field")
        return {name: _state(element, given)}


def _from_page(element: Json, value: str) -> str:
    """Read a field as a browser sends it: line ends in the web's way, moments in this machine's zone."""
    if element["type"] == "datetimepicker" and value:
        return str(int(datetime.fromisoformat(value).astimezone().timestamp()))
    return value.replace("\r\n", "\n")


def _initial(element: Json) -> str:
    option = element.get("initial_option") or {}
    return str(element.get("initial_value") or element.get("initial_date_time") or option.get("value") or "")


def _state(element: Json, given: str) -> Json:
    match element["type"]:
        case "static_select":
            chosen = next((one for one in element["options"] if one["value"] == given), None)
            return {"type": "static_select", "selected_option": chosen}
        case "datetimepicker":
            return {"type": "datetimepicker", "selected_date_time": int(given) if given else None}
    return {"type": element["type"], "value": given or None}
