"""Says what is wrong with a Slack modal: by the vendor's own models, and by the limits these do not check. Pure.

Source: https://docs.slack.dev/reference/views and Block Kit's elements.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.views import View

from infra.standin.blocks import SUMMONS, block_faults, units

Json = Mapping[str, Any]

MOST_BLOCKS, MOST_WORDS, MOST_MEMORY, MOST_NAME = 100, 24, 3000, 255
MOST_LABEL, MOST_HINT, MOST_TYPED, MOST_OPTIONS, MOST_OPTION, MOST_VALUE = 2000, 150, 3000, 100, 75, 150


def faults(view: Json) -> list[str]:
    """Return every fault of what ``views.open`` was given, in words; none is right."""
    blocks = list(view.get("blocks") or ())
    return [*_model(view), *_frame(view), *_room(blocks), *(fault for b in blocks for fault in _block(b))]


def _model(view: Json) -> Iterator[str]:
    try:
        View(**dict(view)).to_dict()
    except (SlackObjectFormationError, TypeError, KeyError) as error:
        yield str(error)


def _frame(view: Json) -> Iterator[str]:
    for name in ("title", "submit", "close"):
        said = (view.get(name) or {}).get("text", "" if name == "title" else "-")
        if not 0 < units(said) <= MOST_WORDS:
            yield f"{name} must have 1 to {MOST_WORDS} characters"
    if len(str(view.get("private_metadata", ""))) > MOST_MEMORY:
        yield f"private_metadata is longer than {MOST_MEMORY}"
    if len(str(view.get("callback_id", ""))) > MOST_NAME:
        yield f"callback_id is longer than {MOST_NAME}"
    if any(word in text for word in SUMMONS for text in _marked(view)):
        yield "a modal calls everybody"


def _marked(part: object) -> Iterator[str]:
    """Walk every text that Slack reads as markup: plain ones it does not."""
    if isinstance(part, Mapping):
        if part.get("type") == "mrkdwn":
            yield str(part.get("text", ""))
        for value in part.values():
            yield from _marked(value)
    elif isinstance(part, list):
        for one in part:
            yield from _marked(one)


def _room(blocks: list[Json]) -> Iterator[str]:
    if not 0 < len(blocks) <= MOST_BLOCKS:
        yield f"a modal has 1 to {MOST_BLOCKS} blocks"
    for name, times in Counter(block.get("block_id") for block in blocks).items():
        if name is not None and (times > 1 or len(name) > MOST_NAME):
            yield f"block_id {name!r} appears {times} times, or is too long"


def _block(block: Json) -> Iterator[str]:
    if block.get("type") != "input":
        yield from block_faults(block)
        return
    element = block.get("element") or {}
    if not 0 < units(block["label"]["text"]) <= MOST_LABEL:
        yield "a label is empty or too long"
    if units((element.get("placeholder") or {}).get("text", "-")) > MOST_HINT:
        yield "a placeholder is too long"
    if units(element.get("initial_value", "")) > min(MOST_TYPED, element.get("max_length", MOST_TYPED)):
        yield "initial_value is longer than max_length"
    yield from _options(element)


def _options(element: Json) -> Iterator[str]:
    options = element.get("options")
    if options is None:
        return
    if not 0 < len(options) <= MOST_OPTIONS:
        yield f"a choice has 1 to {MOST_OPTIONS} options"
    if len({option["value"] for option in options}) != len(options):
        yield "two options have one value"
    for option in options:
        if not (0 < units(option["text"]["text"]) <= MOST_OPTION and units(option["value"]) <= MOST_VALUE):
            yield f"an option's text or value is too long: {option['value']}"
    if element.get("initial_option") not in (None, *options):
        yield "initial_option is none of the options"
