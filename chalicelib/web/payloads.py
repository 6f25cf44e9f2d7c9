"""What Slack tells us of people's fingers, read into values: presses, answers to forms, forms closed.

Slack sends more than we ask for, and strangers may send anything that is signed; whatever is not one of ours
reads as nothing. Sources: docs.slack.dev/reference/interaction-payloads, block_actions, view_submission.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Press:
    """One button pressed, or one line of a menu chosen, by one Slack user; ``value`` is the conversation's id.

    ``trigger`` opens a dialog within three seconds. A press inside a dialog has that ``view`` and no response address.
    """

    action: str
    value: str
    user: str
    response_url: str = ""
    trigger: str = ""
    view: View | None = None


@dataclass(frozen=True, slots=True)
class View:
    """A dialog as it stood: its ``kind``, what it was told to remember, and its fields' values by their names.

    ``blocks`` tells by field what Slack calls its place, to point at it.
    """

    id: str
    kind: str
    memory: Mapping[str, str]
    answers: Mapping[str, str]
    blocks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Submission:
    """One dialog filled in and sent by one Slack user."""

    user: str
    view: View


@dataclass(frozen=True, slots=True)
class Closed:
    """One dialog given up by one Slack user."""

    user: str
    view: View


Deed = Press | Submission | Closed


def deeds(body: bytes) -> list[Deed]:
    """Return what a form from Slack says was done; nothing for any other or unreadable payload."""
    payload = _payload(body)
    try:
        return list(_deeds(payload))
    except (KeyError, TypeError, AttributeError):  # signed, but none of the shapes that are documented
        return []


def _payload(body: bytes) -> Json:
    try:
        form = parse_qs(body.decode(), keep_blank_values=True)
        payload = json.loads(form["payload"][0])
    except (ValueError, KeyError):
        return {}
    return payload if isinstance(payload, dict) and isinstance(payload.get("user"), dict) else {}


def _deeds(payload: Json) -> Iterator[Deed]:
    match payload.get("type"):
        case "block_actions":
            yield from _presses(payload)
        case "view_submission":
            yield Submission(payload["user"]["id"], _view(payload["view"]))
        case "view_closed":
            yield Closed(payload["user"]["id"], _view(payload["view"]))


def _presses(payload: Json) -> Iterator[Press]:
    view = _view(payload["view"]) if payload.get("view") else None
    for action in payload.get("actions", ()):
        name, value = _meant(action)
        yield Press(
            name,
            value,
            payload["user"]["id"],
            str(payload.get("response_url") or ""),
            str(payload.get("trigger_id") or ""),
            view,
        )


def _meant(action: Json) -> tuple[str, str]:
    """Return what was asked for, and about what: a menu's lines are written ``ACTION:CONVERSATION``."""
    chosen = action.get("selected_option")
    if chosen is None:
        return action["action_id"], str(action.get("value", ""))
    if action.get("type") != "overflow":
        return action["action_id"], str(chosen["value"])
    name, _, value = str(chosen["value"]).partition(":")
    return name, value


def _view(view: Json) -> View:
    state = (view.get("state") or {}).get("values") or {}
    typed: dict[str, Json] = {block: next(iter(fields.values()), {}) for block, fields in state.items()}
    return View(
        id=str(view["id"]),
        kind=str(view.get("callback_id", "")),
        memory=_memory(view.get("private_metadata")),
        answers={_field(block): said for block, element in typed.items() if (said := _said(element))},
        blocks={_field(block): block for block in state},
    )


def _field(block: str) -> str:
    """Return the name of the field in a block: what stands before its number."""
    return block.partition(".")[0]


def _said(element: Json) -> str:
    chosen = element.get("selected_option")
    said = chosen["value"] if chosen else element.get("value") or element.get("selected_date_time") or ""
    return str(said)


def _memory(text: object) -> dict[str, str]:
    try:
        memory = json.loads(str(text))
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in memory.items()} if isinstance(memory, dict) else {}
