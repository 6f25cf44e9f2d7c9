"""The process dies between any two effects of reception and intake: nothing is lost, nothing is doubled.

Platforms deliver again what was not acknowledged, the queue hands out again what was not deleted, and the tick
finds what is due. Each test runs the night once whole, and once for every place where it can be cut.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.conversation import Conversation, State
from chalicelib.domain.items import Quarantined, StoredPost, ThreadLink, TimelineRow
from chalicelib.domain.posts import Post, Reading, Unreadable
from chalicelib.domain.team import Policy, PolicyMatch
from chalicelib.services.platform_port import Delivery
from chalicelib.services.ports import SHARDS, Inbound, Wake
from chalicelib.services.reception import Reception
from tests.builders import NIGHT, PAGE_ID, a_post, a_reply_post, a_team, minutes
from tests.fakes import Crash, Fuse
from tests.unit.intake.town import Front, deleted, edited

HURRIED = a_team(policies=(Policy(PolicyMatch(), minutes(2), minutes(2), "default"),))
"""So short a promise that every question is due within 90 seconds, and intake must send its wake itself."""


class Night:
    """One night's deliveries through the front door, with a fuse that may blow anywhere."""

    def __init__(self, before: int | None) -> None:
        self.fuse = Fuse(before)
        self.front = Front(HURRIED, fuse=self.fuse)
        self.front.secrets.values = {"apps/facebook/acme-meta/secret": "good"}
        self.front.clock.set(NIGHT + minutes(1))
        front = self.front
        self.door = Reception(
            lambda _: front.platform, front.secrets, front.inbound, front.clock, front.meter
        )
        self._script()

    def _script(self) -> None:
        """Give each update its meaning: a thread with a question, its edit, an answer and a removal."""
        other = a_post("And mine?", external_id="666_1", thread_id="666_1", contact_id="kim", author_id="kim")
        meanings: dict[str, Post | Reading | Exception] = {
            "answer first": a_reply_post(parent_id="666_1", thread_id="666_1", external_id="666_2"),
            "question": a_post(),
            "other": other,
            "odd": Reading(unreadable=(Unreadable("[0]", "no reader knows it"),)),
            "bug": ValueError("surprise"),
            "edit": edited(a_post(), "Where is my order, please?", at=0.5),
            "late delete": deleted(a_post("Oops", external_id="5550001_7"), at=0.6),
            "deleted before": a_post("Oops", external_id="5550001_7", created_at=NIGHT + minutes(0.4)),
        }
        for name, meaning in meanings.items():
            self.front.platform.will_mean(name, meaning)

    def live(self) -> None:
        """Play the night: deliveries, and work until the queue is empty."""
        self._delivered("answer first", "question", "odd")
        self._delivered("bug", "other", "edit", "late delete")
        self._worked()
        self._delivered("deleted before", "question")
        self._worked()

    def _delivered(self, *names: str) -> None:
        body = self.front.platform.body(*names)
        delivery = Delivery("POST", {"signature": "good"}, body=body)
        _again(lambda: self.door.receive("facebook", "acme-meta", delivery))

    def _worked(self) -> None:
        while messages := self.front.inbound.receive():
            for message in messages:
                assert isinstance(message, Inbound)
                _again(lambda message=message: self.front.intake.take_in(message))  # type: ignore[misc]

    def books(self) -> dict[str, Any]:
        """Return everything that is kept, but for counters of writes."""
        store = self.front.store
        return {
            "posts": store.everything(StoredPost),
            "links": store.everything(ThreadLink),
            "lines": store.everything(TimelineRow),
            "kept": store.everything(Quarantined),
            "conversations": [replace(c, rev=0, epoch=c.epoch % 2) for c in store.everything(Conversation)],
        }

    def neither_woken_nor_found(self) -> list[str]:
        """Return the waiting conversations that no wake and no tick would ever look at."""
        woken = {m.ref.identity[0] for m in self.front.wake.messages if isinstance(m, Wake)}
        until = NIGHT + minutes(60 * 24)
        found = {due.ref.identity[0] for n in range(SHARDS) for due in self.front.store.due(n, until)}
        waiting = [c.id for c in self.front.conversations if c.state is State.WAITING]
        return [name for name in waiting if name not in woken | found]


def _again(work: Callable[[], object]) -> None:
    """Do it, and once more from the start if the process died over it: the sender was never answered."""
    try:
        work()
    except Crash:
        work()


def lived(before: int | None) -> Night:
    night = Night(before)
    night.live()
    return night


WHOLE = lived(None)
EFFECTS = len(WHOLE.fuse.effects)


def test_the_night_has_something_to_die_over() -> None:
    """A story that writes nothing proves nothing: it waits, answers, quarantines and keeps a tombstone."""
    books = WHOLE.books()
    assert EFFECTS > 12
    assert {c.state for c in books["conversations"]} == {State.WAITING, State.ANSWERED}
    assert len(books["kept"]) == 2
    assert any(post.deleted_at for post in books["posts"])


@pytest.mark.parametrize("before", range(EFFECTS))
def test_dying_anywhere_loses_and_doubles_nothing(before: int) -> None:
    """The books of a night that was cut anywhere are the books of the whole night."""
    night = lived(before)
    assert night.fuse.before is None, "the fuse must have blown"
    assert night.books() == WHOLE.books()


@pytest.mark.parametrize("before", range(EFFECTS))
def test_dying_anywhere_leaves_nobody_unwatched(before: int) -> None:
    """A commit without its wake is found by the tick: whoever waits is in the due index."""
    assert lived(before).neither_woken_nor_found() == []


def test_a_message_delivered_many_times_is_taken_in_once() -> None:
    """At least once may mean five times."""
    night = Night(None)
    body = night.front.platform.body("question", "other")
    for _ in range(5):
        night.front.intake.take_in(Inbound("facebook", "acme-meta", NIGHT + minutes(1), body))
    assert len(night.front.store.everything(TimelineRow)) == 2
    assert json.loads(body)[0]["account"] == PAGE_ID
