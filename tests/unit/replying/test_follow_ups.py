"""A follow-up puts the conversation back in the queue when its time has come, whatever happened meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.conversation import Conversation, State
from chalicelib.domain.follow_up_rows import FollowUp, FollowUpState
from chalicelib.domain.items import Page
from chalicelib.domain.pages import OWNER
from chalicelib.domain.personal_data import mask
from chalicelib.domain.posts import Op
from chalicelib.domain.settling import waited_before
from chalicelib.errors import Conflict, NotFound
from chalicelib.services.alerts import Alerts
from chalicelib.services.follow_ups import FollowUps
from chalicelib.services.ports import Hand, Ref
from tests.builders import NIGHT, a_post, a_reply_entry, an_entry, minutes
from tests.fakes import Crash, Fuse
from tests.unit.intake.town import deleted, minutes_after
from tests.unit.replying.waiting_town import HALF, WaitingTown

TWO_DAYS = 2 * 24 * 60


class FollowingTown(WaitingTown):
    """A town whose people look at things again."""

    def __init__(self, *, fuse: Fuse | None = None) -> None:
        super().__init__(None, fuse=fuse)
        self.follow_ups = FollowUps(self.store, self.books, self.clock)

    def asks(self, by: str = "ana", *, due: float = TWO_DAYS, at: float = 10) -> FollowUp:
        return self.follow_ups.ask(
            self.id, by, "has the refund arrived?", due_at=NIGHT + minutes(due), at=NIGHT + minutes(at)
        )

    def passes(self, at: float) -> None:
        """Jump, and do what the tick would find: the follow-ups, then the ladder."""
        self.clock.set(NIGHT + minutes(at))
        for row in self.store.everything(FollowUp):
            self.follow_ups.deliver(row.identity)
            self.follow_ups.deliver(row.identity)
        self.watch.wake(Ref(Conversation.__name__, (self.id,)), self.clock.now())

    def told(self) -> list[str]:
        """Return who was greeted as the owner of old."""
        return [page.person for page in self.store.everything(Page) if page.step == OWNER]


def answered() -> FollowingTown:
    """A customer asked and Ana answered within five minutes."""
    town = FollowingTown()
    town.asked()
    town.answers()
    town.sends()
    return town


def test_nobody_is_told_that_a_customer_asks_who_asked_nothing() -> None:
    """At night people answer what they read: a follow-up is there to be checked."""
    town = answered()
    town.asks()
    town.passes(TWO_DAYS)
    (page,) = (page for page in town.store.everything(Page) if page.step == OWNER)
    team, now = town.team.current(), town.clock.now()
    view = Alerts(town.store, mask).page(town.conversation, page, team, now)
    assert (view.headline, view.needs) == ("You asked to look at this again", "check")


def test_an_answered_conversation_comes_back_when_its_time_has_come() -> None:
    """On a promise that starts then, and whoever asked hears of it first, alone."""
    town = answered()
    town.asks()
    town.passes(TWO_DAYS - 1)
    assert town.conversation.state is State.ANSWERED
    town.passes(TWO_DAYS)
    found = town.conversation
    assert (found.state, minutes_after(found.deadline_at), found.claim) == (
        State.WAITING,
        TWO_DAYS + 60,
        None,
    )
    assert town.told() == ["ana"]
    assert len(town.store.everything(Page)) == 1
    (page,) = [page for page in town.store.everything(Page) if page.step == OWNER]
    assert "you asked to look at this again" in page.why
    assert "ana's follow-up is due: has the refund arrived?" in town.timeline()


def test_what_was_said_before_it_does_not_answer_it_and_what_is_said_after_does() -> None:
    """A new answer, natively too, ends the clock as always."""
    town = answered()
    town.asks()
    town.passes(TWO_DAYS)
    town.replied("All well?", at=TWO_DAYS + 3, external_id="5550001_7")
    assert town.conversation.state is State.ANSWERED
    assert town.conversation.answered_at == NIGHT + minutes(TWO_DAYS + 3)


def test_a_closed_conversation_comes_back_too() -> None:
    """And can be closed again."""
    town = FollowingTown()
    town.asked()
    town.replies.close(town.id, "ana", "waits for the depot", NIGHT + minutes(5))
    town.asks("ben")
    town.passes(TWO_DAYS)
    assert (town.conversation.state, town.told()) == (State.WAITING, ["ben"])
    town.replies.close(town.id, "ben", "arrived", NIGHT + minutes(TWO_DAYS + 2))
    assert town.conversation.state is State.CLOSED


def test_one_that_needed_no_answer_comes_back_too() -> None:
    """A person wanted to look."""
    town = FollowingTown()
    town.needless("Hm")
    town.asked("Hm")
    town.asks()
    town.passes(TWO_DAYS)
    assert town.conversation.state is State.WAITING


def test_a_new_post_before_then_reopens_it_and_the_follow_up_still_comes() -> None:
    """The clock of the new post goes on as it is; who asked is told all the same."""
    town = answered()
    town.asks("ben", due=100)
    town.asked("And now?", at=70, external_id="5550001_5")
    assert (town.conversation.state, minutes_after(town.conversation.deadline_at)) == (State.WAITING, 130)
    town.passes(71)
    epoch = town.conversation.epoch
    town.passes(100)
    found = town.conversation
    assert (found.epoch, minutes_after(found.deadline_at)) == (epoch, 130)
    assert town.told() == ["ben"]


def test_a_new_post_that_was_answered_before_then_changes_nothing() -> None:
    """It is the last post that is looked at again."""
    town = answered()
    town.asks(due=200)
    town.asked("And now?", at=70, external_id="5550001_5")
    town.answers("Now.", at=75)
    town.sends()
    town.passes(200)
    found = town.conversation
    assert (found.state, found.owed_post_id) == (State.WAITING, "5550001_5")


def test_a_pause_that_is_longer_is_waited_for() -> None:
    """Somebody decided it later; the follow-up comes when the pause ends."""
    town = FollowingTown()
    town.asked()
    town.asks(due=60)
    town.replies.pause(town.id, "ben", "depot", until=NIGHT + minutes(90), at=NIGHT + minutes(20))
    town.passes(60)
    assert (town.conversation.state, town.told()) == (State.PAUSED, [])
    town.passes(90)
    assert (town.conversation.state, town.told()) == (State.WAITING, ["ana"])


def test_a_post_taken_back_leaves_nothing_to_look_at() -> None:
    """Which is said, and nobody is woken."""
    town = FollowingTown()
    town.asked()
    town.asks()
    town.hears(deleted(a_post(), at=20))
    town.passes(TWO_DAYS)
    assert (town.conversation.state, town.told()) == (State.CLOSED, [])
    assert "ana's follow-up found nothing left to look at." in town.timeline()
    with pytest.raises(Conflict, match="nothing is left"):
        town.asks()


def test_asking_again_moves_it_and_two_people_have_one_each() -> None:
    """The next one first."""
    town = answered()
    town.asks(due=100)
    town.asks("ben", due=150)
    town.asks(due=200)
    assert [(row.by, minutes_after(row.due_at)) for row in town.follow_ups.pending(town.id)] == [
        ("ben", 150),
        ("ana", 200),
    ]


def test_one_that_is_cancelled_does_not_come() -> None:
    """By whoever; it stays on record who asked and who cancelled."""
    town = answered()
    town.asks()
    town.follow_ups.cancel(town.id, of="ana", by="lead", at=NIGHT + minutes(30))
    town.passes(TWO_DAYS)
    assert (town.conversation.state, list(town.follow_ups.pending(town.id))) == (State.ANSWERED, [])
    assert "lead cancelled ana's follow-up." in town.timeline()
    with pytest.raises(NotFound):
        town.follow_ups.cancel(town.id, of="ana", by="lead", at=NIGHT + minutes(31))
    again = town.asks(due=TWO_DAYS + 60, at=TWO_DAYS + 1)
    assert again.state is FollowUpState.PENDING


@pytest.mark.parametrize("due", [10, 9, 10 + 91 * 24 * 60])
def test_it_is_due_in_the_future_and_not_in_another_year(due: float) -> None:
    """A calendar is the better place."""
    with pytest.raises(Conflict, match="in the future"):
        answered().asks(due=due)


def test_it_needs_a_reason() -> None:
    """Whoever reads it in two days will want to know."""
    town = answered()
    with pytest.raises(Conflict, match="reason"):
        town.follow_ups.ask(town.id, "ana", " ", due_at=NIGHT + minutes(60), at=NIGHT + minutes(10))


def test_it_is_woken_like_any_row_that_is_due() -> None:
    """The tick hands it to whoever delivers rows, though nobody was there when it was asked for."""
    town = answered()
    row = town.asks()
    town.outbound.receive()
    town.clock.set(row.due_at - timedelta(seconds=10))
    town.tick.run()
    town.clock.set(row.due_at)
    assert Hand(Ref("FollowUp", row.identity)) in town.outbound.receive()


def test_nobody_who_merely_follows_up_is_promised_anything() -> None:
    """The customer asked nothing new: no acknowledgement goes out."""
    town = FollowingTown()
    town.team.activate(replace(town.team.current(), acknowledgement=HALF, version="v2"))
    town.asked()
    town.replies.close(town.id, "ana", "later", NIGHT + minutes(5))
    town.asks()
    town.passes(TWO_DAYS)
    town.advance_to(TWO_DAYS + 59)
    assert town.conversation.state is State.WAITING
    assert town.said == []


def test_who_waited_when_an_old_reply_was_given_stays() -> None:
    """What a follow-up changes, it changes from then on: replies of a thread are given out again and again."""
    again = an_entry(again_at=NIGHT + minutes(100))
    entries = (again, a_reply_entry())
    assert not waited_before(entries, "n2", NIGHT + minutes(6))
    assert waited_before(entries, "n2", NIGHT + minutes(101))
    assert waited_before(entries, "n2", NIGHT + minutes(4))


def test_an_edit_meanwhile_leaves_it_in_the_queue() -> None:
    """The platform sends the post anew; that somebody wanted to look again, it cannot know."""
    town = answered()
    town.asks()
    town.passes(TWO_DAYS)
    edit = a_post("Where is my order, please?", op=Op.UPDATE, is_edited=True, dedupe_key="edit-1")
    town.hears(replace(edit, created_at=NIGHT + minutes(1)), received_at=NIGHT + minutes(TWO_DAYS + 1))
    assert town.conversation.state is State.WAITING


@pytest.mark.parametrize("before", range(2))
def test_dying_while_it_is_done_leaves_it_to_be_done(before: int) -> None:
    """One transaction does it all: before it nothing has happened, after it everything has."""
    town = answered()
    town.asks()
    town.clock.set(NIGHT + minutes(TWO_DAYS))
    town.fuse.before = len(town.fuse.effects) + before
    row = town.store.everything(FollowUp)[0]
    with pytest.raises(Crash):
        town.follow_ups.deliver(row.identity)
    town.passes(TWO_DAYS)
    assert (town.conversation.state, town.told()) == (State.WAITING, ["ana"])
    assert len([words for words in town.timeline() if "follow-up is due" in words]) == 1
