"""A post comes in: one transaction that is also the dedupe, and a clock from the platform's own time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.classifier.rules import RuleJudge
from chalicelib.domain.conversation import State
from chalicelib.domain.items import StoredPost, ThreadLink, TimelineRow
from chalicelib.domain.posts import Kind, Post
from chalicelib.errors import Transient
from chalicelib.services.bookkeeping import Books
from chalicelib.services.intake_posts import Posts
from chalicelib.services.judging import Judging
from chalicelib.services.ports import Put, Store
from chalicelib.services.saving import Saving
from chalicelib.store.codec import encode
from chalicelib.store.limits import size_of
from tests.builders import CUSTOMER, NIGHT, THREAD, a_dm, a_post, minutes
from tests.unit.intake.stores import Counting, Interrupted
from tests.unit.intake.town import Town, edited, judgement_of, minutes_after


def test_a_question_starts_a_clock_at_the_platforms_own_time() -> None:
    """The promise counts from when the customer wrote, not from when we heard."""
    town = Town()
    town.hears(a_post(), received_at=NIGHT + minutes(7))
    found = town.conversation
    assert (found.state, found.epoch, found.rev) == (State.WAITING, 1, 1)
    assert (found.started_at, found.promise_at, found.deadline_at) == (
        NIGHT,
        NIGHT + minutes(60),
        NIGHT + minutes(60),
    )
    assert found.next_due_at == NIGHT + minutes(24)
    assert (found.account_name, found.team, found.escalation) == ("acme-fb", "care", "default")


def test_a_platform_clock_that_runs_ahead_buys_no_time() -> None:
    """An event time after receipt counts as the receipt."""
    town = Town()
    town.hears(a_post(created_at=NIGHT + minutes(30)), received_at=NIGHT)
    assert town.conversation.started_at == NIGHT


def test_everything_about_a_post_is_one_transaction() -> None:
    """Post, conversation, links and timeline stand or fall together; there is nothing to repair after a crash."""
    town = Town()
    town.asked()
    assert len(town.store.commits) == 1
    links = {link.anchor for link in town.store.everything(ThreadLink)}
    assert links == {THREAD, f"contact:{CUSTOMER}"}
    assert town.stored().conversation_id == town.conversation.id
    assert town.timeline() == ["Jo Peters wrote."]


def test_a_direct_message_needs_no_thread_link() -> None:
    """Its conversation follows from its thread and contact, so a row is saved."""
    town = Town()
    town.hears(a_dm())
    assert [link.anchor for link in town.store.everything(ThreadLink)] == [f"contact:{CUSTOMER}"]


def test_a_post_delivered_twice_is_written_once() -> None:
    """Platforms deliver at least once."""
    town = Town()
    assert town.hears(a_post())
    before = town.conversation
    assert not town.hears(a_post(), received_at=NIGHT + minutes(3))
    assert town.conversation == before
    assert len(town.store.commits) == 1


def test_a_follow_up_does_not_restart_the_clock() -> None:
    """One conversation has one clock: the oldest unanswered post's."""
    town = Town()
    town.asked()
    town.asked("Hello?", at=20, external_id="5550001_3")
    found = town.conversation
    assert (found.epoch, found.owed_post_id, minutes_after(found.deadline_at)) == (1, "5550001_1", 60)
    assert len(found.entries) == 2


def test_a_post_judged_to_need_nothing_is_kept_with_its_judgement() -> None:
    """It closes nothing silently: its state says so and its reasons are there to read."""
    town = Town()
    town.needless("Lovely crew!")
    town.asked("Lovely crew!")
    assert (town.conversation.state, town.conversation.epoch) == (State.NO_ANSWER_NEEDED, 0)
    assert judgement_of(town, "5550001_1").reasons == ("asks a question",)
    (row,) = town.store.everything(TimelineRow)
    assert ("needs_answer", "no") in row.facts


def test_reactions_and_shares_open_nothing() -> None:
    """They are gestures: neither a row nor a clock."""
    town = Town()
    assert not town.hears(a_post(kind=Kind.REACTION))
    assert not town.hears(a_post(kind=Kind.SHARE))
    assert town.store.commits == []


def test_a_withheld_author_is_their_own_contact() -> None:
    """Two posts whose authors are withheld are two people until somebody knows better."""
    town = Town()
    town.asked(contact_id=None, author_id=None)
    town.asked(contact_id=None, author_id=None, external_id="5550001_9")
    assert {c.contact_id for c in town.conversations} == {"post:5550001_1", "post:5550001_9"}
    assert not [link for link in town.store.everything(ThreadLink) if link.anchor.startswith("contact:")]


def test_a_person_who_wrote_before_is_a_repeat_contact() -> None:
    """Nobody is asked twice: the second conversation knows of the first."""
    town = Town()
    town.asked()
    town.asked(external_id="666_1", thread_id="666", parent_id="666", post_id="666", at=30)
    assert {c.thread_id: c.repeat_contact for c in town.conversations} == {THREAD: False, "666": True}


def test_a_pressed_button_is_shown_but_asks_nothing() -> None:
    """What opens no case by itself is recorded without an obligation."""
    town = Town()
    town.hears(a_dm("Menu", opens_case=False))
    assert town.conversation.state is State.NO_ANSWER_NEEDED


