"""How a secret is rotated: its value may hold several lines, the current one first, then those still accepted.

Senders use the current one; whoever verifies a proof accepts them all. To finish a rotation, drop the old line.
"""

from __future__ import annotations

from chalicelib.errors import Misconfigured
from chalicelib.services.ports import Secrets


def accepted(secrets: Secrets, name: str) -> tuple[str, ...]:
    """Return every line of a secret, the current one first. Raises: Misconfigured when missing or empty."""
    return _lines(name, secrets.get(name))


def current(secrets: Secrets, name: str) -> str:
    """Return the secret to use now. Raises: Misconfigured when missing or empty."""
    return accepted(secrets, name)[0]


def renewed(secrets: Secrets, name: str) -> str:
    """Return the secret as it is stored now, whatever was known of it. Raises: Misconfigured, Transient."""
    return _lines(name, secrets.anew(name))[0]


def _lines(name: str, value: str) -> tuple[str, ...]:
    lines = tuple(line.strip() for line in value.splitlines() if line.strip())
    if not lines:
        raise Misconfigured(f"the secret {name} is empty: write one value a line, the current one first")
    return lines
