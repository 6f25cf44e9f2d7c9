"""Training writes the same bytes twice, and the packaged judge computes exactly what training computed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chalicelib.classifier.phrases import packed
from chalicelib.classifier.text import Text
from chalicelib.classifier.trained import Reading
from chalicelib.classifier.weights import Weights
from infra.train.examples import Example, own_post, own_posts, without_repeats
from infra.train.generate import generated
from infra.train.softlabels import HEADS, key_of, read, write

pytest.importorskip("scipy", reason="the train extra is not installed")


def some_posts() -> list[Example]:
    return list(own_posts())[::40]


def some_phrases() -> bytes:
    scale: dict[str, list[float]] = {"scales": [1.0], "biases": [0]}
    return packed(["late"], bytes(3), scale, {"sentiment": {"negative": (0.0, [0.0, 0.0])}})


def trained() -> bytes:
    from infra.train import language
    from infra.train.judge import fit_head, parts_of_all, weights_file

    posts = some_posts()
    gate = language.fit_gate(
        [Example("where is my order", "own", "a", needs=0.0), Example("dov'è", "own", "b", needs=1.0)]
    )
    heads = {"sentiment": fit_head("sentiment", posts, parts_of_all(posts), {})}
    return weights_file(heads, gate, some_phrases(), {"version": "t", "thresholds": {}})


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
    weights = Weights(memoryview(once))
    for post, row in zip(posts[:20], expected, strict=False):
        scores = Reading.of(Text(post.text), weights.phrases).scores(weights.sections["sentiment"])
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


def test_a_new_file_moves_no_other_file_to_another_fold() -> None:
    """What was taught without a group's posts stays a fair judge of them."""
    from infra.train.folds import FOLDS, split

    posts = [Example("hi", "own", f"own:{name}") for name in "abcdefgh"]
    before = [{e.group for e in split(posts, fold)[1]} for fold in range(FOLDS)]
    after = [split([*posts, Example("hi", "own", "own:aa")], fold)[1] for fold in range(FOLDS)]
    assert [{e.group for e in aside} - {"own:aa"} for aside in after] == before
    assert sum(map(len, after)) == len(posts) + 1


def test_no_written_post_is_taught_twice() -> None:
    """The first label wins."""
    twice = [
        Example("Hi there", "own", "a", kind="request"),
        Example("hi there @shop", "own", "b", kind="chatter"),
    ]
    assert [post.kind for post in without_repeats(twice)] == ["request"]


def test_a_threshold_with_a_margin_is_lower_than_one_on_the_edge() -> None:
    """A few posts cannot tell three per cent from four, so the queue is opened a little wider."""
    import numpy as np

    from infra.train.measure import threshold_for_recall

    scores, truth = np.linspace(0, 1, 400), np.ones(400)
    edge, sure = (threshold_for_recall(truth, scores, 0.97, margin) for margin in (0.0, 0.9))
    assert (scores >= edge).mean() == pytest.approx(0.97, abs=0.005)
    assert 0.975 < (scores >= sure).mean() < 0.99


def test_a_critical_rule_counts_as_certain_when_the_threshold_is_set() -> None:
    """The packaged judge queues such a post whatever its weights say."""
    import numpy as np

    from infra.train.aside import Aside

    posts = [own_post("c-2 qual | the heater caught fire", "a"), own_post("t00 other | nice day", "a")]
    aside = Aside(posts, {"needs": np.array([[-9.0], [-9.0]])})
    assert aside.queueing()[0] == 1.0
    assert aside.queueing()[1] < 0.001


def test_figures_replace_only_what_stands_between_their_marks(tmp_path: Path) -> None:
    """People write the words of the card; a run writes its figures."""
    from infra.train.card import FROM, TO, put_in

    card = tmp_path / "card.md"
    card.write_text(f"# Card\n\n{FROM}\nold\n{TO}\n\nKnown weak spots\n")
    put_in(card, [("fresh", "recall", "0.98", "")])
    text = card.read_text()
    assert "| fresh | recall | 0.98 |  |" in text
    assert "old" not in text
    assert text.startswith("# Card")
    assert text.endswith("Known weak spots\n")


def test_a_card_without_marks_is_refused(tmp_path: Path) -> None:
    """Nothing people wrote is overwritten."""
    from infra.train.card import put_in

    card = tmp_path / "card.md"
    card.write_text("# Card\n")
    with pytest.raises(ValueError, match="no place for figures"):
        put_in(card, [])
