"""The platforms Nightdesk speaks, by name. Importing this loads none of them: each loads when first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from chalicelib.errors import NotFound

if TYPE_CHECKING:
    from chalicelib.platforms.base import Platform

PLATFORMS = {
    "facebook": "chalicelib.platforms.facebook",
    "generic": "chalicelib.platforms.generic",
    "instagram": "chalicelib.platforms.instagram",
    "threads": "chalicelib.platforms.threads",
    "whatsapp": "chalicelib.platforms.whatsapp",
    "x": "chalicelib.platforms.x",
}

ENRICHED = ("facebook", "instagram", "threads", "x")
"""Who can be asked about a post; WhatsApp's webhook tells all it ever does. Each has an ``enrich`` module."""


def platform(name: str) -> Platform:
    """Return the named platform's inbound side. Raises: NotFound, naming those there are."""
    module = PLATFORMS.get(name)
    if module is None:
        raise NotFound(f"no platform is called {name!r}; there are: {', '.join(sorted(PLATFORMS))}")
    return cast("Platform", import_module(module).PLATFORM)
