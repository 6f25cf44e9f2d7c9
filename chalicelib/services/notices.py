"""Tells a person something that is no conversation: an incident, a handoff, a gap to come.

A notice is raised once under its id; raising it again is nothing. Its pages travel like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.domain.items import Page
from chalicelib.domain.pager_rows import Notice
from chalicelib.domain.pages import on_contact, pages_on_every_contact, quiet_contact
from chalicelib.domain.team import Channel, Person
from chalicelib.services.ports import Lost, Put, Write
from chalicelib.services.saving import Saving

KEPT = timedelta(days=30)


class Notices:
    """Raises notices."""

    def __init__(self, saving: Saving) -> None:
        self._saving = saving

    def tell(
        self,
        person: Person,
        notice: Notice,
        *,
        step: str,
        why: str,
        schedule: str | None = None,
        along: Sequence[Write] = (),
    ) -> bool:
        """Save a notice and its pages, and ``along`` with them; False when it was raised already.

        An urgent one goes to every contact, any other to Slack alone, or the first contact of who has none.
        """
        pages = pages_about(person, notice, step=step, why=why, schedule=schedule)
        try:
            self._saving.commit(Put(notice), *map(Put, pages), *along)
        except Lost:
            return False
        return True


def pages_about(
    person: Person, notice: Notice, *, step: str, why: str, schedule: str | None = None
) -> tuple[Page, ...]:
    """Return the pages that carry a notice to one person."""
    page = Page(notice.id, 0, step, 0, person.name, 0, Channel.SLACK, notice.at, why, schedule=schedule)
    if notice.urgent:
        return pages_on_every_contact(page, person)
    found = quiet_contact(person)
    return (on_contact(page, *found),) if found else ()


def a_notice(name: str, at: datetime, headline: str, lines: Sequence[str] = (), *, urgent: bool) -> Notice:
    """Return a notice that keeps for a month; ``name`` makes its id, and is raised once."""
    return Notice(f"notice:{name}", at, headline, tuple(lines), urgent=urgent, expires_at=at + KEPT)
