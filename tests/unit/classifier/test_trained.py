"""The trained judge: any text gives a judgement, tricks do not move it, and the fixed hard cases hold."""

from __future__ import annotations

import mmap
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.classifier.trained import TrainedJudge
from chalicelib.classifier.weights import FILE, Weights
from chalicelib.domain.judgement import Band, Context, Judgement, PostKind, Priority, Urgency
from chalicelib.domain.team import Rule
from tests.unit.classifier import adversarial

PLAIN = Context()
POSTS = (
    *adversarial.SARCASM,
    *adversarial.PRAISE_AND_REQUEST,
    *adversarial.SPAM_QUOTING_A_COMPLAINT,
    *adversarial.JOKES_ABOUT_BOMBS,
    "Thanks so much, all sorted now",
    "where is my parcel, it was due on friday",
    "off to the beach with the kids",
)


@cache
def judge() -> TrainedJudge:
    return TrainedJudge()


def judged(text: str | None, context: Context = PLAIN) -> Judgement:
    return judge().classify(text, context)


@given(st.text(st.characters(), max_size=400) | st.none())
@settings(max_examples=150, deadline=None)
def test_any_unicode_gives_a_judgement_with_reasons(text: str | None) -> None:
    """Nothing a customer types may stop the intake, half a surrogate pair included."""
    judgement = judged(text)
    assert judgement.reasons
    assert judgement.needs_response is (judgement.band is Band.QUEUE)
    assert 0 <= judgement.p_needs_response <= 1


@given(st.sampled_from(POSTS), st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))
@settings(max_examples=100, deadline=None)
def test_case_does_not_move_a_decision_across_bands(text: str, retype: object) -> None:
    """Shouting is not a different complaint."""
    assert callable(retype)
    assert judged(retype(text)).band is judged(text).band


@given(
    st.sampled_from(POSTS),
    st.from_regex(r"[a-z0-9_]{1,15}", fullmatch=True),
    st.from_regex(r"https://[a-z]{2,9}\.(com|org)/[a-z0-9/]{0,20}", fullmatch=True),
)
@settings(max_examples=100, deadline=None)
def test_links_and_handles_do_not_move_a_decision_across_bands(text: str, handle: str, link: str) -> None:
    """A brand's name or a campaign's link must not carry the decision."""
    assert judged(f"@{handle} {text} {link}").band is judged(text).band


@pytest.mark.parametrize(
    "text",
    [*adversarial.SARCASM, *adversarial.PRAISE_AND_REQUEST, *adversarial.POSITIVE_WORDS_AND_DISASTER],
)
def test_kind_words_do_not_hide_a_complaint_a_request_or_a_disaster(text: str) -> None:
    """A missed complaint is far worse than a false alarm."""
    assert judged(text).needs_response, judged(text)


@pytest.mark.parametrize("text", [*adversarial.THREATS, *adversarial.POSITIVE_WORDS_AND_DISASTER])
def test_a_threat_or_a_disaster_is_urgent(text: str) -> None:
    """Whatever the mood of the other words."""
    judgement = judged(text)
    assert (judgement.urgency, judgement.priority) == (Urgency.CRITICAL, Priority.URGENT)


@pytest.mark.parametrize("text", adversarial.JOKES_ABOUT_BOMBS)
def test_a_joke_about_bombs_wakes_nobody(text: str) -> None:
    """The word alone is no threat."""
    assert judged(text).priority is not Priority.URGENT


@pytest.mark.parametrize(
    "text",
    [*adversarial.EMOJI_ONLY, *adversarial.EMPTY, *adversarial.RIGHT_TO_LEFT, *adversarial.OTHER_LANGUAGES],
)
def test_what_the_judge_cannot_read_goes_to_a_person(text: str) -> None:
    """Emoji, nothing at all, other scripts, other languages: never dropped by doubt."""
    judgement = judged(text)
    assert judgement.band is Band.QUEUE
    assert judgement.reasons[0].startswith("a person must look"), judgement


@pytest.mark.parametrize("text", adversarial.SPAM_QUOTING_A_COMPLAINT)
def test_spam_that_quotes_a_complaint_is_spam_or_goes_to_a_person(text: str) -> None:
    """It is never taken for a customer's thanks or chat and closed as that."""
    judgement = judged(text)
    assert judgement.kind is PostKind.SPAM or judgement.needs_response


@pytest.mark.parametrize("text", adversarial.LOOKS_PERSONAL)
def test_what_only_looks_personal_is_not_reported(text: str) -> None:
    """Flight numbers, toll-free numbers and prices are nobody's data."""
    assert not judged(text).contains_personal_data


