"""What is said about an answer before it is sent: faults stop it, warnings ask to think again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.advice import OFTEN, Advice, Concern, Finding, Room, advise, normalised


def concerns(advice: Advice) -> tuple[list[Concern], list[Concern]]:
    """Return what the faults and the warnings are about."""
    return [f.concern for f in advice.faults], [w.concern for w in advice.warnings]


def test_a_plain_answer_is_clear() -> None:
    """Nothing is said where there is nothing to say."""
    advice = advise("So sorry, Jo! We are looking into it.", private=False, room=Room(37, 280))
    assert advice.is_clear
    assert advice.words == ()


def test_nothing_at_all_is_a_fault() -> None:
    """Blanks are nothing."""
    assert concerns(advise(" \n", private=True)) == ([Concern.EMPTY], [])


def test_too_long_says_both_numbers_and_how_much_to_cut() -> None:
    """In the platform's own unit."""
    advice = advise("x", private=False, room=Room(301, 280))
    assert concerns(advice) == ([Concern.TOO_LONG], [])
    assert advice.words == ("It has 301 characters and 280 are allowed: shorten it by 21.",)
    assert advise("x", private=False, room=Room(280, 280)).is_clear


def test_what_the_platform_refuses_is_a_fault() -> None:
    """A closed window, say: its words tell what to do."""
    closed = Finding(Concern.WINDOW_CLOSED, "24 hours have passed.")
    assert advise("Hello", private=True, refusal=closed).faults == (closed,)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("We called you on +44 7700 900123", "a phone number"),
        ("Your booking number is QX7RT2", "a booking, order or account number"),
        ("We wrote to jo.peters@mail.example", "an e-mail address"),
    ],
)
def test_personal_data_in_public_is_a_warning_that_does_not_repeat_it(text: str, named: str) -> None:
    """It names the kind, and never the data itself."""
    (warning,) = advise(text, private=False).warnings
    assert warning.concern is Concern.PERSONAL_DATA
    assert named in warning.words
    assert not any(word in warning.words for word in ("7700", "QX7RT2", "jo.peters"))
    assert advise(text, private=True).is_clear


def test_the_brands_own_published_address_is_nobodys_data() -> None:
    """help@ and its like are there to be written to."""
    assert advise("Write to help@acme.example", private=False).is_clear


@pytest.mark.parametrize("private", [True, False])
def test_a_card_number_belongs_in_no_message(*, private: bool) -> None:
    """Private or not."""
    advice = advise("Your card 4111 1111 1111 1111 was refunded", private=private)
    assert concerns(advice) == ([], [Concern.PERSONAL_DATA])


@pytest.mark.parametrize("private", [True, False])
def test_nobody_is_asked_for_a_password(*, private: bool) -> None:
    """Customers who are taught to give theirs give it to thieves."""
    advice = advise("Please send us your password", private=private)
    assert concerns(advice) == ([], [Concern.ASKS_FOR_SECRET])


def test_asking_in_public_says_to_move_to_private() -> None:
    """The same words are right in private."""
    (warning,) = advise("Please send us your booking number", private=False).warnings
    assert (warning.concern, "move to private" in warning.words) == (Concern.ASKS_IN_PUBLIC, True)
    assert advise("Please send us your booking number", private=True).is_clear


def test_the_same_words_many_times_are_a_warning() -> None:
    """With how often."""
    assert advise("Sorry!", private=False, used_today=OFTEN - 1).is_clear
    (warning,) = advise("Sorry!", private=False, used_today=OFTEN).warnings
    assert (warning.concern, str(OFTEN) in warning.words) == (Concern.REPEATED, True)


@given(st.text(), st.booleans())
def test_any_text_is_advised_on(text: str, private: bool) -> None:  # noqa: FBT001 - Hypothesis gives it so
    """Whatever people type, at once, and the same each time."""
    assert advise(text, private=private) == advise(text, private=private)


@given(st.text(st.characters(codec="ascii"), max_size=40))
def test_case_spaces_and_who_is_addressed_do_not_make_other_words(text: str) -> None:
    """Verbatim is what a reader takes for the same."""
    assert normalised(f"@jo  {text.upper()} !") == normalised(text.lower())
