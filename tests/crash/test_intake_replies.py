"""The process dies between any two effects of answering a customer: at most one answer is ever posted.

What was cut is found by the tick; what nobody can know is settled by the echo, never by sending again.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.domain.conversation import State
from chalicelib.domain.items import Handover, Reply, StoredPost
from chalicelib.domain.posts import Direction
from chalicelib.services.ports import SHARDS
from tests.builders import NIGHT, a_reply_post, minutes
from tests.fakes import Crash, Fuse
from tests.unit.intake.desk_town import DeskTown


class Answer:
    """Ana answers; ticks recover; the platform's echo comes last, if there is a reply to echo."""

    def __init__(self, before: int | None) -> None:
        self.fuse = Fuse(before)
        self.town = DeskTown(fuse=self.fuse)
        self.town.asked()
        self.started = len(self.fuse.effects)

    def live(self) -> None:
        """Answer, with the same form again after a crash; then ticks for five minutes; then the echo."""
        town = self.town
        town.clock.set(NIGHT + minutes(5))
        self._twice(lambda: town.replies.reply(town.id, "Found it!", "ana", NIGHT + minutes(5), key="form"))
        for _ in range(10):
            self._twice(self._tick)
            town.clock.advance(minutes(0.5))
        if town.replier.taken:
            made = NIGHT + minutes(5.1)
            echo = a_reply_post("Found it!", external_id="own_1", created_at=made)
            self._twice(lambda: town.hears(echo))
            self._twice(lambda: town.hears(echo))

    def _tick(self) -> None:
        """Hand over every reply that the due index shows."""
        now = self.town.clock.now()
        due = [one.ref for shard in range(SHARDS) for one in self.town.store.due(shard, now)]
        for ref in due:
            if ref.kind == Reply.__name__:
                self.town.sender.deliver(ref.identity)

    def _twice(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Crash:
            work()


def lived(before: int | None) -> Answer:
    answer = Answer(before)
    answer.live()
    return answer


WHOLE = lived(None)


@pytest.mark.parametrize("before", range(WHOLE.started, len(WHOLE.fuse.effects)))
def test_dying_anywhere_posts_at_most_one_answer_and_ends_settled(before: int) -> None:
    """One post of ours, one entry, the clock stopped, or a person told that nobody knows."""
    town = lived(before).town
    assert len(town.replier.taken) <= 1
    own = [row for row in town.store.everything(StoredPost) if row.direction is not Direction.INBOUND]
    assert len(own) == len(town.replier.taken)
    if town.replier.taken:
        assert (town.reply.state, town.conversation.state) == (Handover.SENT, State.ANSWERED)
        assert [entry.id for entry in town.conversation.entries] == ["5550001_1", "own_1"]
    else:
        assert (town.reply.state, town.conversation.state) == (Handover.UNKNOWN, State.WAITING)
        assert town.reply.next_due_at is None


def test_whole_the_answer_is_sent_and_counted() -> None:
    """The story that is cut above ends well by itself."""
    assert WHOLE.town.conversation.state is State.ANSWERED
    assert len(WHOLE.fuse.effects) - WHOLE.started > 4
