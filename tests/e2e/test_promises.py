"""The first four promises, each on the deployed stack. The clock is the story's; any other message fails it."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

from chalicelib.domain.conversation import Closure, State
from chalicelib.domain.items import Happened
from chalicelib.domain.labels import Correction
from tests.e2e.harness.town import Town

# --- 1. Nothing is ignored ------------------------------------------------------------------------------


def test_an_unanswered_complaint_escalates_until_somebody_answers(town: Town) -> None:
    """At 24, 40, 60 and 65 minutes the next rung; then every ten minutes, without end, until the answer."""
    town.begin()
    complaint = town.post("My parcel never arrived. Where is my refund?", at="Sun 02:00")
    town.advance_to("Sun 02:23").expect()
    town.advance_to("Sun 02:24").expect("card:#social")
    town.advance_to("Sun 02:41").expect("sms:dev")
    town.advance_to("Sun 03:00").expect("sms:dev", "slack:ben")
    town.advance_to("Sun 03:05").expect("sms:lead")
    town.advance_to("Sun 03:35").expect("sms:lead", "sms:lead", "sms:lead")
    town.reply_natively(complaint, "So sorry! Your refund is on its way.", at="Sun 03:36")
    town.advance_to("Sun 06:00").expect()
    assert town.conversation(complaint).state is State.ANSWERED


def test_what_needs_no_answer_is_judged_so_in_the_open_and_can_be_reversed(town: Town) -> None:
    """Praise wakes nobody; its judgement says why; one click by a person starts the clock after all."""
    town.begin()
    praise = town.post("Thank you so much, you are the best airline ever!", at="Sun 02:00")
    town.advance_to("Sun 04:00").expect()
    conversation, stored = town.conversation(praise), town.stored(praise)
    assert conversation.state is State.NO_ANSWER_NEEDED
    assert stored is not None
    assert stored.judgement is not None
    assert stored.judgement.reasons
    town.box.corrections.correct(
        conversation.id, Correction.NEEDED_ANSWER, by="ana", at=town.when("Sun 04:00")
    )
    after = town.conversation(praise)
    assert after.state is State.WAITING
    assert after.deadline_at == town.when("Sun 04:10")
    assert after.promise_at == town.when("Sun 03:00")
    town.advance_to("Sun 04:10").expect("card:#social", "sms:dev", "sms:dev", "slack:ben")


def test_a_language_nobody_here_reads_goes_to_a_human(town: Town) -> None:
    """Doubt is never a reason to stay silent."""
    town.begin()
    post = town.post("Gdzie jest moja paczka? Czekam już trzy tygodnie i nikt nie odpowiada.", at="Sun 02:00")
    assert town.conversation(post).state is State.WAITING
    town.advance_to("Sun 02:41").expect("card:#social", "sms:dev")


def test_a_post_its_author_takes_back_wakes_nobody(town: Town) -> None:
    """Withdrawn is an end, and the stored words are gone."""
    town.begin()
    post = town.post("Where is my order?", at="Sun 02:00")
    town.take_back(post, at="Sun 02:10")
    town.advance_to("Sun 05:00").expect()
    assert town.conversation(post).closure is Closure.WITHDRAWN
    assert (stored := town.stored(post)) is not None
    assert stored.text is None


# --- 2. The page comes before the deadline, to exactly one person, and to the next if nobody acts -------


def test_the_first_page_leaves_before_the_deadline_to_the_one_person_on_call(town: Town) -> None:
    """One text message, to Dev alone, twenty minutes before the promise is due; it says by when and for whom."""
    town.begin()
    town.post("My flight was cancelled, please help", by="Kim", at="Sun 02:00")
    town.advance_to("Sun 02:41").expect("card:#social", "sms:dev")
    ((_, words),) = town.driver.texts()
    assert "03:00" in words
    assert "Kim" in words
    assert len(words) <= 160


def test_a_claim_quiets_the_ladder_and_the_loser_hears_who_has_it(town: Town) -> None:
    """Ana presses first; Ben's press changes nothing and tells him so; only Ana is nudged at the deadline."""
    town.begin()
    post = town.post("I was charged twice, refund please", at="Sun 02:00")
    town.advance_to("Sun 02:30").expect("card:#social")
    as_both_saw_it = deepcopy(town.card())
    assert town.press("claim", by="ana", on=as_both_saw_it) == 200
    town.expect("whisper:ana")
    assert town.press("claim", by="ben", on=as_both_saw_it) == 200
    town.expect("whisper:ben")
    assert "ana" in town.whispered()
    assert (claim := town.conversation(post).claim) is not None
    assert claim.owner == "ana"
    town.advance_to("Sun 02:59").expect()
    town.reply_natively(post, "Refunded, sorry!", at="Sun 02:59")
    town.advance_to("Sun 04:00").expect()
    assert "Answered" in town.card().text


