"""What pages are about, as it is now: conversations and notices, and the addresses of the people paged.

Reads only. Whether a page may still be sent is ``domain.pages``' to say; it is asked here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.alert import AlertView
from chalicelib.domain.items import Page
from chalicelib.domain.pager_rows import NOTICE, Notice, OptOut
from chalicelib.domain.pages import refusal
from chalicelib.domain.team import Channel, TeamFile
from chalicelib.errors import NotFound
from chalicelib.services.alerts import Alerts
from chalicelib.services.desk import Desk
from chalicelib.services.ports import Check, Store


@dataclass(frozen=True, slots=True)
class Subject:
    """What a page is about: the check its lease rests on, why it may not be sent, and how it is shown."""

    check: Check
    team: TeamFile
    refusal: str | None
    view: Callable[[Page, datetime, int | None, str | None], AlertView]


class Subjects:
    """Reads what pages are about: conversations and notices."""

    def __init__(self, store: Store, desk: Desk, alerts: Alerts) -> None:
        self._store = store
        self._desk = desk
        self._alerts = alerts

    def of(self, page: Page) -> Subject:
        """Return a page's subject as it is now. Raises: NotFound."""
        return self._notice(page) if page.conversation_id.startswith(NOTICE) else self._conversation(page)

    def _conversation(self, page: Page) -> Subject:
        case = self._desk.open(page.conversation_id)
        conversation, team = case.conversation, case.team

        def view(leased: Page, now: datetime, code: int | None, link: str | None) -> AlertView:
            return self._alerts.page(conversation, leased, team, now, code=code, link=link)

        check = Check(type(conversation), conversation.identity, conversation.rev)
        return Subject(check, team, refusal(page, conversation), view)

    def _notice(self, page: Page) -> Subject:
        notice, team = self._store.get(Notice, page.conversation_id), self._desk.team_of("")
        if notice is None:
            raise NotFound(f"there is no notice {page.conversation_id}")

        def view(leased: Page, now: datetime, _code: int | None, _link: str | None) -> AlertView:
            return self._alerts.notice(notice, leased, team, now)

        over = "it is over" if notice.closed_at is not None else None
        return Subject(Check(Notice, notice.identity, notice.rev), team, over, view)


def address_of(store: Store, person: str, channel: Channel, team: TeamFile) -> str | None:
    """Return where to reach a person on a channel; None without an address, or where they opted out."""
    known = team.people.get(person)
    if known is None:
        return None
    if channel is Channel.SLACK:
        return known.slack
    if known.phone is None:
        return None
    opt_out = store.get(OptOut, known.phone)
    return known.phone if opt_out is None or opt_out.back_at is not None else None
