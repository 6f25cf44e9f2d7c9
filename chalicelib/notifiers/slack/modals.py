"""Turns a dialog into a Slack modal, and a list into the answer to a command. Pure.

Everything that anybody wrote is escaped and cut here. Limits are those of https://docs.slack.dev/reference/views
and of Block Kit's elements, counted in UTF-16 units. A field's block is named after it; its renewals carry a
number (``text.2``), because Slack keeps what was typed into a block whose name stays.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from chalicelib.domain.alert import Said
from chalicelib.notifiers.slack.words import cut, escaped, moment, plain, quoted, sentence
from chalicelib.services.dialog_port import (
    ChoiceField,
    Dialog,
    Item,
    Listing,
    MomentField,
    Quote,
    Row,
    TextField,
    Words,
)

Block = dict[str, Any]

TITLE, BUTTON, LABEL, HINT, OPTION, VALUE = 24, 24, 150, 140, 70, 140
SECTION, PIECE, TEXT, NAME = 2900, 700, 2900, 200
MEMORY = 3000
"""The longest ``private_metadata``."""
MOST_BLOCKS, MOST_CHOICES = 50, 100
ALARM = ":warning:"


def modal(dialog: Dialog) -> dict[str, Any]:
    """Return what ``views.open`` and ``views.update`` take, and what a submission is answered with."""
    view: dict[str, Any] = {
        "type": "modal",
        "callback_id": dialog.kind,
        "title": _plain(dialog.title, TITLE),
        "close": _plain("Cancel" if dialog.submit else "Close", BUTTON),
        "notify_on_close": True,
        "private_metadata": json.dumps(dict(dialog.memory), separators=(",", ":")),
        "blocks": [block for item in dialog.items for block in _blocks(item, dialog.tz)][:MOST_BLOCKS],
    }
    return view | ({"submit": _plain(dialog.submit, BUTTON)} if dialog.submit else {})


def listed(listing: Listing) -> dict[str, Any]:
    """Return the answer to a command, which the one who typed it sees alone."""
    title = _sentence(listing.title, listing.tz)
    last = escaped(listing.footer, PIECE)
    blocks = [
        {"type": "section", "text": _mrkdwn(title)},
        *(_row(row, listing.tz) for row in listing.rows[: MOST_BLOCKS - 2]),
        *([{"type": "context", "elements": [_mrkdwn(last)]}] if last else []),
    ]
    return {"response_type": "ephemeral", "text": title, "blocks": blocks}


def _row(row: Row, tz: str) -> Block:
    quote = f"\n{quoted(row.quote, NAME)}" if row.quote.strip() else ""
    block: Block = {"type": "section", "text": _mrkdwn(f"{_sentence(row.said, tz)}{quote}")}
    if row.conversation_id is None:
        return block
    button = {"type": "button", "action_id": "reply", "value": plain(row.conversation_id, VALUE)}
    return block | {"accessory": button | {"text": _plain("Open", BUTTON)}}


def _sentence(said: tuple[Said, ...], tz: str) -> str:
    spelt = sentence(said, tz, PIECE)
    return spelt if spelt.strip() else "-"


def _blocks(item: Item, tz: str) -> Iterator[Block]:
    match item:
        case Words():
            yield _words(item, tz)
        case Quote():
            yield from _quote(item, tz)
        case TextField():
            yield _input(f"{item.name}.{item.fresh}", item.label, _typed(item), optional=item.optional)
        case ChoiceField():
            name = f"{item.name}.{item.fresh}"
            yield _input(name, item.label, _choice(item), optional=item.optional, live=item.live)
        case MomentField():
            picker = {"type": "datetimepicker", "initial_date_time": int(item.value.timestamp())}
            yield _input(item.name, item.label, picker | {"action_id": item.name}, optional=False)


def _words(item: Words, tz: str) -> Block:
    text = _sentence(item.said, tz)
    marked = _mrkdwn(f"{ALARM} {text}" if item.alarm else text)
    return {"type": "context", "elements": [marked]} if item.small else {"type": "section", "text": marked}


def _quote(item: Quote, tz: str) -> Iterator[Block]:
    when = f" {moment(item.at, tz)}" if item.at else ""
    shown = quoted(item.text, SECTION - NAME - 100) or "_(no text)_"
    yield {"type": "section", "text": _mrkdwn(f"*{escaped(item.who, NAME).replace('*', '')}*{when}\n{shown}")}


def _input(name: str, label: str, element: Block, *, optional: bool, live: bool = False) -> Block:
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": _plain(label, LABEL),
        "element": element,
        "optional": optional,
    }
    return block | ({"dispatch_action": True} if live else {})


def _typed(item: TextField) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": item.name,
        "multiline": item.long,
        "max_length": TEXT,
    }
    hint = {"placeholder": _plain(item.hint, HINT)} if item.hint else {}
    return element | hint | ({"initial_value": cut(item.value, TEXT)} if item.value else {})


def _choice(item: ChoiceField) -> Block:
    options = [_option(value, said) for value, said in item.choices[:MOST_CHOICES]]
    chosen = [option for option in options if option["value"] == item.value]
    element: Block = {"type": "static_select", "action_id": item.name, "options": options}
    return element | ({"initial_option": chosen[0]} if chosen else {})


def _option(value: str, said: str) -> Block:
    return {"text": _plain(said, OPTION), "value": plain(value, VALUE)}


def _plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": plain(text, limit) or "-"}


def _mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text, "verbatim": True}