def test_the_same_delivery_twice_pages_once(town: Town) -> None:
    """Everything is delivered at least once; the post itself is the dedupe."""
    town.begin()
    payload = town.comment("p_1", "Where is my bag?", by="Jo", at="Sun 02:00")
    town.driver.set_time(town.when("Sun 02:00"))
    assert [town.deliver(payload) for _ in range(3)] == [200, 200, 200]
    town.driver.settle()
    town.advance_to("Sun 02:41").expect("card:#social", "sms:dev")


# --- 3. Nights and weekends are the same ----------------------------------------------------------------


def test_sunday_night_and_tuesday_noon_keep_the_same_promise(town: Town) -> None:
    """Same minutes, same rungs; only the person differs, because the schedule says so."""
    town.begin()
    night = town.post("My order is late, where is it?", by="Jo", at="Sun 02:00")
    assert town.conversation(night).deadline_at == town.when("Sun 03:00")
    town.advance_to("Sun 02:41").expect("card:#social", "sms:dev")
    town.reply_natively(night, "On its way!", at="Sun 02:45")
    noon = town.post("My order is late, where is it?", by="Kim", at="Tue 12:00")
    assert town.conversation(noon).deadline_at == town.when("Tue 13:00")
    town.advance_to("Tue 12:41").expect("card:#social", "sms:ana")
    town.reply_natively(noon, "On its way!", at="Tue 12:45")


# --- 4. A reply counts wherever it was typed; an automatic one does not ---------------------------------


def test_an_answer_typed_in_the_platforms_own_app_stops_the_clock(town: Town) -> None:
    """A comment by the page under the customer's."""
    town.begin()
    post = town.post("Where is my order?", at="Sun 02:00")
    town.reply_natively(post, "Out for delivery!", at="Sun 02:20")
    town.advance_to("Sun 05:00").expect()
    assert town.conversation(post).state is State.ANSWERED


def test_an_answer_in_metas_inbox_stops_the_clock_of_a_direct_message(town: Town) -> None:
    """Its echo comes from another app than ours: the brand by other means."""
    town.begin()
    message = town.message("Hello, I need help with my booking", at="Sun 02:00")
    town.echo("Of course, which booking is it?", at="Sun 02:20")
    town.advance_to("Sun 05:00").expect()
    assert town.conversation(message).state is State.ANSWERED


def test_an_away_message_answers_nobody(town: Town) -> None:
    """Listed under the account's automations: recorded as automatic, and the ladder goes on."""
    town.begin()
    message = town.message("Hello, I need help with my booking", at="Sun 02:00")
    town.echo("Thanks for your message! We are away", at="Sun 02:20")
    assert town.conversation(message).state is State.WAITING
    town.advance_to("Sun 02:41").expect("card:#social", "sms:dev")


def test_a_reply_sooner_than_hands_type_is_a_machines(town: Town) -> None:
    """Within ten seconds of the post."""
    town.begin()
    post = town.post("Where is my order?", at="Sun 02:00")
    town.reply_natively(post, "We have received your comment.", at="Sun 02:00.1")
    assert town.conversation(post).state is State.WAITING
    town.advance_to("Sun 02:41").expect("card:#social", "sms:dev")


def test_the_customers_next_question_starts_the_next_promise(town: Town) -> None:
    """After an answer the clock runs anew, with its own target, from the new post."""
    town.begin()
    first = town.message("Where is my order?", at="Sun 02:00")
    town.echo("Which one?", at="Sun 02:10")
    town.message("Number 5, the blue one", at="Sun 02:30")
    conversation = town.conversation(first)
    assert conversation.deadline_at == town.when("Sun 02:30") + timedelta(minutes=60)
    assert town.told(first, Happened.POST)
    town.echo("It arrives today.", at="Sun 02:40")
    town.advance_to("Sun 05:00").expect()
