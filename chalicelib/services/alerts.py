"""Builds what a person is told about a conversation, from the rows as they are at send time.

Quotes pass the mask before they get here into a view, so that nothing downstream sees personal data. It
decides neither who is told nor when, and renders nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from chalicelib.domain.alert import AlertView, Earlier, Tone
from chalicelib.domain.claims import can_renew
from chalicelib.domain.conversation import Conversation, Entry, State, Voice
from chalicelib.domain.escalation_words import duration_words
from chalicelib.domain.items import Page, StoredPost, ThreadLink, TimelineRow
from chalicelib.domain.pager_rows import Notice
from chalicelib.domain.pages import ASSIGN, NUDGE, OWNER
from chalicelib.domain.team import Channel, TeamFile
from chalicelib.domain.wallclock import local
from chalicelib.services.ports import Store

Mask = Callable[[str], str]
"""Returns a text with personal data masked."""

EARLIER = 3
HISTORY = 5
_UTC = "UTC"
_WAITING_ACTIONS = ("claim",)
_KEEP_ACTIONS = ("renew",)
_CLAIMED_ACTIONS = ("release", "take_over")
_DOUBT_ACTIONS = ("was_for_them", "was_not_for_them")


class Alerts:
    """Views of conversations and notices."""

    def __init__(self, store: Store, mask: Mask) -> None:
        self._store = store
        self._mask = mask

    def card(self, conversation: Conversation, team: TeamFile, now: datetime) -> AlertView:
        """Return what a channel sees: the state, the promise, who has it, what happened last."""
        words = _card_words(conversation, now)
        why = f"{self._what(conversation, team)}. {_promise(conversation, _tz(conversation, team, None))}"
        return self._view(conversation, team, now, headline=words, why=why, told=self._told(conversation))

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
        tz = _tz(conversation, team, page.schedule)
        why = f"{self._what(conversation, team)}. {_promise(conversation, tz)} {_sentence(page.why)}"
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
            told=self._told(conversation) if rich else None,
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
            tz=schedule.tz if schedule else _UTC,
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
            handle=self._mask(conversation.contact_handle or conversation.contact_name or "a customer"),
            quote=self._quote(conversation, _asked(conversation)),
            tone=_tone(conversation, now),
            headline=headline,
            why=why,
            tz=tz or _tz(conversation, team, None),
            received_at=conversation.started_at or conversation.opened_at,
            now=now,
            deadline_at=conversation.deadline_at,
            owner=claim.owner if claim else None,
            claim_until=claim.until if claim else None,
            permalink=conversation.permalink,
            priority=conversation.priority,
            code=code,
            link=link,
            maybe_reply_at=_doubt_at(conversation),
            mention=mention,
            earlier=earlier,
            history=history,
            actions=_actions(conversation),
        )

    def _quote(self, conversation: Conversation, entry: Entry | None) -> str:
        if entry is None:
            return ""
        post = self._store.get(StoredPost, conversation.platform, conversation.account, entry.id)
        return self._mask(post.text) if post is not None and post.text else ""

    def _told(self, conversation: Conversation) -> tuple[tuple[Earlier, ...], tuple[str, ...]]:
        return self._earlier(conversation), self._history(conversation)

    def _history(self, conversation: Conversation) -> tuple[str, ...]:
        rows = self._store.children(TimelineRow, conversation.id, limit=HISTORY, newest_first=True)
        return tuple(self._mask(row.words) for row in reversed(rows))

    def _earlier(self, conversation: Conversation) -> tuple[Earlier, ...]:
        """Return the same person's other conversations, newest first: nobody is asked twice."""
        anchor = f"contact:{conversation.contact_id}"
        links = self._store.children(ThreadLink, conversation.platform, conversation.account, anchor)
        others = sorted((k for k in links if k.conversation_id != conversation.id), key=lambda k: k.at)
        found = (self._store.get(Conversation, k.conversation_id) for k in reversed(others[-EARLIER:]))
        return tuple(self._one_earlier(c) for c in found if c is not None)

    def _one_earlier(self, conversation: Conversation) -> Earlier:
        quote = self._quote(conversation, _asked(conversation))
        return Earlier(conversation.opened_at, conversation.platform, quote, _outcome(conversation))

    def _what(self, conversation: Conversation, team: TeamFile) -> str:
        clock = local(conversation.started_at or conversation.opened_at, _tz(conversation, team, None))
        platform = conversation.platform.capitalize()
        kind = "message" if conversation.surface == "private" else "post"
        who = conversation.kind.replace("unknown", "customer")
        return f"A {who} {kind} of {clock:%a %H:%M} on {platform}"


