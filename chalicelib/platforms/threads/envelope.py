"""Threads' flat envelope: ``values`` is an object in the documentation and an array in the field.

Source: developers.facebook.com/docs/threads/webhooks. There is no ``entry``; whose event it is depends on the field:
``target_id`` is the user for mentions and publishing, the media for replies and deletions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.platforms import packing
from chalicelib.platforms.base import UnreadableBody, Update
from chalicelib.platforms.meta.envelope import TEST_ACCOUNT
from chalicelib.platforms.payload import as_id, as_items, as_map, dig, parse

_OWNER = {"replies": ("root_post", "owner_id"), "delete": ("owner", "owner_id")}
_BY_TARGET = frozenset({"mentions", "publish"})


def updates(body: bytes) -> list[Update]:
    """List the events of a payload in order. Raises: UnreadableBody."""
    payload = as_map(parse(body))
    values = payload.get("values")
    if not isinstance(values, (dict, list)) or not values:
        raise UnreadableBody("the body has no values")
    head = {key: value for key, value in payload.items() if key != "values"}
    listed = [(f"values[{i}]", value) for i, value in enumerate(as_items(values))] or [("values", values)]
    test = as_id(payload.get("target_id")) == TEST_ACCOUNT
    return [
        Update(path, TEST_ACCOUNT if test else _account(payload, value), head | {"values": value}, test)
        for path, value in listed
    ]


def split(body: bytes, *, at_most: int, max_bytes: int) -> list[bytes]:
    """Cut a body into payloads of at most so many events; see ``Platform.split``."""
    return packing.split(body, updates, _merge, at_most=at_most, max_bytes=max_bytes)


def _merge(payloads: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    return {**payloads[0], "values": [payload["values"] for payload in payloads]}


def _account(payload: Mapping[str, Any], value: object) -> str | None:
    field = as_id(dig(value, "field")) or ""
    if field in _BY_TARGET:
        return as_id(payload.get("target_id"))
    return as_id(dig(value, "value", *_OWNER[field])) if field in _OWNER else None
