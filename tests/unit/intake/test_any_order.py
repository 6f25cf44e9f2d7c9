"""Redelivery and reordering change nothing: any permutation of events, with repeats, ends in the same books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.conversation import Conversation, State
from chalicelib.domain.judgement import Priority
from chalicelib.domain.posts import Post
from chalicelib.domain.team import Policy, PolicyMatch, TeamFile
from tests.builders import NIGHT, PAGE_ID, a_post, a_reply_post, a_team, minutes
from tests.unit.intake.town import Town, deleted, edited, restored

POST = f"{PAGE_ID}_900"
TOP = "900_1"
TEXTS = ("Where is it?", "Thanks, lovely", "I am stranded!")
URGENT_TEAM = a_team(
    policies=(
        Policy(PolicyMatch(priority="urgent"), minutes(15), minutes(10), "default"),
        Policy(PolicyMatch(), minutes(60), minutes(30), "default"),
    )
)


ESSENCE = (
    "state",
    "closure",
    "owed_post_id",
    "started_at",
    "promise_at",
    "deadline_at",
    "window_until",
    "priority",
    "answered_at",
    "maybe_replies",
    "entries",
)
"""What must not depend on the order; the epoch counts clocks, of which another order may see more."""


class Event:
    """One thing that happened, as we are told of it: always with the same receipt, whenever it is taken in."""

    def __init__(self, post: Post, received_at: datetime) -> None:
        self.post = post
        self.received_at = received_at

    def __repr__(self) -> str:
        """Tell it in a line, since Hypothesis shows whole nights."""
        post = self.post
        at = (post.created_at - NIGHT) // minutes(1)
        details = (post.contact_id, post.parent_id, post.tags, post.text, post.by_brand, post.restores)
        return f"<{post.op} {post.external_id} at {at} {details}>"


def town_of(team: TeamFile = URGENT_TEAM) -> Town:
    town = Town(team, now=NIGHT + timedelta(days=1))
    town.needless(TEXTS[1])
    town.judged(TEXTS[2], priority=Priority.URGENT)
    return town


def outcome(events: Sequence[Event]) -> dict[str, dict[str, Any]]:
    """Take the events in, and return what matters of every conversation."""
    town = town_of()
    for event in events:
        town.hears(event.post, received_at=event.received_at)
    return {c.id: essence(c) for c in town.conversations}


def essence(conversation: Conversation) -> dict[str, Any]:
    """Return what must not depend on the order."""
    running = conversation.state is State.WAITING
    assert conversation.epoch % 2 == running, "the epoch is odd exactly while a clock runs"
    fields = {field: getattr(conversation, field) for field in ESSENCE}
    return fields | {"maybe_replies": sorted(conversation.maybe_replies)}


def differences(in_order: Sequence[Event], as_it_came: Sequence[Event]) -> dict[str, Any]:
    """Return what ends differently, by conversation and field: a short thing to read when it fails."""
    wanted, found = outcome(in_order), outcome(as_it_came)
    names = wanted.keys() | found.keys()
    pairs = {
        (name, field): [side.get(name, {}).get(field) for side in (wanted, found)]
        for name in names
        for field in ESSENCE
    }
    return {f"{name} {field}": pair for (name, field), pair in pairs.items() if pair[0] != pair[1]}


def said(number: int, who: str, text: str, at: int) -> Post:
    """Return a customer's comment in Zoe's thread; number 1 is its top."""
    top = number == 1
    return a_post(
        text,
        external_id=f"900_{number}",
        thread_id=TOP,
        parent_id=POST if top else TOP,
        post_id=POST,
        contact_id=who,
        author_id=who,
        created_at=NIGHT + minutes(at),
    )


def answered(number: int, parent: str, tags: tuple[str, ...], at: int) -> Post:
    """Return the brand's native comment in the thread."""
    return a_reply_post(
        f"Reply {number}",
        external_id=f"900_{number}",
        thread_id=TOP,
        parent_id=parent,
        post_id=POST,
        tags=tags,
        created_at=NIGHT + minutes(at),
    )