def _asked(conversation: Conversation) -> Entry | None:
    """Return the post to quote: the one that is owed an answer, else the customer's latest."""
    posts = [e for e in conversation.entries if e.voice is Voice.CUSTOMER]
    owed = (e for e in posts if e.id == conversation.owed_post_id)
    return next(owed, posts[-1] if posts else None)


def _tz(conversation: Conversation, team: TeamFile, schedule: str | None) -> str:
    named = team.schedules.get(schedule or "")
    if named is not None:
        return named.tz
    own = team.teams.get(conversation.team)
    return own.tz if own else _UTC


def _promise(conversation: Conversation, tz: str) -> str:
    if conversation.promise_at is None:
        return ""
    target = f"within {duration_words(conversation.target)}, " if conversation.target else ""
    return f"We promise an answer {target}by {local(conversation.promise_at, tz):%a %H:%M}."


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def _is_late(conversation: Conversation, now: datetime) -> bool:
    return conversation.deadline_at is not None and conversation.deadline_at <= now


def _tone(conversation: Conversation, now: datetime) -> Tone:
    match conversation.state:
        case State.WAITING:
            return Tone.RED if _is_late(conversation, now) else Tone.AMBER
        case State.ANSWERED:
            return Tone.ANSWERED
        case State.PAUSED | State.CLOSED | State.NO_ANSWER_NEEDED:
            return Tone.QUIET


def _page_words(page: Page, conversation: Conversation, now: datetime) -> str:
    match page.step:
        case s if s == NUDGE:
            return "You have it, and the deadline is now"
        case s if s == ASSIGN:
            return "This is yours now"
        case s if s == OWNER:
            return "A customer you helped asks again"
        case _:
            return _waiting_words(conversation, now)


def _card_words(conversation: Conversation, now: datetime) -> str:
    match conversation.state:
        case State.WAITING if conversation.claim is not None:
            return f"{conversation.claim.owner} has it"
        case State.WAITING:
            return _waiting_words(conversation, now)
        case State.ANSWERED:
            return "Answered" + (f" by {conversation.answered_by}" if conversation.answered_by else "")
        case State.PAUSED:
            return f"Paused: {conversation.pause_reason or 'no reason given'}"
        case State.CLOSED:
            return f"Closed: {(conversation.closure or 'done').replace('_', ' ')}"
        case State.NO_ANSWER_NEEDED:
            return "No answer needed"


def _waiting_words(conversation: Conversation, now: datetime) -> str:
    if conversation.deadline_at is None:
        return "Waiting for an answer"
    left = conversation.deadline_at - now
    if timedelta(seconds=-1) < left < timedelta(seconds=1):
        return "Due now: nobody has answered"
    if left < timedelta(0):
        return f"Overdue by {duration_words(left)}: nobody has answered"
    return f"Waiting for an answer: {duration_words(left)} left"


def _outcome(conversation: Conversation) -> str:
    if conversation.state is State.ANSWERED and conversation.answered_at is not None:
        return f"answered after {duration_words(conversation.answered_at - conversation.opened_at)}"
    return conversation.state.replace("_", " ")


def _doubt_at(conversation: Conversation) -> datetime | None:
    times = (e.at for e in conversation.entries if e.id in conversation.maybe_replies)
    return next(times, None)


def _actions(conversation: Conversation) -> tuple[str, ...]:
    """Offer the buttons that ``web.interactions`` acts on, and no other."""
    if conversation.state is not State.WAITING:
        return ()
    doubts = _DOUBT_ACTIONS if conversation.maybe_replies else ()
    if conversation.claim is None:
        return doubts + _WAITING_ACTIONS
    may_keep = can_renew(conversation.claim) and not conversation.claim.by_sms
    return doubts + (_KEEP_ACTIONS if may_keep else ()) + _CLAIMED_ACTIONS
