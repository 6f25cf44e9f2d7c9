"""Reads what carriers say later about a text: it annotates, or it speeds a fallback up; it never delays one.

Receipts may take three days or never come, so nothing waits for them. ``key`` is the key the send carried: a
page's or a digest's; any other is nobody's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from chalicelib.domain import digest as flood
from chalicelib.domain.items import Handover, Page
from chalicelib.domain.pager_rows import DigestMember
from chalicelib.errors import Transient
from chalicelib.services.page_outcomes import PageOutcomes, page_row
from chalicelib.services.ports import Lost, Put, Receipt, Store
from chalicelib.services.saving import Saving

DELIVERED = "delivered"
_DIGEST_PARTS = 3
_PAGE_PARTS = 6


class Receipts:
    """Acts on delivery receipts; the same one twice changes nothing."""

    def __init__(self, store: Store, saving: Saving, outcomes: PageOutcomes) -> None:
        self._store = store
        self._saving = saving
        self._outcomes = outcomes

    def take(self, receipt: Receipt, at: datetime) -> None:
        """Act on one receipt. Raises: Transient."""
        if receipt.fault is None:
            self.delivered(receipt.key, at)
        else:
            self.undelivered(receipt.key, receipt.fault)

    def delivered(self, key: str, at: datetime) -> None:
        """Note that a text reached its phone. Raises: Transient."""
        for page in self._pages(key):
            if page.outcome != DELIVERED:
                self._note(page, at)

    def undelivered(self, key: str, reason: str) -> None:
        """Go on at once as if it had failed: the next contact, or whoever stands in. Raises: Transient."""
        for page in self._pages(key):
            if page.state is Handover.SENT and page.outcome != DELIVERED:
                self._outcomes.failed(page, f"not delivered: {reason}")

    def _note(self, page: Page, at: datetime) -> None:
        noted = replace(page, outcome=DELIVERED, rev=page.rev + 1)
        try:
            self._saving.commit(Put(noted), page_row(page, at, DELIVERED))
        except Lost as lost:
            raise Transient("the page has just changed; its receipt comes back") from lost

    def _pages(self, key: str) -> Iterator[Page]:
        found = (self._store.get(Page, *name) for name in self._names(tuple(key.split("|"))))
        for page in found:
            if page is None:
                continue
            if page.state is Handover.SENDING:  # the carrier was faster than our own record of the send
                raise Transient("the text is still being sent; its receipt comes back")
            yield page

    def _names(self, parts: tuple[str, ...]) -> list[tuple[str, ...]]:
        if len(parts) == _DIGEST_PARTS:
            return [flood.member_identity(m) for m in self._store.children(DigestMember, *parts)]
        return [parts] if len(parts) == _PAGE_PARTS else []
