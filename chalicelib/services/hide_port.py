"""What hiding a post needs of a platform."""

from __future__ import annotations

from typing import Protocol


class Hider(Protocol):
    """One platform's way to hide what others wrote under the brand's own posts."""

    def hide(self, *, app: str, account: str, post_id: str) -> None:
        """Hide a post; hiding it again changes nothing. Raises: Transient, Permanent, NotFound (it is gone)."""
        ...
