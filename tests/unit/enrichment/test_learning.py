"""What becomes of a post when its platform tells what the webhook withheld: judged anew, linked, raised, never lowered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.conversation import Closure, State
from chalicelib.domain.enrichment import Told
from chalicelib.domain.items import Card, Happened, ThreadLink, TimelineRow
from chalicelib.domain.judgement import Context, Judgement, PostKind, Priority
from chalicelib.domain.ledger import entry_of
from chalicelib.services.intake_threads import contact_anchor
from tests.builders import CUSTOMER, NIGHT, PAGE_ID, a_dm, a_judgement, a_post, minutes
from tests.unit.enrichment.town import POST, AskTown
from tests.unit.intake.town import deleted, edited, judgement_of

WORDS = "Where is my order?"


@pytest.fixture
def town() -> AskTown:
    """A town in which nothing has happened."""
    return AskTown()


class KeenJudge:
    """Raises whoever is read by many; keeps what is part of an open conversation, and no praise else."""

    def __init__(self) -> None:
        self.contexts: list[Context] = []

    def classify(self, text: str | None, context: Context) -> Judgement:
        self.contexts.append(context)
        if text == "Love it" and not context.in_open_conversation:
            return a_judgement(needs_response=False, kind=PostKind.PRAISE, priority=Priority.LOW)
        raised = context.verified or (context.followers or 0) >= 10_000
        return a_judgement(priority=Priority.URGENT if raised else Priority.NORMAL)


@pytest.fixture
def keen(town: AskTown) -> KeenJudge:
    """A judge that looks at the author."""
    judge = KeenJudge()
    town.judge.decide = judge.classify
    return judge


def test_a_post_that_lacks_nothing_asks_nobody(town: AskTown) -> None:
    """Not a message more than before."""
    town.asked()
    assert town.sweep.sent == []


def test_a_post_without_words_is_held_for_a_person_until_they_come(town: AskTown) -> None:
    """In doubt it waits; its words are then judged as they would have been."""
    post = town.bare()
    assert judgement_of(town, POST).reasons == ("a person must look: no text",)
    town.will_tell(post, text=WORDS, author_id=CUSTOMER, author_name="Jo Peters", contact_id=CUSTOMER)
    assert town.works() == 1
    assert (town.stored().text, judgement_of(town, POST).model) == (WORDS, "fake-1")
    assert (town.talk().state, town.talk().contact_name) == (State.WAITING, "Jo Peters")
    assert town.stored().needs_fetch == ()


def test_words_that_ask_for_nothing_end_the_wait(town: AskTown, keen: KeenJudge) -> None:
    """That it waited for its own words does not make it part of an open conversation."""
    post = town.bare()
    town.will_tell(post, text="Love it", author_name="Jo")
    town.works()
    assert town.talk().state is State.NO_ANSWER_NEEDED
    assert keen.contexts[-1].in_open_conversation is False


def test_words_that_another_webhook_brings_end_the_wait_too(town: AskTown, keen: KeenJudge) -> None:
    """Instagram tells of one comment twice: as a mention without words, and as a comment with them."""
    post = town.bare()
    town.hears(replace(post, text="Love it", needs_fetch=()))
    assert (town.talk().state, keen.contexts[-1].in_open_conversation) == (State.NO_ANSWER_NEEDED, False)


def test_words_that_come_while_another_post_waits_stay_with_it(town: AskTown, keen: KeenJudge) -> None:
    """That is what an open conversation is."""
    post = town.bare(contact_id=CUSTOMER)
    town.hears(
        a_post("And where is it?", external_id="5550001_2", thread_id=POST, created_at=NIGHT + minutes(1))
    )
    town.will_tell(post, text="Love it")
    town.works()
    assert (town.talk().state, keen.contexts[-1].in_open_conversation) == (State.WAITING, True)


def test_an_author_with_many_readers_is_raised(town: AskTown, keen: KeenJudge) -> None:
    """From the author's own minute, by the rule for urgent posts: the deadline comes forward."""
    post = town.bare(text=WORDS)
    assert (town.talk().priority, town.talk().deadline_at) == (Priority.NORMAL, NIGHT + minutes(60))
    town.will_tell(post, author_id=CUSTOMER, author_handle="jo")
    town.enricher.people[CUSTOMER] = Told(followers=250_000, verified=True)
    town.works()
    assert keen.contexts[-1].followers == 250_000
    assert town.talk().priority is Priority.URGENT
    assert town.talk().deadline_at == NIGHT + minutes(15)
    assert town.talk().epoch == 1


