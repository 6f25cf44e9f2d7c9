"""Getting values out of JSON nobody promised us: every getter takes anything and answers with a value or None.

Limits keep what a sender can make us store inside one table row. Nothing here knows a platform's field names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from chalicelib.platforms.base import NotJson, UnreadableBody

T = TypeVar("T")

MAX_ID = 400
MAX_NAME = 256
MAX_TEXT = 65_536  # the longest Facebook post has 63,206 characters
MAX_URL = 2_048
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = datetime(2200, 1, 1, tzinfo=UTC)
_ROOM = 300
_MILLISECONDS_FROM = 10**11  # as seconds this is the year 5138, as milliseconds 1973
_NUMBER_DIGITS = 17
_COUNTLESS = 10**12


class Malformed(ValueError):
    """One event lacks what it cannot do without; it goes to quarantine, its neighbours go on."""


def parse(body: bytes) -> object:
    """Parse a signed body. Raises: NotJson, also for numbers no real payload has; UnreadableBody for such nesting."""
    try:
        return _with_room(_ROOM, body)
    except ValueError as fault:
        raise NotJson(f"the body is not JSON: {fault}") from fault
    except RecursionError as fault:
        raise UnreadableBody("the body is nested more deeply than any payload") from fault


def _with_room(frames: int, body: bytes) -> object:
    """Parse so many calls down: what can be read here can be written anywhere, however deep it is nested."""
    return _with_room(frames - 1, body) if frames else json.loads(body)


def dump(payload: object) -> bytes:
    """Serialise compactly, keeping every escape a strict reader needs."""
    return json.dumps(payload, separators=(",", ":")).encode()


def dig(value: object, *path: str | int) -> object:
    """Follow keys and positions as far as they go; None as soon as one is not there."""
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and len(value) > step else None
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    return value


def need(value: T | None, name: str) -> T:
    """Return the value. Raises: Malformed naming the field that is missing."""
    if value is None:
        raise Malformed(f"{name} is missing or not usable")
    return value


def as_id(value: object) -> str | None:
    """Return an id as text, whether it came as a string or (old shapes) as a number."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    text = str(value)
    return text if 0 < len(text) <= MAX_ID and _is_storable(text) else None


def as_text(value: object, limit: int = MAX_TEXT) -> str | None:
    """Return text people can read, None if there is none; half an emoji becomes a replacement mark."""
    if not isinstance(value, str) or not value:
        return None
    return value[:limit].encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def as_count(value: object) -> int | None:
    """Return a number of things; None for anything that cannot be one."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value < _COUNTLESS else None


def as_name(value: object) -> str | None:
    """Return a person's name or handle."""
    return as_text(value, MAX_NAME)


def as_url(value: object) -> str | None:
    """Return an address; one too long to keep is dropped rather than cut."""
    return as_text(value) if isinstance(value, str) and len(value) <= MAX_URL else None


def as_items(value: object) -> list[Any]:
    """Return a list, or an empty one."""
    return value if isinstance(value, list) else []


def as_map(value: object) -> Mapping[str, Any]:
    """Return an object, or an empty one."""
    return value if isinstance(value, Mapping) else {}


def as_instant(value: object) -> datetime | None:
    """Return an instant from seconds, milliseconds, either as text, or ISO 8601; None for anything else.

    No platform is older than 1970; an instant centuries away is no instant, and sums with it may not exist.
    Published payloads of one field mix all five forms, so the form is told from the value.
    """
    at = None
    if isinstance(value, str):
        at = _from_words(value)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        at = _from_number(value)
    return at if at is not None and _EPOCH < at < _LAST else None


def _from_number(number: float) -> datetime | None:
    try:
        in_ms = number >= _MILLISECONDS_FROM
        since = timedelta(milliseconds=number) if in_ms else timedelta(seconds=number)
        return _EPOCH + since
    except (OverflowError, ValueError):
        return None


def _from_words(words: str) -> datetime | None:
    if words.isascii() and words.isdigit():
        return _from_number(int(words)) if len(words) <= _NUMBER_DIGITS else None
    try:
        at = datetime.fromisoformat(words)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _is_storable(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)
