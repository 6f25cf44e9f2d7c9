"""Cutting a large delivery into smaller ones of the same shape, so that one queue message stays small."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from chalicelib.platforms.base import UnreadableBody, Update
from chalicelib.platforms.payload import dump

Payload = Mapping[str, Any]


def split(
    body: bytes,
    updates: Callable[[bytes], list[Update]],
    merge: Callable[[list[Payload]], Payload],
    *,
    at_most: int,
    max_bytes: int,
) -> list[bytes]:
    """Cut a verified body; one that is small, or cannot be read, comes back whole and untouched.

    Every event is an object, so a body with no more opening braces than ``at_most`` holds no more events:
    almost every delivery is answered without being parsed.
    """
    if body.count(b"{") <= at_most and len(body) <= max_bytes:
        return [body]
    try:
        found = updates(body)
    except UnreadableBody:
        return [body]
    if len(found) <= 1 or (len(found) <= at_most and len(body) <= max_bytes):
        return [body]
    groups = _groups((update.payload for update in found), at_most, max_bytes)
    return [dump(merge(group)) for group in groups]


def _groups(payloads: Iterable[Payload], at_most: int, max_bytes: int) -> Iterator[list[Payload]]:
    group: list[Payload] = []
    size = 0
    for payload in payloads:
        weight = len(dump(payload))
        if group and (len(group) == at_most or size + weight > max_bytes):
            yield group
            group, size = [], 0
        group.append(payload)
        size += weight
    yield group