def test_a_raise_that_comes_late_leaves_the_time_of_what_is_born_late(town: AskTown, keen: KeenJudge) -> None:
    """Half an urgent target from now: nobody is late before anybody could know."""
    post = town.bare(text=WORDS)
    town.will_tell(post, author_id=CUSTOMER, followers=250_000)
    town.works(at=NIGHT + minutes(30))
    assert keen.contexts
    assert town.talk().deadline_at == NIGHT + minutes(37.5)
    assert town.talk().promise_at == NIGHT + minutes(15)


def test_a_raise_never_puts_a_deadline_off(town: AskTown, keen: KeenJudge) -> None:
    """Five minutes before the end there is no more than five minutes."""
    post = town.bare(text=WORDS)
    town.will_tell(post, author_id=CUSTOMER, followers=250_000)
    town.works(at=NIGHT + minutes(55))
    assert keen.contexts
    assert (town.talk().priority, town.talk().deadline_at) == (Priority.URGENT, NIGHT + minutes(60))


def test_nothing_told_lowers_a_post(town: AskTown) -> None:
    """Words that would be routine on their own leave an urgent post urgent."""
    town.judge.by_text[None] = a_judgement(priority=Priority.URGENT)
    town.judged(WORDS, priority=Priority.LOW)
    post = town.bare()
    town.will_tell(post, text=WORDS, author_name="Jo")
    town.works()
    assert town.talk().priority is Priority.URGENT


def test_what_a_person_said_is_not_judged_again(town: AskTown) -> None:
    """Their word stands whoever is found to have written."""
    post = town.bare()
    row = town.stored()
    said = replace(judgement_of(town, POST), model="person:ana", reasons=("ana says so",))
    town.books.save({}, (), (replace(row, judgement=said, rev=row.rev + 1),), NIGHT)
    town.will_tell(post, text=WORDS, author_name="Jo")
    town.works()
    assert judgement_of(town, POST).model == "person:ana"
    assert town.stored().text == WORDS


def test_an_edit_that_came_first_keeps_its_words(town: AskTown) -> None:
    """What the platform shows may be older than what it told."""
    post = town.bare()
    town.hears(edited(post, "Never mind, where is it?", at=1))
    town.will_tell(post, text=WORDS, author_name="Jo")
    town.works()
    assert town.stored().text == "Never mind, where is it?"


def test_a_post_its_author_took_back_learns_nothing(town: AskTown) -> None:
    """Nobody's words return by the back door."""
    post = town.bare()
    town.will_tell(post, text=WORDS, author_name="Jo")
    town.hears(deleted(post, at=1))
    town.works()
    assert (town.stored().text, town.enricher.asked) == (None, [])
    assert town.talk().closure is Closure.WITHDRAWN


def test_a_post_taken_back_while_the_platform_answers_learns_nothing(town: AskTown) -> None:
    """The answer was on its way."""
    post = town.bare()
    whole = town.will_tell(post, text=WORDS, author_name="Jo")
    town.hears(deleted(post, at=1))
    assert not town.hears(replace(whole, fetched=True))
    assert town.stored().text is None


