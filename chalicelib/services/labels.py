"""Reads labels by month: for the report, the export, and the list of what people are asked to check.

Nothing scans: months are named, and each is one partition. It writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from chalicelib.domain.labels import Label, month_of
from chalicelib.services.ports import Store

ASKED = timedelta(days=14)
"""For how long people are asked about a sample; what nobody has looked at by then stays uncounted."""


class Labels:
    """Labels by when they were kept."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def between(self, start: datetime, end: datetime) -> list[Label]:
        """Return the labels of posts made from ``start`` until ``end``, oldest first."""
        found = (label for month in _months(start, end) for label in self._store.children(Label, month))
        hour = start.replace(minute=0, second=0, microsecond=0)
        return sorted((label for label in found if hour <= label.posted_at < end), key=_order)

    def to_check(self, now: datetime) -> list[Label]:
        """Return the samples that people are asked about, oldest first."""
        return [label for label in self.between(now - ASKED, now) if label.is_open]


def _order(label: Label) -> tuple[datetime, str]:
    return label.posted_at, label.id


def _months(start: datetime, end: datetime) -> Iterator[str]:
    """Name the months between, both ends included: a label lies under the month it was kept in, never an earlier one."""
    year, month = start.year, start.month
    while (year, month) <= (end.year, end.month):
        yield month_of(start.replace(year=year, month=month, day=1))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004
