"""Every platform's own payloads through the whole of intake: one contract, whatever a platform calls things."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.conversation import Conversation, State
from chalicelib.domain.items import Handover, Quarantined, Reply, StoredPost
from chalicelib.domain.team import Account
from chalicelib.platforms import registry
from chalicelib.services.hearing import Hearing
from chalicelib.services.incidents import Incidents
from chalicelib.services.intake import Intake
from chalicelib.services.notices import Notices
from chalicelib.services.ports import Inbound, Put
from chalicelib.services.replies import Replies
from tests.builders import a_team
from tests.platforms.stories import STORIES, Json, Story, body, when
from tests.platforms.twins import twin
from tests.unit.intake.town import Town

AWAY = "We are away until Monday"
MINUTES = 60


class Brand(Town):
    """A brand on one platform, its real reader before intake."""

    def __init__(self, name: str) -> None:
        self.name = name
        account = Account("acme", name, twin(name).account, "app", "care", automations=(AWAY,))
        super().__init__(a_team(accounts={"acme": account}), now=when(0))
        self.intake = Intake(
            platforms=registry.platform,
            teams=self.team,
            posts=self.posts,
            quarantine=self.quarantine,
            hearing=Hearing(self.store, self.meter),
            incidents=Incidents(self.store, Notices(self.saving), self.team, self.clock),
            inbound=self.inbound,
            meter=self.meter,
        )

    def told(self, payload: Json, *, at: int, app: str = "app") -> None:
        """Let the platform tell, so many seconds after the beginning."""
        self.clock.set(max(self.clock.now(), when(at)))
        self.intake.take_in(Inbound(self.name, app, self.clock.now(), body(payload)))

    @property
    def kept(self) -> list[str]:
        """What went into quarantine, and why."""
        return [row.why for row in self.store.everything(Quarantined)]


@pytest.fixture(params=sorted(registry.PLATFORMS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def story(name: str) -> Story:
    return STORIES[name]()


@pytest.fixture
def brand(name: str) -> Iterator[Brand]:
    """A brand whose payloads were all understood."""
    made = Brand(name)
    yield made
    assert made.meter.total("Quarantined") == len(made.kept)


def only(brand: Brand) -> Conversation:
    """Return the one conversation there is."""
    (found,) = [c for c in brand.conversations if c.entries]
    return found


def test_every_platform_has_its_story() -> None:
    """A new platform without one fails here."""
    assert set(STORIES) == set(registry.PLATFORMS)


def test_a_question_waits_for_an_answer_however_often_it_is_told(brand: Brand, story: Story) -> None:
    for seconds in (2, 60, 7200):
        brand.told(story.asks("Where is my order?", 0), at=seconds)
    found = only(brand)
    assert (found.state, found.started_at) == (State.WAITING, when(0))
    assert found.deadline_at == when(0) + timedelta(minutes=60)
    assert (brand.meter.total("Posts"), brand.meter.total("Duplicates"), brand.kept) == (1, 2, [])


def test_an_answer_typed_in_the_platforms_own_app_stops_the_clock(brand: Brand, story: Story) -> None:
    brand.told(story.asks("Where is my order?", 0), at=2)
    brand.told(story.answers("On its way!", 5 * MINUTES), at=5 * MINUTES + 2)
    found = only(brand)
    assert (found.state, found.answered_at) == (State.ANSWERED, when(5 * MINUTES))


def test_an_answer_told_before_its_question_still_meets_it(brand: Brand, story: Story) -> None:
    """Deliveries come in any order."""
    brand.told(story.answers("On its way!", 5 * MINUTES), at=5 * MINUTES + 2)
    brand.told(story.asks("Where is my order?", 0), at=5 * MINUTES + 4)
    assert only(brand).state is State.ANSWERED


def test_an_automatic_answer_stops_no_clock(brand: Brand, story: Story) -> None:
    """By its words, as the team file lists them; or by its haste."""
    brand.told(story.asks("Where is my order?", 0), at=2)
    brand.told(story.answers(f"{AWAY}.", 5 * MINUTES), at=5 * MINUTES + 2)
    assert only(brand).state is State.WAITING


def test_an_answer_within_ten_seconds_is_no_humans(brand: Brand, story: Story) -> None:
    brand.told(story.asks("Where is my order?", 0), at=2)
    brand.told(story.answers("Hello! How can we help?", 3), at=5)
    assert only(brand).state is State.WAITING


def test_our_own_answer_coming_back_is_ours_and_named(brand: Brand, story: Story) -> None:
    """Before the call that sent it has returned."""
    brand.told(story.asks("Where is my order?", 0), at=2)
    reply = Replies(brand.store, brand.books).reply(only(brand).id, "On its way!", "ana", when(MINUTES))
    brand.store.commit(Put(replace(reply, state=Handover.SENDING, rev=reply.rev + 1)))
    brand.told(story.answers("On its way!", MINUTES + 1), at=MINUTES + 1)
    (row,) = brand.store.everything(Reply)
    assert (row.state, only(brand).answered_by) == (Handover.SENT, "ana")


def told_of(what: str) -> list[str]:
    """List the platforms that tell of a happening."""
    return [name for name, made in sorted(STORIES.items()) if getattr(made(), what)]


def test_what_platforms_never_tell_is_known() -> None:
    """Nobody's edits on Threads; customers' deletions neither there nor on X."""
    assert set(STORIES) - set(told_of("edits")) == {"threads"}
    assert set(STORIES) - set(told_of("deletes")) == {"threads", "x"}


def happening(name: str, what: str) -> Any:
    found = getattr(STORIES[name](), what)
    assert found is not None
    return found


@pytest.mark.parametrize("name", told_of("edits"))
@pytest.mark.parametrize("first", ["asked", "edited"])
def test_an_edit_and_its_post_end_alike_in_any_order(name: str, first: str) -> None:
    """The newest words, the old deadline, one conversation."""
    brand, story = Brand(name), STORIES[name]()
    news = [story.asks("Where is my order?", 0), happening(name, "edits")("Where is my order 77?", 90)]
    for payload in news if first == "asked" else reversed(news):
        brand.told(payload, at=95)
    found = only(brand)
    assert (found.state, found.started_at) == (State.WAITING, when(0))
    row = brand.store.get(StoredPost, name, twin(name).account, story.post_id)
    assert row is not None
    assert (row.text, row.edited) == ("Where is my order 77?", True)


@pytest.mark.parametrize("name", told_of("deletes"))
@pytest.mark.parametrize("first", ["asked", "deleted"])
def test_a_deletion_and_its_post_end_alike_in_any_order(name: str, first: str) -> None:
    """Nobody is woken for what its author took back."""
    brand, story = Brand(name), STORIES[name]()
    news = [story.asks("Where is my order?", 0), happening(name, "deletes")(90)]
    for payload in news if first == "asked" else reversed(news):
        brand.told(payload, at=95)
    assert all(c.state is not State.WAITING for c in brand.conversations)
    assert brand.kept == []


def test_an_app_cannot_speak_for_an_account_of_another(brand: Brand, story: Story) -> None:
    """What it says is kept and counted, and opens nothing."""
    brand.told(story.asks("Where is my order?", 0), at=2, app="another-app")
    assert (brand.conversations, len(brand.kept)) == ([], 1)
    assert "another-app" in brand.kept[0]


def test_an_event_nobody_knows_is_kept_and_counted_and_costs_its_neighbours_nothing(
    brand: Brand, story: Story, name: str
) -> None:
    brand.intake.take_in(Inbound(name, "app", brand.clock.now(), twin(name).unknown()))
    assert len(brand.kept) == 1
    brand.told(story.asks("Where is my order?", 0), at=2)
    assert only(brand).state is State.WAITING
