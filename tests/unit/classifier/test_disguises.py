"""The decision is the words': case, links, handles and invisible characters move no post across the bands."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.classifier.text import Text
from chalicelib.classifier.trained import TrainedJudge
from chalicelib.domain.judgement import Band, Context
from infra.train.examples import POSTS as WRITTEN
from infra.train.examples import own_posts
from tests.unit.classifier import adversarial
from tests.unit.classifier.critical_posts import CRITICAL, QUIET_LOOKALIKES

POSTS = (
    *(post.text for post in [*list(own_posts())[::7], *list(own_posts(WRITTEN.parent / "fresh"))[::2]]),
    *(text for texts in CRITICAL.values() for text in texts[::3]),
    *adversarial.SARCASM,
    *adversarial.SPAM_QUOTING_A_COMPLAINT,
    *adversarial.OTHER_LANGUAGES,
    *QUIET_LOOKALIKES,
)
HANDLES = st.from_regex(r"[A-Za-z0-9_]{1,15}", fullmatch=True)
PATHS = st.from_regex(r"[A-Za-z0-9/?=_-]{1,20}", fullmatch=True)
HOSTS = st.sampled_from(["t.co", "bit.ly", "example.com", "www.brand.co.uk", "shop.example.org"])
SCHEMES = st.sampled_from(["https://", "http://", "HTTPS://", ""])
CASES = st.sampled_from([str.upper, str.lower, str.title, str.swapcase])


@cache
def judge() -> TrainedJudge:
    return TrainedJudge()


def band(text: str) -> Band:
    return judge().classify(text, Context()).band


@given(st.sampled_from(POSTS), CASES)
@settings(max_examples=300, deadline=None)
def test_shouting_is_not_another_complaint(text: str, retyped: object) -> None:
    assert callable(retyped)
    assert band(retyped(text)) is band(text)


@given(st.sampled_from(POSTS), HANDLES, st.integers(0, 40))
@settings(max_examples=300, deadline=None)
def test_a_brands_name_carries_nothing_wherever_it_stands(text: str, handle: str, place: int) -> None:
    """Between any two words, before the first, after the last."""
    words = text.split(" ")
    place = min(place, len(words))
    assert band(" ".join([*words[:place], f"@{handle}", *words[place:]])) is band(text)


def test_a_handle_with_an_underscore_is_gone_beside_an_emoji_too() -> None:
    assert Text("@brand_help 🍔 late_again").visible == Text("🍔 late again").visible


@given(st.sampled_from(POSTS), SCHEMES, HOSTS, PATHS)
@settings(max_examples=300, deadline=None)
def test_a_link_carries_nothing_with_or_without_its_scheme(
    text: str, scheme: str, host: str, path: str
) -> None:
    """A campaign's short link must neither open nor close a clock."""
    assert band(f"{text} {scheme}{host}/{path}") is band(text)


@pytest.mark.parametrize(
    "text", [*adversarial.SARCASM, *adversarial.PRAISE_AND_REQUEST, *adversarial.THREATS]
)
def test_zero_width_characters_between_letters_hide_nothing(text: str) -> None:
    assert band("\u200b".join(text)) is band(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("see bit.ly/3abc now", "see now"),
        ("example.com keeps crashing", "keeps crashing"),
        ("it is broken.in the end please help.me", "it is broken.in the end please help.me"),
        ("12.99/month and v2.0.1 and/or", "12.99/month and v2.0.1 and/or"),
        ("mail jo@example.com", "mail jo@example.com"),
    ],
)
def test_only_addresses_are_taken_out_of_a_text(text: str, read: str) -> None:
    """People forget the space after a stop."""
    assert Text(text).visible == read
