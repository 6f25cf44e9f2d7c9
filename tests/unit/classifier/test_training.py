"""Training writes the same bytes twice, and the packaged judge computes exactly what training computed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chalicelib.classifier.text import Text
from chalicelib.classifier.trained import Reading
from chalicelib.classifier.weights import Weights
from infra.train.examples import Example, own_post, own_posts, without_repeats
from infra.train.generate import generated
from infra.train.softlabels import HEADS, key_of, read, write

pytest.importorskip("scipy", reason="the train extra is not installed")


def some_posts() -> list[Example]:
    return list(own_posts())[::40]


def trained() -> bytes:
    from infra.train import language
    from infra.train.judge import fit_head, parts_of_all, weights_file

    posts = some_posts()
    gate = language.fit_gate(
        [Example("where is my order", "own", "a", needs=0.0), Example("dov'è", "own", "b", needs=1.0)]
    )
    heads = {"sentiment": fit_head("sentiment", posts, parts_of_all(posts), {})}
    return weights_file(heads, gate, {"version": "t", "thresholds": {}})


@pytest.fixture(scope="module")
def once() -> bytes:
    return trained()


def test_training_twice_writes_the_same_bytes(once: bytes) -> None:
    """The weights can be made again by anybody with the same data."""
    assert trained() == once


def test_the_packaged_judge_scores_as_training_did(once: bytes) -> None:
    """Features and values cannot drift apart between the two."""
    from infra.train.judge import BUCKETS, fit_head, parts_of_all
    from infra.train.linear import matrix

    posts = some_posts()
    parts = parts_of_all(posts)
    expected = fit_head("sentiment", posts, parts, {}).scores(matrix(parts, BUCKETS["sentiment"]))
    section = Weights(memoryview(once)).sections["sentiment"]
    for post, row in zip(posts[:20], expected, strict=False):
        scores = Reading.of(Text(post.text)).scores(section)
        assert list(scores.values()) == pytest.approx(list(row), rel=1e-4, abs=1e-4)


def test_soft_labels_survive_being_kept(tmp_path: Path) -> None:
    """To a byte's precision, and by a key from which the text cannot be read."""
    opinion = {head: [1 / len(labels)] * len(labels) for head, labels in HEADS.items()}
    file = tmp_path / "soft.bin"
    write(file, ["where is my order"], [opinion])
    assert b"order" not in file.read_bytes()
    kept = read(file)[key_of("Where is my ORDER")]
    assert all(kept[head] == pytest.approx(opinion[head], abs=0.01) for head in HEADS)


def test_a_post_that_is_labelled_wrongly_names_its_line() -> None:
    """So that whoever adds posts can mend it."""
    with pytest.raises(ValueError, match=r"retail\.txt, line 7"):
        own_post("x-1 delay | late", "retail", 7)


def test_the_grammar_makes_the_same_posts_for_the_same_seed() -> None:
    """And other ones for another."""
    texts: list[list[Any]] = [[post.text for post in generated(seed, per_line=1)] for seed in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]


def test_no_written_post_is_taught_twice() -> None:
    """The first label wins."""
    twice = [
        Example("Hi there", "own", "a", kind="request"),
        Example("hi there @shop", "own", "b", kind="chatter"),
    ]
    assert [post.kind for post in without_repeats(twice)] == ["request"]
