"""Reads what carriers say later about a text: it annotates, or it speeds a fallback up; it never delays one.

Receipts may take three days or never come, so nothing waits for them. ``key`` is the key the send carried: a
page's or a digest's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from chalicelib.domain import digest as flood
from chalicelib.domain.items import Handover, Page
from chalicelib.domain.pager_rows import DigestMember
from chalicelib.services.page_outcomes import PageOutcomes, page_row
from chalicelib.services.ports import Store
from chalicelib.services.saving import Saving

_DIGEST_PARTS = 3


class Receipts:
    """Acts on delivery receipts; the same one twice changes nothing."""

    def __init__(self, store: Store, saving: Saving, outcomes: PageOutcomes) -> None:
        self._store = store
        self._saving = saving
        self._outcomes = outcomes

    def delivered(self, key: str, at: datetime) -> None:
        """Note that a text reached its phone. Raises: Transient."""
        for page in self._pages(key):
            self._saving.commit(page_row(page, at, "delivered"))

    def undelivered(self, key: str, reason: str) -> None:
        """Go on at once as if it had failed: the next contact, or whoever stands in. Raises: Transient."""
        for page in self._pages(key):
            if page.state is Handover.SENT:
                self._outcomes.failed(page, f"not delivered: {reason}")

    def _pages(self, key: str) -> Iterator[Page]:
        parts = tuple(key.split("|"))
        names = [parts]
        if len(parts) == _DIGEST_PARTS:
            names = [flood.member_identity(m) for m in self._store.children(DigestMember, *parts)]
        found = (self._store.get(Page, *name) for name in names)
        yield from (page for page in found if page is not None)