def test_the_row_remembers_what_was_said_and_judged() -> None:
    """Everything later needs is in the post's own row."""
    town = Town()
    town.asked()
    row = town.stored()
    assert isinstance(row, StoredPost)
    assert (row.text, row.created_at, row.received_at) == (
        "Where is my order?",
        NIGHT,
        NIGHT + timedelta(seconds=2),
    )


def test_a_post_costs_few_calls_and_writes() -> None:
    """At most ten calls from webhook to stored deadline, the enqueue included, and fourteen write units."""
    town = Town()
    store = Counting(town.store)
    saving = Saving(store, town.queues, town.clock)
    books = Books(store, saving, town.team)
    judging = Judging(RuleJudge())
    account = town.team.current().accounts["acme-fb"]
    words = "My parcel 8812 has not come, I have been waiting since Monday and nobody answers. Where is it?"
    Posts(store, books, judging, town.clock).take(a_post(words), account, NIGHT + timedelta(seconds=2))
    (writes,) = town.store.commits
    units = sum(2 * -(-size_of(encode(write.item)) // 1024) for write in writes if isinstance(write, Put))
    indexes = 2
    assert store.calls + 1 <= 10
    assert units + indexes <= 14


def test_replies_older_than_a_follow_up_are_not_read_again() -> None:
    """A long thread costs no more than a short one."""
    town = Town()
    town.asked()
    for number in range(5, 15):
        town.replied(at=number, external_id=f"5550001_2{number}")
    store = Counting(town.store)
    taken_in(town, store, a_post("And?", external_id="5550001_4", created_at=NIGHT + minutes(30)))
    assert store.calls == 4


def test_two_posts_of_one_person_at_the_same_instant_are_both_kept() -> None:
    """Whoever loses the race decides again on what the winner wrote."""
    town = Town()
    town.asked()
    store = Interrupted(town.store, lambda: town.asked("Second", at=1, external_id="5550001_3"))
    taken_in(town, store, a_post("Third", external_id="5550001_4", created_at=NIGHT + minutes(2)))
    assert {entry.id for entry in town.conversation.entries} == {"5550001_1", "5550001_3", "5550001_4"}
    assert town.conversation.rev == 3


def test_one_post_taken_in_twice_at_the_same_instant_is_kept_once() -> None:
    """The second finds it there."""
    town = Town()
    assert not taken_in(town, Interrupted(town.store, town.asked), a_post())
    assert (len(town.conversations), len(town.timeline())) == (1, 1)


def test_a_race_that_never_ends_goes_back_to_the_queue() -> None:
    """Rather than spin."""
    town = Town()
    town.asked()
    busy = Interrupted(town.store, lambda: touch(town), times=99)
    with pytest.raises(Transient):
        taken_in(town, busy, a_post("Third", external_id="5550001_4"))


def touch(town: Town) -> None:
    found = town.conversation
    town.store.commit(Put(replace(found, rev=found.rev + 1)))


def taken_in(town: Town, store: Store, post: Post) -> bool:
    """Take a post in through another store."""
    books = Books(store, Saving(store, town.queues, town.clock), town.team)
    posts = Posts(store, books, Judging(town.judge), town.clock)
    return posts.take(post, town.team.current().accounts["acme-fb"], post.created_at)


def test_a_mention_and_the_comment_it_is_are_one_post() -> None:
    """Instagram may send both, in either order; the one with words and an author completes the other."""
    mention = a_post(None, kind=Kind.MENTION, contact_id=None, author_id=None, author_name=None)
    for first, second in [(mention, a_post()), (a_post(), mention)]:
        town = Town()
        town.hears(first)
        town.hears(second, received_at=NIGHT + minutes(1))
        assert (town.stored().text, town.stored().author_id) == ("Where is my order?", CUSTOMER)
        assert town.conversation.contact_name == "Jo Peters"
        links = {link.anchor for link in town.store.everything(ThreadLink)}
        assert f"contact:{CUSTOMER}" in links


def test_an_author_learned_later_is_linked_and_nothing_is_re_keyed() -> None:
    """The conversation keeps its id; the person is found by it from now on."""
    town = Town()
    town.asked(contact_id=None, author_id=None, author_name=None)
    before = town.conversation.id
    town.asked()
    assert (town.conversation.id, town.conversation.contact_id) == (before, "post:5550001_1")
    town.asked(external_id="666_1", thread_id="666_1", parent_id=None, post_id=None, at=3)
    assert next(c for c in town.conversations if c.id != before).repeat_contact


def test_a_create_delivered_again_never_undoes_an_edit() -> None:
    """Even if the wire gives the redelivery a later time, as envelopes without their own do."""
    town = Town()
    post = town.asked()
    town.hears(edited(post, "Where is my parcel?", at=2))
    town.hears(a_post(created_at=NIGHT + minutes(9)), received_at=NIGHT + minutes(9))
    assert (town.stored().text, town.stored().created_at) == ("Where is my parcel?", NIGHT)


def test_a_customer_who_writes_again_is_served_by_whoever_has_the_account_now() -> None:
    """A team that the file no longer names has no queue, and the auditor walks the queues."""
    town = Town()
    town.asked()
    team = town.team.current()
    accounts = {name: replace(account, team="help") for name, account in team.accounts.items()}
    teams = {"help": replace(team.teams["care"], name="help")}
    town.team.activate(replace(team, version="v2", accounts=accounts, teams=teams))
    town.asked("Hello?", at=3, external_id="5550001_2")
    assert town.conversation.team == "help"
    assert [name for name, _ in town.store.open_work("help")] == [town.conversation.id]
