"""Rows and records with sensible defaults, so that a test says only what its rule is about.

The brand is Acme Air with one Facebook page; Ana is on call, Ben is her backup, the lead is the fallback.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.conversation import Conversation, Entry, State, Voice, conversation_id
from chalicelib.domain.items import (
    Card,
    Happened,
    Page,
    Quarantined,
    Reply,
    StoredPost,
    ThreadLink,
    TimelineRow,
)
from chalicelib.domain.judgement import Judgement, PostKind, Priority
from chalicelib.domain.posts import Direction, Kind, Op, Post, Surface
from chalicelib.domain.team import Channel
from tests.team_builders import ANA, BEN, LADDER, LEAD, PAGE_ID, a_schedule, a_team, minutes

__all__ = [
    "ANA",
    "BEN",
    "CUSTOMER",
    "LADDER",
    "LEAD",
    "NIGHT",
    "PAGE_ID",
    "THREAD",
    "a_card",
    "a_conversation",
    "a_dm",
    "a_judgement",
    "a_page",
    "a_post",
    "a_quarantined",
    "a_reply",
    "a_reply_entry",
    "a_reply_post",
    "a_schedule",
    "a_stored_post",
    "a_team",
    "a_thread_link",
    "a_timeline_row",
    "an_answered_conversation",
    "an_entry",
    "minutes",
    "utc",
]

NIGHT = datetime(2027, 1, 10, 2, 0, tzinfo=UTC)
"""Sunday, two in the morning: where every story begins unless it says otherwise."""

THREAD = f"{PAGE_ID}_5550001"
CUSTOMER = "7766554433"


def utc(text: str) -> datetime:
    """Read "2027-01-10 02:00" as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def a_post(text: str | None = "Where is my order?", **changes: Any) -> Post:
    """Return a customer's new public comment, made at NIGHT."""
    post = Post(
        platform="facebook",
        account=PAGE_ID,
        kind=Kind.COMMENT,
        op=Op.CREATE,
        external_id="5550001_1",
        thread_id=THREAD,
        created_at=NIGHT,
        created_at_source="created_time",
        direction=Direction.INBOUND,
        dedupe_key="facebook:comment:5550001_1:create",
        parent_id=THREAD,
        post_id=THREAD,
        author_id=CUSTOMER,
        author_name="Jo Peters",
        text=text,
        permalink="https://facebook.example/5550001_1",
        opens_case=True,
        contact_id=CUSTOMER,
    )
    return replace(post, **changes)


def a_dm(text: str | None = "Where is my order?", **changes: Any) -> Post:
    """Return a customer's new direct message, made at NIGHT."""
    private = {
        "kind": Kind.DM,
        "external_id": "m_1",
        "thread_id": f"dm:{CUSTOMER}",
        "dedupe_key": "facebook:dm:m_1:create",
        "parent_id": None,
        "post_id": None,
        "permalink": None,
    }
    return a_post(text, **(private | changes))


def a_reply_post(text: str | None = "We are on it.", **changes: Any) -> Post:
    """Return the brand's own public reply, typed in the platform's app five minutes after NIGHT."""
    native = {
        "external_id": "5550001_2",
        "created_at": NIGHT + minutes(5),
        "direction": Direction.SELF,
        "dedupe_key": "facebook:comment:5550001_2:create",
        "parent_id": "5550001_1",
        "author_id": PAGE_ID,
        "author_name": "Acme Air",
        "opens_case": False,
        "stops_clock": True,
        "contact_id": None,
    }
    return a_post(text, **(native | changes))


def a_judgement(**changes: Any) -> Judgement:
    """Return a confident judgement that a plain request needs an answer."""
    judgement = Judgement(
        needs_response=True,
        kind=PostKind.REQUEST,
        priority=Priority.NORMAL,
        topics=(),
        language="en",
        contains_personal_data=False,
        confidence=0.9,
        reasons=("asks a question",),
        model="rules-1",
    )
    return replace(judgement, **changes)


def an_entry(**changes: Any) -> Entry:
    """Return the customer's question as the ledger holds it: made at NIGHT and owed an answer."""
    entry = Entry("5550001_1", NIGHT, NIGHT + timedelta(seconds=2), Voice.CUSTOMER, owes=True)
    return replace(entry, **changes)


def a_reply_entry(**changes: Any) -> Entry:
    """Return a human reply five minutes after NIGHT."""
    at = NIGHT + minutes(5)
    return replace(Entry("5550001_2", at, at + timedelta(seconds=2), Voice.HUMAN), **changes)


