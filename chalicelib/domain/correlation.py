"""The token that travels with every send of ours, where a platform carries one, and leads its echo back to us."""

from __future__ import annotations

_TOKEN = "nd"  # noqa: S105 - it names our sends and guards nothing
_PARTS = 3


def correlation_of(conversation_id: str, reply_id: str) -> str:
    """Return the token of one reply."""
    return f"{_TOKEN}:{conversation_id}:{reply_id}"


def reply_named(correlation: str | None) -> tuple[str, str] | None:
    """Return the conversation and the reply that a token names, or None where it is none of ours."""
    parts = (correlation or "").split(":")
    return (parts[1], parts[2]) if len(parts) == _PARTS and parts[0] == _TOKEN else None
