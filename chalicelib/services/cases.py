"""Opens a conversation for somebody who is about to act: the thread, the person's past, and the ways to answer.

One read model for every place that shows a case whole. It reads and masks; what may be done the domain says, and
doing it is ``claims``' and ``replies``'.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.advice import Advice, Concern
from chalicelib.domain.alert_words import (
    asked,
    doubt_at,
    handle_of,
    headline,
    promise_words,
    tone,
    what,
    zone_of,
)
from chalicelib.domain.answers_seen import latest_answer
from chalicelib.domain.case import (
    Act,
    Asked,
    CaseView,
    Line,
    Note,
    Planned,
    Speaker,
    Underway,
    Way,
    open_acts,
)
from chalicelib.domain.claims import holder
from chalicelib.domain.conversation import Closure, Conversation, Entry, Voice
from chalicelib.domain.follow_up_rows import FollowUp, FollowUpState
from chalicelib.domain.hiding import can_hide, shows
from chalicelib.domain.items import Handover, Happened, Page, StoredPost
from chalicelib.domain.posts import Surface
from chalicelib.domain.settling import is_machine
from chalicelib.domain.team import TeamFile
from chalicelib.errors import NotFound
from chalicelib.services.history import History, Mask
from chalicelib.services.ports import Store, TeamSource

THREAD = 14
"""How many lines of the thread are shown, the newest: each is a read, and people act on the last ones."""

EARLIER = 5
NOTES = 20
_SAID = frozenset({Happened.POST, Happened.EDIT})
"""What the thread itself shows."""

_GONE = {Closure.WITHDRAWN: "deleted by its author", Closure.MODERATED: "hidden by the brand"}
_UNDERWAY = {
    Handover.PENDING: "on its way",
    Handover.SENDING: "on its way",
    Handover.UNKNOWN: "nobody knows yet whether it arrived",
    Handover.FAILED: "not sent",
}


class Advisor(Protocol):
    """What there is to say about a text as an answer."""

    def of(self, conversation_id: str, text: str, *, private: bool | None = None, at: datetime) -> Advice:
        """Return the faults and warnings of a text here and now. Raises: NotFound."""
        ...


class Cases:
    """Whole conversations, as they are when they are opened."""

    def __init__(self, store: Store, teams: TeamSource, mask: Mask, advisor: Advisor) -> None:
        self._store = store
        self._teams = teams
        self._mask = mask
        self._advisor = advisor
        self._history = History(store, mask)

    def open(self, conversation_id: str, now: datetime) -> CaseView:
        """Return everything about a conversation as it is at ``now``. Raises: NotFound, Transient."""
        found, team = self._load(conversation_id), self._teams.current()
        ways = tuple(self._ways(found, now))
        return CaseView(
            conversation_id=found.id,
            rev=found.rev,
            brand=team.brand,
            private=found.surface is Surface.PRIVATE,
            people=tuple(sorted(team.people)),
            last_answer=latest_answer(found),
            ways=ways,
            acts=open_acts(found, now, ways) | self._hiding(found),
            exposed=self._history.exposed(found),
            asked=self._asked(found),
            planned=tuple(self._planned(found)),
            thread=self._thread(found),
            more=len(found.entries) > THREAD,
            underway=tuple(self._underway(found)),
            earlier=self._history.earlier(found, team, EARLIER),
            notes=self._notes(found),
            reasons=tuple(self._reasons(found)),
            **self._standing(found, team, now),
        )

    def zone(self, conversation_id: str) -> str:
        """Return the zone in which a conversation's times are told. Raises: NotFound, Transient."""
        return zone_of(self._load(conversation_id), self._teams.current())

    def _load(self, conversation_id: str) -> Conversation:
        found = self._store.get(Conversation, conversation_id)
        if found is None:
            raise NotFound(f"there is no conversation {conversation_id}")
        return found

    def _standing(self, conversation: Conversation, team: TeamFile, now: datetime) -> dict[str, Any]:
        """Return what the conversation's own row tells."""
        tz, owner = zone_of(conversation, team), holder(conversation, now)
        return {
            "team": conversation.team,
            "platform": conversation.platform,
            "account_name": conversation.account_name,
            "handle": self._mask(handle_of(conversation)),
            "tone": tone(conversation, now),
            "headline": self._mask(headline(conversation, now)),
            "tz": tz,
            "now": now,
            "state": conversation.state,
            "received_at": conversation.started_at or conversation.opened_at,
            "why": f"{what(conversation, tz)}. {promise_words(conversation, tz)}".strip(),
            "priority": conversation.priority,
            "kind": conversation.kind,
            "topics": conversation.topics,
            "repeat_contact": conversation.repeat_contact,
            "owner": owner,
            "claim_until": conversation.claim.until if conversation.claim and owner else None,
            "promise_at": conversation.promise_at,
            "deadline_at": conversation.deadline_at,
            "paused_until": conversation.paused_until,
            "closed_reason": self._masked(conversation.closed_reason),
            "maybe_reply_at": doubt_at(conversation),
            "permalink": conversation.permalink,
        }

    def _masked(self, text: str | None) -> str | None:
        return self._mask(text) if text else None

    def _thread(self, conversation: Conversation) -> tuple[Line, ...]:
        entries = conversation.entries[-THREAD:]
        owed = asked(conversation)
        if owed is not None and owed not in entries:
            entries = (owed, *entries[1:])
        return tuple(self._line(conversation, entry) for entry in entries)

    def _line(self, conversation: Conversation, entry: Entry) -> Line:
        post = self._history.post(conversation, entry)
        speaker = _speaker(conversation, entry)
        return Line(
            id=entry.id,
            at=entry.at,
            speaker=speaker,
            who=self._mask(handle_of(conversation)) if speaker is Speaker.CUSTOMER else _brands(entry),
            text=self._masked(post.text) if post else None,
            by=entry.by,
            gone=_gone(entry),
            waits=entry.id == conversation.owed_post_id,
            doubtful=entry.id in conversation.maybe_replies,
            media=_media(post),
        )

    def _underway(self, conversation: Conversation) -> Iterator[Underway]:
        """Yield, oldest first, what we said and cannot show in the thread yet."""
        for reply in self._history.replies(conversation):
            words = _UNDERWAY.get(reply.state)
            if words is not None:
                why = self._masked(reply.outcome) if reply.state is not Handover.PENDING else None
                yield Underway(
                    reply.id,
                    reply.at,
                    reply.by,
                    self._mask(reply.text),
                    words=f"{words}: {why}" if why else words,
                    failed=reply.state is Handover.FAILED,
                    busy=reply.next_due_at is not None,
                )

    def _asked(self, conversation: Conversation) -> tuple[Asked, ...]:
        """Return each person's last page of the running clock that reached them, the first asked first."""
        last: dict[str, Asked] = {}
        pages = self._store.children(Page, conversation.id, str(conversation.epoch))
        for page in sorted(pages, key=lambda each: (each.due_at, each.contact)):
            if page.sent_at is not None:
                last[page.person] = Asked(page.person, page.sent_at, self._mask(page.why))
        return tuple(sorted(last.values(), key=lambda asked: asked.at))

    def _planned(self, conversation: Conversation) -> Iterator[Planned]:
        rows = self._store.children(FollowUp, conversation.id)
        for row in sorted(rows, key=lambda each: each.due_at):
            if row.state is FollowUpState.PENDING:
                yield Planned(row.by, row.due_at, self._mask(row.reason))

    def _hiding(self, conversation: Conversation) -> frozenset[Act]:
        """Offer to hide the post that waits, where it shows personal data and its platform lets us."""
        entry = asked(conversation)
        post = self._history.post(conversation, entry) if entry else None
        offered = post is not None and bool(shows(post)) and can_hide(post)
        return frozenset({Act.HIDE}) if offered else frozenset()

    def _notes(self, conversation: Conversation) -> tuple[Note, ...]:
        rows = (row for row in self._history.rows(conversation, NOTES) if row.kind not in _SAID)
        return tuple(Note(row.at, self._mask(row.words), row.by) for row in rows)

    def _reasons(self, conversation: Conversation) -> Iterator[str]:
        """Say why this priority: the judge's own reasons, and that this person has written before."""
        yield from self._history.reasons(conversation)
        if conversation.repeat_contact:
            yield "they have written before about something else"

    def _ways(self, conversation: Conversation, now: datetime) -> Iterator[Way]:
        """Yield the ways to answer: where the customer wrote, then in private to who wrote in public."""
        private = conversation.surface is Surface.PRIVATE
        yield self._way(conversation, now, private=private)
        if not private:
            yield self._way(conversation, now, private=True)

    def _way(self, conversation: Conversation, now: datetime, *, private: bool) -> Way:
        advice = self._advisor.of(conversation.id, "", private=private, at=now)
        shut = next((f.words for f in advice.faults if f.concern is not Concern.EMPTY), None)
        platform = conversation.platform.capitalize()
        window = conversation.window_until
        return Way(
            private=private,
            name=f"By direct message on {platform}" if private else f"In public on {platform}",
            most=advice.room.most if advice.room else None,
            unit=advice.room.unit if advice.room else "characters",
            until_at=window if private and window is not None and window > now else None,
            closed=shut,
        )


def _speaker(conversation: Conversation, entry: Entry) -> Speaker:
    if entry.voice is Voice.CUSTOMER:
        return Speaker.CUSTOMER
    if is_machine(entry, conversation.entries):
        return Speaker.AUTOMATIC
    return Speaker.NATIVE if entry.native else Speaker.OURS


def _gone(entry: Entry) -> str | None:
    if entry.gone_at is None:
        return None
    if entry.voice is Voice.CUSTOMER:
        return _GONE.get(entry.gone or Closure.MODERATED, "gone")
    return "deleted" if entry.gone else "not for them"


def _brands(entry: Entry) -> str:
    return entry.by or "the brand"


def _media(post: StoredPost | None) -> tuple[str, ...]:
    return tuple(media.type for media in post.media) if post else ()
