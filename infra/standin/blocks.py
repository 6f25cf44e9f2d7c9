"""Says what is wrong with a Slack message: by the vendor's own models, and by the limits these do not check. Pure.

Source: https://docs.slack.dev/reference/block-kit/blocks and chat.postMessage's reference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

Json = Mapping[str, Any]

MOST_BLOCKS, MOST_TEXT, MOST_FIELD, MOST_CONTEXT, MOST_ATTACHMENTS = 50, 40_000, 2_000, 10, 100
MOST_LINES, MOST_VALUE = 5, 150
SUMMONS = ("<!channel", "<!here", "<!everyone")


def faults(message: Json) -> list[str]:
    """Return every fault of what ``chat.postMessage`` or ``chat.update`` was given, in words; none is right."""
    blocks = list(_blocks(message))
    return [
        *_envelope(message, blocks),
        *(fault for block in blocks for fault in block_faults(block)),
        *_ids(blocks),
    ]


def summons(message: Json) -> list[str]:
    """Return which broadcast mentions a message would fire, wherever they hide."""
    return [word for word in SUMMONS if any(word in text for text in texts(message))]


def texts(part: object) -> Iterator[str]:
    """Walk every text that Slack would read as markup."""
    if isinstance(part, Mapping):
        for name, value in part.items():
            if name == "text" and isinstance(value, str):
                yield value
            else:
                yield from texts(value)
    elif isinstance(part, list):
        for one in part:
            yield from texts(one)


def _blocks(message: Json) -> Iterator[Json]:
    yield from message.get("blocks") or ()
    for attachment in message.get("attachments") or ():
        yield from attachment.get("blocks") or ()


def _envelope(message: Json, blocks: list[Json]) -> Iterator[str]:
    if not message.get("text"):
        yield "no_text: notifications would be empty"
    if units(str(message.get("text", ""))) > MOST_TEXT:
        yield "msg_too_long: text"
    if len(blocks) > MOST_BLOCKS:
        yield f"invalid_blocks: more than {MOST_BLOCKS} blocks"
    if len(message.get("attachments") or ()) > MOST_ATTACHMENTS:
        yield "too_many_attachments"


def block_faults(block: Json) -> Iterator[str]:
    """Walk the faults of one block."""
    try:
        model = Block.parse(dict(block))
        if model is None:
            yield f"invalid_blocks: unknown type {block.get('type')!r}"
            return
        model.to_dict()
    except (SlackObjectFormationError, TypeError) as error:
        yield f"invalid_blocks: {error}"
    for field in block.get("fields") or ():
        if not 0 < units(field["text"]) <= MOST_FIELD:
            yield f"invalid_blocks: a field's text must have 1 to {MOST_FIELD} characters"
    yield from _menus_of(block)
    yield from _texts_of(block)


def _menus_of(block: Json) -> Iterator[str]:
    for menu in block.get("elements") or ():
        if menu.get("type") != "overflow":
            continue
        options = menu.get("options") or ()
        if not 0 < len(options) <= MOST_LINES:
            yield f"invalid_blocks: an overflow menu has 1 to {MOST_LINES} lines"
        if any(units(option["value"]) > MOST_VALUE for option in options):
            yield f"invalid_blocks: an overflow menu's value is longer than {MOST_VALUE}"


def _texts_of(block: Json) -> Iterator[str]:
    limits = {"section": 3000, "context": 3000, "header": 150}
    elements = block.get("elements") or ()
    if block.get("type") in ("context", "actions") and not elements:
        yield f"invalid_blocks: a {block['type']} block needs elements"
    if block.get("type") == "context" and len(elements) > MOST_CONTEXT:
        yield f"invalid_blocks: more than {MOST_CONTEXT} elements in a context"
    for text in texts([block.get("text"), list(elements)]):
        if not 0 < units(text) <= limits.get(str(block.get("type")), 75):
            yield f"invalid_blocks: a text of {units(text)} in {block.get('type')}"


def _ids(blocks: list[Json]) -> Iterator[str]:
    ids = Counter(element.get("action_id") for block in blocks for element in block.get("elements") or ())
    for action, times in ids.items():
        if action is not None and times > 1:
            yield f"invalid_blocks: action_id {action!r} appears {times} times"


def units(text: str) -> int:
    """Count as a JavaScript client does, which is the stricter way."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
