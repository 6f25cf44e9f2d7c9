"""What time it is: the system's, or a story's, which stands in one row of the table and moves when told.

Which of the two a stage uses is its ``Clock`` parameter; the deploy plan refuses a story's clock outside
stages named ``test-*``. There is no other way to be in a test.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from chalicelib.domain.items import ClockRow
from chalicelib.errors import Misconfigured
from chalicelib.services.ports import Store

_NONE = timedelta(0)


class SystemClock:
    """The machine's ``Clock``."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def delay_until(self, at: datetime) -> timedelta:
        return max(at - self.now(), _NONE)


class TableClock:
    """A story's ``Clock``: every process of the stage reads the same row, and no queue holds anything back."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def now(self) -> datetime:
        row = self._store.get(ClockRow)
        if row is None:
            raise Misconfigured(
                "this stage's Clock is `table` but no story has set one: write its ClockRow first"
            )
        return row.at

    def delay_until(self, at: datetime) -> timedelta:  # noqa: ARG002 - a story steps from instant to instant
        return _NONE
