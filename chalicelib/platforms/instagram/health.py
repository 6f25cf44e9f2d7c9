"""What our access to an Instagram account needs. A token of either login is good: their permissions differ, so none is demanded."""

from __future__ import annotations

from chalicelib.platforms.meta.health import MetaHealth

HEALTH = MetaHealth("instagram", "Instagram", frozenset(), ("comments", "mentions", "messages"))
