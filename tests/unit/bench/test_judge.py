"""The judge's bench tells what the budget asks about, on the project's own posts."""

from __future__ import annotations

import pytest

from infra.bench.figures import Section
from infra.bench.judge import measure, texts, vader


@pytest.fixture(scope="module")
def section() -> Section:
    return measure(quick=True)


def test_every_budget_of_the_judge_is_a_figure_with_an_aim(section: Section) -> None:
    """Weights in the package, import and load, the usual post and the slowest in a hundred."""
    aims = {figure.name: figure.aim for figure in section.figures if figure.aim is not None}
    assert aims == {
        "weights": 6.0,
        "import and load": 60.0,
        "judge, a post": 1.5,
        "judge, slowest in 100": 4.0,
    }


def test_the_slowest_takes_longer_than_the_usual(section: Section) -> None:
    """Both are told of the same posts."""
    values = {figure.name: figure.value for figure in section.figures}
    assert 0 < values["judge, a post"] < values["judge, slowest in 100"]


def test_vader_stands_beside_it_in_the_same_run(section: Section) -> None:
    """A figure of one machine alone says little."""
    if vader() is None:
        pytest.skip("vaderSentiment is not installed")
    assert {"VADER, a post", "ratio, a post"} <= {figure.name for figure in section.figures}


def test_the_posts_are_without_their_labels() -> None:
    """A label before the text would be judged with it."""
    assert len(texts()) > 1000
    assert not any(" | " in text[:12] for text in texts())
