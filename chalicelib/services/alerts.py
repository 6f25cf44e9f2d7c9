"""Builds what a person is told about a conversation, from the rows as they are at send time.

Quotes pass the mask before they get here into a view, so that nothing downstream sees personal data. It
decides neither who is told nor when, and renders nothing.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.alert import AlertView, Earlier, Tone
from chalicelib.domain.alert_words import (
    UTC_ZONE,
    doubt_at,
    handle_of,
    headline,
    promise_words,
    tone,
    waiting_words,
    what,
    zone_of,
)
from chalicelib.domain.claims import can_renew
from chalicelib.domain.conversation import Conversation, State
from chalicelib.domain.items import Page
from chalicelib.domain.pager_rows import Notice
from chalicelib.domain.pages import ASSIGN, NUDGE, OWNER
from chalicelib.domain.team import Channel, TeamFile
from chalicelib.services.history import History, Mask
from chalicelib.services.ports import Store

__all__ = ["Alerts", "Mask"]

EARLIER = 3
HISTORY = 5
_WAITING_ACTIONS = ("claim",)
_KEEP_ACTIONS = ("renew",)
_CLAIMED_ACTIONS = ("release", "take_over")
_DOUBT_ACTIONS = ("was_for_them", "was_not_for_them")


class Alerts:
    """Views of conversations and notices."""

    def __init__(self, store: Store, mask: Mask) -> None:
        self._history = History(store, mask)
        self._mask = mask

    def card(self, conversation: Conversation, team: TeamFile, now: datetime) -> AlertView:
        """Return what a channel sees: the state, the promise, who has it, what happened last."""
        tz, words = zone_of(conversation, team), headline(conversation, now)
        why = f"{what(conversation, tz)}. {promise_words(conversation, tz)}"
        told = self._told(conversation, team)
        return self._view(conversation, team, now, headline=words, why=why, told=told)

    def page(
        self,
        conversation: Conversation,
        page: Page,
        team: TeamFile,
        now: datetime,
        *,
        code: int | None = None,
        link: str | None = None,
    ) -> AlertView:
        """Return what the paged person sees; on Slack with the customer's earlier conversations."""
        tz, home = zone_of(conversation, team, page.schedule), zone_of(conversation, team)
        why = f"{what(conversation, home)}. {promise_words(conversation, tz)} {_sentence(page.why)}"
        person = team.people.get(page.person)
        rich = page.channel is Channel.SLACK
        return self._view(
            conversation,
            team,
            now,
            headline=_page_words(page, conversation, now),
            why=why,
            tz=tz,
            code=code,
            link=link,
            mention=person.slack if person and rich else None,
            told=self._told(conversation, team) if rich else None,
        )

    def notice(self, notice: Notice, page: Page, team: TeamFile, now: datetime) -> AlertView:
        """Return what a person sees of something that is no conversation."""
        person = team.people.get(page.person)
        schedule = team.schedules.get(page.schedule or "")
        return AlertView(
            conversation_id=notice.id,
            brand=team.brand,
            platform="Nightdesk",
            handle="",
            quote=self._mask(" ".join(notice.lines)),
            tone=Tone.RED if notice.urgent else Tone.QUIET,
            headline=notice.headline,
            why=page.why,
            tz=schedule.tz if schedule else UTC_ZONE,
            received_at=notice.at,
            now=now,
            needs=notice.headline,
            mention=person.slack if person and page.channel is Channel.SLACK else None,
            history=notice.lines,
        )

    def _view(
        self,
        conversation: Conversation,
        team: TeamFile,
        now: datetime,
        *,
        headline: str,
        why: str,
        tz: str | None = None,
        code: int | None = None,
        link: str | None = None,
        mention: str | None = None,
        told: tuple[tuple[Earlier, ...], tuple[str, ...]] | None = None,
    ) -> AlertView:
        earlier, history = told or ((), ())
        claim = conversation.claim
        return AlertView(
            conversation_id=conversation.id,
            brand=team.brand,
            platform=conversation.platform,
            handle=self._mask(handle_of(conversation)),
            quote=self._history.quote(conversation),
            tone=tone(conversation, now),
            headline=headline,
            why=why,
            tz=tz or zone_of(conversation, team),
            received_at=conversation.started_at or conversation.opened_at,
            now=now,
            deadline_at=conversation.deadline_at,
            owner=claim.owner if claim else None,
            claim_until=claim.until if claim else None,
            permalink=conversation.permalink,
            priority=conversation.priority,
            code=code,
            link=link,
            maybe_reply_at=doubt_at(conversation),
            mention=mention,
            earlier=earlier,
            history=history,
            actions=_actions(conversation),
        )

    def _told(
        self, conversation: Conversation, team: TeamFile
    ) -> tuple[tuple[Earlier, ...], tuple[str, ...]]:
        earlier = self._history.earlier(conversation, team, EARLIER)
        return earlier, self._history.words(conversation, HISTORY)


def _page_words(page: Page, conversation: Conversation, now: datetime) -> str:
    match page.step:
        case s if s == NUDGE:
            return "You have it, and the deadline is now"
        case s if s == ASSIGN:
            return "This is yours now"
        case s if s == OWNER:
            return "A customer you helped asks again"
        case _:
            return waiting_words(conversation, now)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def _actions(conversation: Conversation) -> tuple[str, ...]:
    """Offer the buttons that ``web.interactions`` acts on, and no other."""
    if conversation.state is not State.WAITING:
        return ()
    doubts = _DOUBT_ACTIONS if conversation.maybe_replies else ()
    if conversation.claim is None:
        return doubts + _WAITING_ACTIONS
    may_keep = can_renew(conversation.claim) and not conversation.claim.by_sms
    return doubts + (_KEEP_ACTIONS if may_keep else ()) + _CLAIMED_ACTIONS