def a_conversation(**changes: Any) -> Conversation:
    """Return a conversation waiting since NIGHT on a 60-minute promise, with one entry and its next step due."""
    conversation = Conversation(
        id=conversation_id("facebook", PAGE_ID, THREAD, CUSTOMER),
        platform="facebook",
        account=PAGE_ID,
        account_name="acme-fb",
        app="acme-meta",
        team="care",
        thread_id=THREAD,
        contact_id=CUSTOMER,
        surface=Surface.PUBLIC,
        opened_at=NIGHT,
        epoch=1,
        state=State.WAITING,
        version="v1",
        post_id=THREAD,
        contact_name="Jo Peters",
        permalink="https://facebook.example/5550001_1",
        kind=PostKind.REQUEST,
        entries=(an_entry(),),
        escalation="default",
        target=minutes(60),
        owed_post_id="5550001_1",
        started_at=NIGHT,
        promise_at=NIGHT + minutes(60),
        deadline_at=NIGHT + minutes(60),
        next_due_at=NIGHT + minutes(24),
    )
    return replace(conversation, **changes)


def an_answered_conversation(**changes: Any) -> Conversation:
    """Return the same conversation five minutes later, answered: no clock, no queue, nothing due."""
    answered = {
        "epoch": 2,
        "state": State.ANSWERED,
        "entries": (an_entry(), a_reply_entry()),
        "owed_post_id": None,
        "started_at": None,
        "promise_at": None,
        "deadline_at": None,
        "next_due_at": None,
        "answered_at": NIGHT + minutes(5),
    }
    return a_conversation(**(answered | changes))


def a_stored_post(**changes: Any) -> StoredPost:
    """Return the row of ``a_post``, judged."""
    row = StoredPost(
        platform="facebook",
        account=PAGE_ID,
        external_id="5550001_1",
        kind=Kind.COMMENT,
        direction=Direction.INBOUND,
        thread_id=THREAD,
        conversation_id=a_conversation().id,
        created_at=NIGHT,
        received_at=NIGHT + timedelta(seconds=2),
        parent_id=THREAD,
        post_id=THREAD,
        author_id=CUSTOMER,
        text="Where is my order?",
        permalink="https://facebook.example/5550001_1",
        judgement=a_judgement(),
    )
    return replace(row, **changes)


def a_thread_link(**changes: Any) -> ThreadLink:
    """Return the link from the thread to ``a_conversation``."""
    return replace(ThreadLink("facebook", PAGE_ID, THREAD, a_conversation().id, NIGHT), **changes)


def a_timeline_row(**changes: Any) -> TimelineRow:
    """Return the line that says the customer's post came in."""
    row = TimelineRow(a_conversation().id, NIGHT, Happened.POST, "5550001_1", "Jo Peters asked")
    return replace(row, **changes)


def a_page(**changes: Any) -> Page:
    """Return the first SMS page to Ana, pending and due at the ladder's second step."""
    due_at = NIGHT + minutes(40)
    page = Page(
        conversation_id=a_conversation().id,
        epoch=1,
        step="1",
        n=0,
        person="ana",
        contact=0,
        channel=Channel.SMS,
        due_at=due_at,
        why="primary: days, turn 0",
        schedule="primary",
        next_due_at=due_at,
    )
    return replace(page, **changes)


def a_card(**changes: Any) -> Card:
    """Return the conversation's card in #social, not yet rendered."""
    return replace(Card(a_conversation().id, "#social", 1, next_due_at=NIGHT), **changes)


def a_reply(**changes: Any) -> Reply:
    """Return an answer typed in Nightdesk, not yet sent."""
    reply = Reply(
        conversation_id=a_conversation().id,
        id="r1",
        text="We are on it.",
        by="ana",
        at=NIGHT + minutes(5),
        to_post_id="5550001_1",
        correlation="nd-r1",
        next_due_at=NIGHT + minutes(5),
    )
    return replace(reply, **changes)


def a_quarantined(**changes: Any) -> Quarantined:
    """Return an update that nobody could read."""
    row = Quarantined(
        day="2027-01-10",
        id="q1",
        platform="facebook",
        app="acme-meta",
        at=NIGHT,
        why="unknown field 'sparkle'",
        path="entry[0].changes[0]",
        body="{}",
        expires_at=NIGHT + timedelta(days=30),
    )
    return replace(row, **changes)
