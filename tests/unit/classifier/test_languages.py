"""Short posts are told apart: foreign ones go to a person, careless English ones are judged."""

from __future__ import annotations

from functools import cache

import pytest

from chalicelib.classifier.text import Text
from chalicelib.classifier.trained import TrainedJudge
from infra.train.examples import POSTS, own_posts


@cache
def judge() -> TrainedJudge:
    return TrainedJudge()


@pytest.mark.parametrize(
    "text",
    [
        "muchas gracias por nada",
        "quiero mi dinero",
        "toujours rien",
        "geht nicht",
        "wo ist mein Paket",
        "cadê meu pedido",
        "non funziona",
        "waar blijft mijn pakket",
        "paket belum sampai",
        "kargom nerede",
        "mzigo wangu uko wapi",
        "nie działa",
        "hindi gumagana",
        "mera paisa wapas karo",
        "gdje je moj paket",
        "virker ikke",
    ],
)
def test_a_few_words_of_another_language_go_to_a_person(text: str) -> None:
    """Nobody writes much when they are cross."""
    assert judge().language(Text(text)) != "en"


@pytest.mark.parametrize(
    "text",
    [
        "pls fix",
        "app trash",
        "need help asap",
        "wifi down bruh",
        "refund plz",
        "u suck",
        "where my order at",
        "i believe that's true",
        "happy diwali",
        "vodka gummy bears",
        "biryani cold",
    ],
)
def test_careless_english_is_english(text: str) -> None:
    """Slang, no capitals, words borrowed from elsewhere."""
    assert judge().language(Text(text)) == "en"


def test_hardly_any_fresh_post_is_taken_for_another_language() -> None:
    """At most three in a hundred."""
    posts = [post.text for post in own_posts(POSTS.parent / "fresh")]
    flagged = [text for text in posts if judge().language(Text(text)) != "en"]
    assert len(flagged) <= 0.03 * len(posts), flagged
