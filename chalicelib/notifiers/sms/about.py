"""What a text is about, as it travels through a provider and back: a send's key in characters that nobody re-spells.

A key holds names and bars; an address must come back byte for byte, since its signature covers it.
"""

from __future__ import annotations

import base64
import binascii

ABOUT = "about"
"""What providers carry it as: a parameter of Twilio's callback address, an entry of AWS's context."""


def written(key: str) -> str:
    """Return a key in letters, digits, ``-`` and ``_``."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def read(about: str) -> str | None:
    """Return the key, or None for what we never wrote."""
    try:
        return base64.b64decode(about + "=" * (-len(about) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        return None
