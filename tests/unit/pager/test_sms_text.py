"""One GSM-7 segment for any input, what shrinks and what never does, and what people text back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.alert import AlertView, Tone
from chalicelib.domain.sms_text import (
    BASIC,
    Bare,
    ClaimCode,
    DigestCode,
    ReleaseCode,
    fitted,
    opt_keyword,
    parse_reply,
    render_digest,
    render_sms,
    septets,
    to_gsm7,
)
from tests.builders import NIGHT, minutes

VIEW = AlertView(
    conversation_id="c1",
    brand="Acme Air",
    platform="facebook",
    handle="Jo Peters",
    quote="Where is my order?",
    tone=Tone.AMBER,
    headline="Waiting",
    why="step 2",
    tz="Europe/London",
    received_at=NIGHT,
    now=NIGHT + minutes(40),
    deadline_at=NIGHT + minutes(60),
    code=47,
    link="https://nd.example/l/abcdefghij123456",
)


def test_a_text_says_who_what_by_when_how_to_claim_and_where() -> None:
    assert render_sms(VIEW) == (
        'Acme Air: answer by 03:00 (20 min left). Facebook Jo Peters: "Where is my order?" '
        "Reply C47 to claim. https://nd.example/l/abcdefghij123456"
    )


def test_where_nobody_hears_replies_the_text_sends_its_reader_to_slack() -> None:
    silent = replace(VIEW, code=None, link=None, actions=("claim",))
    assert render_sms(silent).endswith('"Where is my order?" Claim in Slack.')
    assert "Claim" not in render_sms(replace(silent, actions=()))


def test_the_deadline_is_on_the_schedules_clock_and_names_another_day() -> None:
    view = replace(VIEW, tz="Asia/Tokyo", deadline_at=NIGHT + timedelta(hours=20))
    assert "by Mon 07:00 (19 h 20 min left)" in render_sms(view)


def test_a_breach_says_how_long_ago() -> None:
    assert "answer was due 03:00 (12 min ago)" in render_sms(replace(VIEW, now=NIGHT + minutes(72)))


def test_the_quote_shrinks_first_then_the_handle_then_the_brand() -> None:
    long = replace(VIEW, quote="My suitcase never arrived in Lisbon and nobody ever answers me")
    assert '"My suitcase never arrived in Lisbon...' in render_sms(long)
    crowded = replace(long, handle="a_very_long_handle_that_goes_on_and_on_and_on_without_end")
    assert '"' not in render_sms(crowded)
    assert "Facebook a-very" in render_sms(crowded)
    assert "Reply C47 to claim. https://nd.example/l/abcdefghij123456" in render_sms(crowded)
    branded = replace(
        crowded, brand="The Most Honourable Company of Merchant Adventurers of the City of York"
    )
    text = render_sms(branded)
    assert text.startswith("The Most")
    assert "answer by 03:00 (20 min left)" in text
    assert text.endswith("Reply C47 to claim. https://nd.example/l/abcdefghij123456")


def test_where_nothing_is_quoted_whoever_waits_ends_a_sentence() -> None:
    """Behind API Gateway's own address no quote fits: name and code must not run into each other."""
    address = "https://abcdefghij.execute-api.eu-west-1.amazonaws.com/api/l/abcdefghij123456"
    assert render_sms(replace(VIEW, link=address)) == (
        f"Acme Air: answer by 03:00 (20 min left). Facebook Jo Peters. Reply C47 to claim. {address}"
    )


def test_a_quote_in_another_script_says_nothing_as_question_marks_and_is_left_out() -> None:
    assert "?" not in render_sms(replace(VIEW, quote="где мой заказ, почему никто не отвечает"))


def test_pictures_are_left_out_and_letters_spelt() -> None:
    assert to_gsm7("Žluťoučký kůň 🙈 “naïve” \u2013 ½ €5") == 'Zlutoucky kun  "naive" - 12 EUR 5'


TEXTS = st.text(max_size=400) | st.text(alphabet="{}[]|^~€\\ab \u0301\U0001f648", max_size=400)


@given(TEXTS)
def test_any_text_becomes_the_basic_alphabet(text: str) -> None:
    assert set(to_gsm7(text)) <= BASIC


VIEWS = st.builds(
    lambda left, **words: replace(VIEW, deadline_at=VIEW.now + left, **words),
    left=st.timedeltas(timedelta(days=-3), timedelta(days=3)),
    quote=TEXTS,
    handle=TEXTS,
    brand=TEXTS,
    platform=st.text(max_size=20),
    code=st.integers(1, 9999),
    link=st.none() | st.just("https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/api/l/abcdefghij123456"),
)


@given(VIEWS)
def test_any_alert_is_one_segment_that_keeps_deadline_code_and_link(view: AlertView) -> None:
    for text in (render_sms(view), render_digest(replace(view, link=None), count=1000)):
        assert septets(text) <= 160
        assert set(text) <= BASIC
        assert f"{view.code} to claim" in text
        assert " left)" in text or " ago)" in text
    assert view.link is None or render_sms(view).endswith(view.link)


@given(TEXTS)
def test_any_answer_is_one_segment(text: str) -> None:
    assert septets(fitted(text)) <= 160


def test_a_link_is_never_respelt() -> None:
    """An underscore in an address is a letter of the alphabet; spelt as a hyphen it would lead nowhere."""
    link = "http://127.0.0.1:4566/_aws/execute-api/a1b2c3d4/api/l/abcdefghij123456"
    assert render_sms(replace(VIEW, link=link)).endswith(link)
    assert "Ω" not in render_sms(replace(VIEW, link="https://Ωmega\u2603.example/l/abc"))


def test_a_link_too_long_for_a_segment_is_left_out_whole() -> None:
    text = render_sms(replace(VIEW, link="https://example.com/" + "x" * 200))
    assert "http" not in text
    assert "Reply C47 to claim." in text


def test_no_words_of_ours_are_words_that_carriers_reserve() -> None:
    words = set(render_sms(VIEW).upper().replace(".", " ").split())
    assert not words & {"STOP", "END", "CANCEL", "QUIT", "UNSUBSCRIBE"}


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("C47", ClaimCode(47)),
        (" c 47. ", ClaimCode(47)),
        ("'C47'", ClaimCode(47)),
        ("“c47”", ClaimCode(47)),
        ("Claim 47", ClaimCode(47)),
        ("47 claim", ClaimCode(47)),
        ("R47", ReleaseCode(47)),
        ("release #47", ReleaseCode(47)),
        ("B7", DigestCode(7)),
        ("OK", Bare()),
        ("on it!", Bare()),
        ("a", None),
        ("47", None),
        ("C47 C48", None),
        ("please stop", None),
        ("C", None),
        ("", None),
        ("\uff23\uff14\uff17", None),
    ],
)
def test_a_reply_is_a_code_a_bare_ok_or_nothing(text: str, means: object) -> None:
    assert parse_reply(text) == means


@given(st.text())
def test_reading_a_reply_never_fails(text: str) -> None:
    parse_reply(text)
    opt_keyword(text)


@pytest.mark.parametrize(
    ("text", "means"),
    [("STOP", "opt_out"), ("Quit.", "opt_out"), ("start", "opt_in"), ("please stop", None), ("C47", None)],
)
def test_the_words_carriers_reserve_count_only_alone(text: str, means: str | None) -> None:
    assert opt_keyword(text) == means