def test_a_withheld_author_is_linked_and_the_conversation_keeps_its_name(town: AskTown) -> None:
    """Found from the person, and the person's past from it; a repeat contact."""
    town.asked(external_id="5550001_8", thread_id="5550001_8", at=-60)
    post = town.bare()
    before = town.talk()
    assert before.contact_id == f"post:{POST}"
    town.will_tell(post, author_id=CUSTOMER, author_name="Jo Peters", contact_id=CUSTOMER, text=WORDS)
    town.works()
    after = town.talk()
    assert (after.id, after.contact_id, after.repeat_contact) == (before.id, before.contact_id, True)
    person = town.store.children(ThreadLink, "facebook", PAGE_ID, contact_anchor(CUSTOMER))
    assert after.id in {link.conversation_id for link in person}
    (past,) = town.store.children(ThreadLink, "facebook", PAGE_ID, contact_anchor(f"post:{POST}"))
    assert past.conversation_id == town.talk(8).id


def test_what_is_learnt_is_on_the_timeline(town: AskTown) -> None:
    """A line of its own: the first one stays as it was."""
    post = town.bare()
    town.will_tell(post, text=WORDS, author_id="9")
    town.enricher.people["9"] = Told(name="Jo", followers=12_345, verified=True)
    town.works(at=NIGHT + minutes(1))
    lines = town.store.children(TimelineRow, town.talk().id)
    assert [line.words for line in lines] == [
        "The customer wrote.",
        "Asked the platform, which told the words, who wrote it, a verified author, 12,345 followers.",
    ]
    assert lines[1].kind is Happened.NOTE


def test_the_card_is_rendered_again(town: AskTown) -> None:
    """It shows the quote and the handle that it lacked."""
    post = town.bare()
    talk = town.talk()
    shown = replace(talk, card_channels=("#social",), rev=talk.rev + 1)
    card = Card(talk.id, "#social", wanted_rev=shown.rev, rendered_rev=shown.rev)
    town.books.save({}, (), (shown, card), NIGHT)
    town.will_tell(post, text=WORDS)
    town.works(at=NIGHT + minutes(1))
    after = town.store.get(Card, talk.id, "#social")
    assert after is not None
    assert (after.wanted_rev, after.next_due_at) == (town.talk().rev, NIGHT + minutes(1))
    assert town.talk().rev == shown.rev + 1


def test_a_direct_message_gets_its_sender_s_name(town: AskTown) -> None:
    """Messenger tells only a number; the words are there already and are not judged to be anything else."""
    town.hears(a_dm(author_name=None, author_handle=None))
    town.enricher.people[CUSTOMER] = Told(name="Jo Peters")
    assert town.works() == 1
    (talk,) = town.conversations
    assert (talk.contact_name, talk.state) == ("Jo Peters", State.WAITING)
    assert entry_of(talk, "m_1") is not None
    town.hears(a_dm("Hello?", external_id="m_2", author_name=None, created_at=NIGHT + minutes(1)))
    assert town.works() == 0


def test_what_owes_nothing_asks_nobody(town: AskTown) -> None:
    """Nor does what was there before Nightdesk came."""
    town.needless("Love it")
    town.hears(a_post("Love it", author_id=None, contact_id=None, needs_fetch=("author",)))
    town.bare(number=2, history=True)
    assert town.sweep.sent == []


def test_the_brands_own_words_are_asked_about_when_nobody_knows_whom_they_answer(town: AskTown) -> None:
    """Threads tells that the brand published, not that it answered: asked, it stops the right clock."""
    question = town.asked()
    said = town.replied(
        parent_id=None, thread_id="5550001_2", post_id=None, stops_clock=False, needs_fetch=("replied_to",)
    )
    assert (town.conversation.state, town.enricher.asked) == (State.WAITING, [])
    town.will_tell(said, parent_id=question.external_id, thread_id=question.thread_id, stops_clock=True)
    town.works()
    assert (town.conversation.state, town.conversation.answered_at) == (State.ANSWERED, said.created_at)


def test_the_brands_own_post_that_answers_nobody_stops_nothing(town: AskTown) -> None:
    """And is asked about once."""
    town.asked()
    said = town.replied(parent_id=None, thread_id="5550001_2", stops_clock=False, needs_fetch=("replied_to",))
    town.will_tell(said, needs_fetch=("replied_to",))
    town.works()
    assert (town.conversation.state, town.sweep.receive()) == (State.WAITING, [])
