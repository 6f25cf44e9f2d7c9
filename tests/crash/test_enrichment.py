"""The process dies between any two effects of hearing a mention without words and asking what it says.

The delivery comes back, the tick finds what was leased: the words arrive once, judged, with the deadline in place.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.domain.conversation import State
from chalicelib.domain.enrichment import Told, post_of
from chalicelib.domain.items import TimelineRow
from chalicelib.services.ports import Fetch
from tests.builders import CUSTOMER, NIGHT, minutes
from tests.fakes import Crash, Fuse
from tests.unit.enrichment.town import POST, AskTown


class Mention:
    """Somebody mentions the brand; their webhook is delivered until it is taken in; ticks recover."""

    def __init__(self, before: int | None) -> None:
        self.fuse = Fuse(before)
        self.town = AskTown(fuse=self.fuse)

    def live(self) -> None:
        """Hear it, again after a crash; work what is queued, every message twice; tick for ten minutes."""
        town = self.town
        self._twice(town.bare)
        town.will_tell(
            post_of(town.stored()),
            text="Where is it?",
            author_id=CUSTOMER,
            author_name="Jo",
            contact_id=CUSTOMER,
        )
        town.enricher.people[CUSTOMER] = Told(followers=7)
        for message in (m for m in town.sweep.receive() for _ in range(2)):
            assert isinstance(message, Fetch)
            self._twice(lambda message=message: town.enrichment.fetch(message))  # type: ignore[misc]
        for at in range(1, 11):
            self._twice(lambda at=at: town.ticks(at=NIGHT + minutes(at)))  # type: ignore[misc]

    def _twice(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Crash:
            work()


def lived(before: int | None) -> Mention:
    mention = Mention(before)
    mention.live()
    return mention


WHOLE = lived(None)


@pytest.mark.parametrize("before", range(len(WHOLE.fuse.effects)))
def test_dying_anywhere_the_words_arrive_once_and_the_promise_stands(before: int) -> None:
    """One conversation, waiting since its own minute; one line on what was told; nothing left to do."""
    town = lived(before).town
    assert (town.stored().text, town.talk().state) == ("Where is it?", State.WAITING)
    assert (town.talk().deadline_at, town.talk().epoch) == (NIGHT + minutes(60), 1)
    told = [line.words for line in town.store.everything(TimelineRow) if line.source_id == f"asked:{POST}"]
    assert len(told) == 1
    assert town.errand.outcome in {"told", "nothing to ask"}  # the latter by who found it told already
    assert town.errand.next_due_at is None


def test_whole_the_post_and_its_author_are_asked_about_once() -> None:
    """The story that is cut above costs two calls by itself."""
    assert len(WHOLE.town.enricher.asked) == 2
    assert len(WHOLE.fuse.effects) > 6