@st.composite
def customer_events(draw: st.DrawFn, number: int, people: Sequence[str]) -> list[Post]:
    """Return a comment, and what became of it."""
    at = draw(st.integers(0, 60))
    who = people[0] if number == 1 else draw(st.sampled_from(people))
    post = said(number, who, draw(st.sampled_from(TEXTS)), at)
    events = [post]
    if draw(st.booleans()):
        edit_at = at + draw(st.integers(1, 20))
        events.append(edited(post, draw(st.sampled_from(TEXTS)), at=edit_at))
    fate = draw(st.sampled_from(["stays", "stays", "withdrawn", "hidden", "shown again"]))
    gone_at = at + draw(st.integers(1, 30))
    if fate == "withdrawn":
        events.append(deleted(post, at=gone_at))
    elif fate != "stays":
        events.append(deleted(post, at=gone_at, by_brand=True))
    if fate == "shown again":
        events.append(restored(post, at=gone_at + draw(st.integers(1, 10))))
    return events


@st.composite
def reply_events(draw: st.DrawFn, number: int, parents: Sequence[str], people: Sequence[str]) -> list[Post]:
    """Return a native reply, perhaps taken back."""
    at = draw(st.integers(0, 80))
    tags = draw(st.sampled_from([(), (), *((person,) for person in people)]))
    reply = answered(number, draw(st.sampled_from(parents)), tags, at)
    taken_back = draw(st.sampled_from([False, False, True]))
    return [reply, deleted(reply, at=at + draw(st.integers(1, 20)))] if taken_back else [reply]


def told(posts: Sequence[Post], *, slow: bool = False) -> list[Event]:
    """Return the events with their receipts: two seconds after, or hours."""
    late = timedelta(hours=3) if slow else timedelta(seconds=2)
    return [Event(post, post.created_at + late) for post in posts]


@st.composite
def stories(draw: st.DrawFn, people: Sequence[str]) -> tuple[list[Event], list[Event]]:
    """Return a night's events in true order, and as they come: shuffled, some of them twice."""
    numbers = range(1, draw(st.integers(1, 4)) + 1)
    parents = [f"900_{number}" for number in numbers]
    posts = [p for number in numbers for p in draw(customer_events(number, people))]
    replies = range(90, 90 + draw(st.integers(0, 3)))
    posts += [p for number in replies for p in draw(reply_events(number, parents, people))]
    events = told(posts, slow=draw(st.booleans()))
    in_order = sorted(events, key=lambda event: event.post.created_at)
    again = draw(st.lists(st.sampled_from(events), max_size=4))
    return in_order, draw(st.permutations([*events, *again]))


@settings(max_examples=150, deadline=None)
@given(stories(["zoe"]))
def test_one_persons_thread_ends_the_same_in_any_order(story: tuple[list[Event], list[Event]]) -> None:
    """Posts, edits, removals, hidings, native replies and their removal, of one person."""
    assert differences(*story) == {}


@settings(max_examples=150, deadline=None)
@given(stories(["zoe", "max"]))
def test_a_thread_of_two_ends_the_same_in_any_order(story: tuple[list[Event], list[Event]]) -> None:
    """Whom a reply answers is decided as of its own instant, whenever anything is heard."""
    assert differences(*story) == {}


@pytest.mark.deep
@settings(max_examples=5000, deadline=None)
@given(stories(["zoe", "max", "kim"]))
def test_a_thread_of_three_ends_the_same_in_any_order(story: tuple[list[Event], list[Event]]) -> None:
    """The same, for longer."""
    assert differences(*story) == {}


def test_an_edit_before_its_create_is_the_post() -> None:
    """The text is the edit's, the time the create's."""
    town = town_of()
    post = said(1, "zoe", TEXTS[0], 0)
    town.hears(edited(post, "Where is it, please?", at=5))
    town.hears(post, received_at=NIGHT + minutes(6))
    row = town.stored("900_1")
    assert (row.text, row.created_at, town.conversation.started_at) == ("Where is it, please?", NIGHT, NIGHT)


def test_an_older_edit_never_overwrites_a_newer_one() -> None:
    """Whatever the order of the webhooks."""
    town = town_of()
    post = said(1, "zoe", TEXTS[0], 0)
    for at in (0, 9, 5):
        town.hears(edited(post, f"version {at}", at=at) if at else post)
    assert town.stored("900_1").text == "version 9"


