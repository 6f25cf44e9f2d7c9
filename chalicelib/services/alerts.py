"""Builds what a person is told about a conversation, from the rows as they are at send time.

Quotes pass the mask before they get here into a view, so that nothing downstream sees personal data. It
decides neither who is told nor when, and renders nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.alert import AlertView, Tone
from chalicelib.domain.alert_words import (
    UTC_ZONE,
    doubt_at,
    handle_of,
    headline,
    promise_words,
    tone,
    waiting_words,
    what,
    why_said,
    zone_of,
)
from chalicelib.domain.checks import asked_about
from chalicelib.domain.conversation import Conversation
from chalicelib.domain.follow_ups import is_follow_up
from chalicelib.domain.hiding import HIDING
from chalicelib.domain.items import Handover, Page, Reply
from chalicelib.domain.offers import HIDE, MOST_MORE, Offer, offered
from chalicelib.domain.pager_rows import Notice
from chalicelib.domain.pages import ASSIGN, NUDGE, OWNER
from chalicelib.domain.team import Channel, TeamFile
from chalicelib.services.history import History, Mask
from chalicelib.services.ports import Store

__all__ = ["Alerts", "Mask"]

EARLIER = 3
HISTORY = 5
_NOT_ARRIVED = {
    Handover.FAILED: "{by}'s answer did not arrive: {why}.",
    Handover.UNKNOWN: "Nobody knows yet whether {by}'s answer arrived: {why}.",
}


class Alerts:
    """Views of conversations and notices."""

    def __init__(self, store: Store, mask: Mask) -> None:
        self._history = History(store, mask)
        self._mask = mask

    def card(self, conversation: Conversation, team: TeamFile, now: datetime) -> AlertView:
        """Return what a channel sees: the state, the promise, who has it, what happened last."""
        tz, words = zone_of(conversation, team), headline(conversation, now)
        why = f"{what(conversation, tz)}. {promise_words(conversation, tz)}"
        told = {**self._told(conversation, team), "why_said": why_said(conversation)}
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
        said = {"why_said": (*why_said(conversation), f" {_sentence(page.why)}")}
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
            told={**self._told(conversation, team), **said} if rich else {},
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
        told: Mapping[str, Any],
    ) -> AlertView:
        claim, offer = conversation.claim, offered(conversation, now)
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
            needs="check" if asked_about(conversation) or is_follow_up(conversation) else "answer",
            code=code,
            link=link,
            maybe_reply_at=doubt_at(conversation),
            mention=mention,
            actions=offer.buttons,
            more=_more(conversation, offer, told),
            **told,
        )

    def _trouble(self, conversation: Conversation) -> str | None:
        """Say what became of our last answer while the customer still waits for one."""
        since = conversation.started_at
        if since is None:
            return None
        answers = [r for r in self._history.replies(conversation) if not r.automatic and r.at >= since]
        return self._mask(_fate(answers[-1], conversation)) or None if answers else None

    def _told(self, conversation: Conversation, team: TeamFile) -> dict[str, Any]:
        """Return what there is room for on a screen but not in a text: each is a read or more."""
        return {
            "earlier": self._history.earlier(conversation, team, EARLIER),
            "past": self._history.past(conversation, HISTORY),
            "reasons": self._history.reasons(conversation),
            "repeat_contact": conversation.repeat_contact,
            "trouble": self._trouble(conversation),
            "exposed": self._history.exposed(conversation),
        }


def _fate(reply: Reply, conversation: Conversation) -> str:
    """Return what became of an answer that is none; empty for one that may still become one."""
    gone = {entry.id for entry in conversation.entries if entry.gone_at is not None}
    if reply.external_id in gone:
        return f"{reply.by}'s answer no longer stands: it was deleted, or the platform could not deliver it."
    why = (reply.outcome or "the platform gave no reason").rstrip(".")
    return _NOT_ARRIVED.get(reply.state, "").format(by=reply.by, why=why)


def _more(conversation: Conversation, offer: Offer, told: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the menu's lines; what shows personal data in public may be hidden, first of all."""
    hides = told.get("exposed") is not None and conversation.platform in HIDING
    return (HIDE, *offer.more)[:MOST_MORE] if hides else offer.more


def _page_words(page: Page, conversation: Conversation, now: datetime) -> str:
    match page.step:
        case s if s == NUDGE:
            return "You have it, and the deadline is now"
        case s if s == ASSIGN:
            return "This is yours now"
        case s if s == OWNER:
            again = is_follow_up(conversation)
            return "You asked to look at this again" if again else "A customer you helped asks again"
        case _:
            return waiting_words(conversation, now)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}." if words else ""
