"""The phrases: pieces of words read three at a time, computed in the package exactly as they were taught."""

from __future__ import annotations

import pytest

from chalicelib.classifier.phrases import MOST_PIECES, Phrases, Vocabulary, packed
from chalicelib.classifier.text import Text

WORDS = ("not", "good", "hello", "refund", "##s", "??", "000", "!", "cafe", "we", "re", "were")
FILTERS = 2


def rows(**told: tuple[int, ...]) -> bytes:
    """Return two filters' rows per word, before, at and after; nought unless told."""
    table = [told.get(word, (0,) * 3 * FILTERS) for word in WORDS]
    return b"".join(value.to_bytes(1, "little", signed=True) for row in table for value in row)


def phrases() -> Phrases:
    """The first filter knows "not good", the second any refund; each stands for itself in the answer."""
    table = rows(
        **{"not": (60, 0, 0, 0, 0, 0), "good": (0, 0, 40, 0, 0, 0), "refund": (0, 0, 0, 50, 0, 0)},
    )
    layers = {"needs": {"yes": (-1.0, [1.0, 2.0, 0.0, 0.0])}, "kind": {"a": (0.0, [0.0, 0.0, 1.0, 1.0])}}
    filters: dict[str, list[float]] = {"scales": [0.1, 0.2], "biases": [-70, -10]}
    return Phrases(memoryview(packed(WORDS, table, filters, layers)))


def read(text: str) -> list[float]:
    found = phrases()
    return found.values(found.pieces(Text(text)))


def test_a_filter_hears_neighbours_in_their_order() -> None:
    """What is not good is 60 + 40 - 70, at a tenth each; what is good, not bad, is nothing."""
    assert read("hello, not good")[0] == pytest.approx(3.0)
    assert read("good not hello")[0] == 0.0


def test_a_filter_keeps_its_highest_value_and_its_sum() -> None:
    """Two refunds in four pieces: (50 - 10) a fifth each, and both together over the root of their number."""
    values = read("refund hello refund hello")
    assert values[1] == pytest.approx(8.0)
    assert values[3] == pytest.approx(2 * 8.0 / 4**0.5)


def test_a_question_reads_the_filters_by_its_own_layer() -> None:
    """Each label has a bias and a weight per value."""
    found = phrases()
    values = found.values(found.pieces(Text("refund")))
    assert found.scores("needs", values) == {"yes": pytest.approx(-1.0 + 2 * 8.0)}
    assert found.scores("kind", values) == {"a": pytest.approx(8.0)}


@pytest.mark.parametrize("text", ["", "Ünß 漢字", "zzz"])
def test_what_no_piece_covers_says_nothing(text: str) -> None:
    """Biases alone decide then."""
    assert read(text) == [0.0] * 4


def test_a_word_is_read_by_its_longest_pieces_and_a_number_by_its_length() -> None:
    """So a word that nobody taught still has a beginning that somebody knows."""
    vocabulary = Vocabulary(WORDS)
    assert [WORDS[n] for n in vocabulary.read(Text("Refunds! 417"))] == ["refund", "##s", "!", "000"]


def test_accents_and_apostrophes_take_no_word_apart_and_join_none() -> None:
    """The vocabulary has neither; "we're" is not "were", and a café is a cafe."""
    vocabulary = Vocabulary(WORDS)
    assert [WORDS[n] for n in vocabulary.read(Text("We're were Café"))] == ["we", "re", "were", "cafe"]


def test_of_a_long_post_both_ends_are_read() -> None:
    """People say what they want first or last."""
    found = phrases().pieces(Text("refund " + "hello " * 600 + "not good"))
    assert len(found) == MOST_PIECES
    assert [WORDS[n] for n in (found[0], *found[-2:])] == ["refund", "not", "good"]


def test_other_bytes_are_refused_with_what_to_do() -> None:
    """A file that was cut or swapped must not judge."""
    with pytest.raises(ValueError, match=r"infra\.train\.distil"):
        Phrases(memoryview(b"something else altogether"))


def test_the_package_computes_what_was_taught() -> None:
    """In whole numbers and the standard library, to within what rounding costs."""
    torch = pytest.importorskip("torch", reason="the distil extra is not installed")
    from infra.train.phrases import Filters, tables

    torch.manual_seed(3)
    net = Filters(torch.randn(len(WORDS), 12)).eval()
    packaged = Phrases(memoryview(tables(net, WORDS)))
    pieces = [1, 0, 1, 3, 4, 7]
    with torch.no_grad():
        taught = net(torch.tensor([[n + 1 for n in pieces] + [0, 0]]))
    values = packaged.values(pieces)
    for question in ("kind", "topic"):
        assert list(packaged.scores(question, values).values()) == pytest.approx(
            taught[question][0].tolist(), abs=0.1
        )
    no, yes = taught["needs"][0].tolist()
    assert packaged.scores("needs", values)["yes"] == pytest.approx(yes - no, abs=0.1)