def test_a_delete_before_its_create_leaves_a_tombstone() -> None:
    """The create then opens nothing that anybody is woken for."""
    town = town_of()
    post = said(1, "zoe", TEXTS[0], 0)
    town.hears(deleted(post, at=5))
    assert town.conversations == []
    town.hears(post, received_at=NIGHT + minutes(6))
    assert (town.conversation.state, town.conversation.closure) == (State.CLOSED, "withdrawn")


def test_a_hidden_post_is_moderated_and_owes_again_when_shown() -> None:
    """Hiding closes it; unhiding is a late-born obligation."""
    town = town_of()
    post = said(1, "zoe", TEXTS[0], 0)
    town.hears(post)
    town.hears(deleted(post, at=5, by_brand=True))
    assert town.conversation.closure == "moderated"
    town.hears(restored(post, at=58))
    found = town.conversation
    assert (found.state, found.closure, found.deadline_at) == (State.WAITING, None, NIGHT + minutes(68))


@pytest.mark.parametrize(("hidden_at", "taken_back_at"), [(5, 6), (6, 5)])
def test_what_its_author_took_back_no_unhiding_brings_back(hidden_at: int, taken_back_at: int) -> None:
    """The brand can only show what is still there."""
    town = town_of()
    post = said(1, "zoe", TEXTS[0], 0)
    town.hears(post)
    town.hears(deleted(post, at=hidden_at, by_brand=True))
    town.hears(deleted(post, at=taken_back_at))
    town.hears(restored(post, at=7))
    assert town.conversation.closure == "withdrawn"


def test_an_edit_that_makes_a_post_owe_is_a_late_born_obligation() -> None:
    """True promise, and at least the grace after the edit."""
    town = town_of()
    post = said(1, "zoe", TEXTS[1], 0)
    town.hears(post)
    town.hears(edited(post, TEXTS[0], at=58))
    found = town.conversation
    assert (found.promise_at, found.deadline_at) == (NIGHT + minutes(60), NIGHT + minutes(68))


def test_an_edit_of_a_post_that_owed_already_buys_no_time() -> None:
    """Mending a typo keeps the deadline, and no pending page is void."""
    town = town_of()
    post = said(1, "zoe", TEXTS[0], 0)
    town.hears(post)
    town.hears(edited(post, "Where is it?!", at=58))
    assert (town.conversation.deadline_at, town.conversation.epoch) == (NIGHT + minutes(60), 1)


def test_an_urgent_follow_up_brings_the_deadline_forward_with_a_grace() -> None:
    """A raised priority: the oldest post's clock, the urgent target, never less than the grace from the raise."""
    town = town_of()
    town.hears(said(1, "zoe", TEXTS[0], 0))
    town.hears(said(2, "zoe", TEXTS[2], 20))
    found = town.conversation
    assert (found.owed_post_id, found.priority, found.epoch) == ("900_1", Priority.URGENT, 1)
    assert (found.promise_at, found.deadline_at) == (NIGHT + minutes(15), NIGHT + minutes(27.5))


def test_a_post_delivered_late_gets_no_grace() -> None:
    """Lateness of the wire is not the customer's."""
    town = town_of()
    town.hears(said(1, "zoe", TEXTS[0], 0), received_at=NIGHT + minutes(300))
    assert town.conversation.deadline_at == NIGHT + minutes(60)


def test_a_version_of_the_team_file_activated_meanwhile_is_for_the_next_clock() -> None:
    """A running clock keeps its own."""
    town = town_of()
    town.hears(said(1, "zoe", TEXTS[0], 0))
    faster = replace(
        URGENT_TEAM, version="v2", policies=(Policy(PolicyMatch(), minutes(5), minutes(5), "default"),)
    )
    town.team.activate(faster)
    town.hears(said(2, "zoe", "Still?", 10))
    assert (town.conversation.version, town.conversation.deadline_at) == ("v1", NIGHT + minutes(60))
    town.hears(answered(90, TOP, (), 20))
    town.hears(said(3, "zoe", "And?", 30))
    assert (town.conversation.version, town.conversation.deadline_at) == ("v2", NIGHT + minutes(35))