@pytest.mark.parametrize("text", POSTS[:12])
def test_zero_width_characters_change_nothing(text: str) -> None:
    """Somebody who hides characters between letters is read as if they had not."""
    hidden = "\u200b".join(text)
    assert judged(hidden).band is judged(text).band
    assert judged(hidden).p_needs_response == pytest.approx(judged(text).p_needs_response)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000,
        "where is my order " * 600,
        "a " * 5_000,
        "1" * 10_000,
        "@" * 10_000,
        "a@" * 5_000,
        "(" * 10_000,
        "é" * 10_000,
        "no " * 3_400,
        "7 Maple " * 1_250,
        "+44 7 " * 1_700,
    ],
)
def test_ten_thousand_characters_are_judged(text: str) -> None:
    """A hostile post costs a moment, not the function's time-out; one that goes on and on still gets a person."""
    assert judged(text).band is Band.QUEUE


def test_an_open_conversation_keeps_its_replies() -> None:
    """A one-word answer cannot be judged from its text."""
    assert judged("Correct", Context(in_open_conversation=True)).band is Band.QUEUE


@pytest.mark.parametrize("text", ["Number 5, the blue one", "DM sent", "it was at the King Street store"])
def test_what_follows_our_reply_may_answer_our_question(text: str) -> None:
    """The same words out of the blue may need nothing; after "Which one?" a person is waiting."""
    assert judged(text, Context(after_our_reply=True)).band is Band.QUEUE


def test_thanks_after_our_reply_start_no_new_clock() -> None:
    """The conversation ends as it should."""
    assert not judged("Thanks so much, perfect!", Context(after_our_reply=True)).needs_response


def test_the_teams_rules_stand_above_the_weights() -> None:
    """They may raise, never lower."""
    own = TrainedJudge((Rule(match=("birthday cake",), priority="urgent", topics=("bakery",)),))
    judgement = own.classify("what a lovely birthday cake", PLAIN)
    assert (judgement.needs_response, judgement.priority) == (True, Priority.URGENT)
    assert "bakery" in judgement.topics


def test_reasons_never_repeat_personal_data() -> None:
    """They are stored, logged and shown in Slack."""
    judgement = judged(
        "I am angry, mail angryjo@example.com, card 4111 1111 1111 1111, my password is Hunter22!"
    )
    assert not any(word in " ".join(judgement.reasons).lower() for word in ("angryjo", "4111", "hunter22"))
    assert {span.kind.value for span in judgement.personal_data} == {"email", "payment_card", "credential"}


def test_the_judgement_names_the_model_that_made_it() -> None:
    """So that a correction can be counted against the right weights."""
    assert judged("hello there").model.startswith("judge-2.")


@pytest.mark.parametrize(
    "text",
    [
        "my burger was burnt",
        "pizza base was burnt again",
        "screen is bleeding at the edges",
        "choked on my tea laughing at this",
        "drowning in emails today",
        "an overdose of cuteness",
        "heart attack on a plate and I love it",
        "my kid fell asleep in your high chair bless",
        "lol my kids on fire today",
        "your ambulance toy is a hit",
        "lawyer friend says hi",
        "suing for peace with this diet lol",
        "I'll murder whoever ate my last one",
        "hacked my way to free shipping with your code haha",
        "fire alarm test at your store went on for ages",
        "baby slept all night in your cot",
        "i burnt my toast in your toaster, my own fault",
    ],
)
def test_a_grave_word_in_everyday_talk_wakes_nobody(text: str) -> None:
    """Rules know what the word is said of; weights alone cry out only over what likely needs an answer."""
    assert judged(text).urgency < Urgency.CRITICAL


@pytest.mark.parametrize(
    "text",
    [
        "fire!!! in your Hull store get people out",
        "there is a fire in the shop",
        "little lad got his fingers caught in the escalator at your store",
        "she's not waking up after taking the tablets you sent",
        "I took a double dose cause the label's wrong what do I do",
        "your roof's fallen in on the tills",
        "the ride stopped and a lad's hanging half out of the seat",
        "lovely day " * 500 + "the cooker is on fire and my son is burnt",
    ],
)
def test_a_disaster_in_few_or_in_many_words_is_urgent(text: str) -> None:
    """Also at the end of a post that is too long to be judged as a whole."""
    assert (judged(text).band, judged(text).urgency) == (Band.QUEUE, Urgency.CRITICAL)


def test_a_post_whose_middle_is_not_judged_goes_to_a_person() -> None:
    """What it says there nobody knows."""
    judgement = judged("lovely day, thank you all " * 400)
    assert judgement.band is Band.QUEUE
    assert judgement.reasons[0] == "a person must look: longer than is judged"


@pytest.mark.parametrize("sort", [name for name in vars(adversarial) if name.isupper()])
def test_there_are_ten_posts_of_every_sort_that_misleads(sort: str) -> None:
    """One or two are easily passed by luck."""
    assert len(set(getattr(adversarial, sort))) >= 10


def test_the_weights_fit_their_budget_and_are_mapped_not_read() -> None:
    """Six million bytes of the package, and no copy of them in memory."""
    assert FILE.stat().st_size <= 6_000_000
    assert isinstance(Weights.opened().sections["needs"].columns[0].cells.obj, mmap.mmap)
