"""The report: a table that fits a terminal, and JSON that says the same."""

from __future__ import annotations

import json

import pytest

from infra.bench.figures import Figure, Section
from infra.bench.noise import Noise
from infra.bench.report import WIDTH, as_json, as_table, number, row

CALM = Noise(processors=2, python="3.11.7", before=0.2, after=1.1)
BUSY = Noise(processors=2, python="3.11.7", before=9.0, after=8.5)
SECTION = Section(
    "answer",
    "Time to answer a webhook",
    (
        Figure("Nightdesk, deployed", 60.53, "ms", spread=(57.7, 63.5), detail={"times": 200}),
        Figure("ratio", 1.61, "x", aim=1.5, spread=(1.5, 1.7)),
        Figure("calls", 9, aim=10),
    ),
    note="Both are asked in turn. " * 12,
)


def test_a_table_fits_eighty_columns() -> None:
    lines = as_table([SECTION], BUSY).splitlines()
    assert max(map(len, lines)) <= WIDTH


def test_a_table_names_each_figure_with_its_spread_and_says_which_aim_is_missed() -> None:
    table = as_table([SECTION], CALM)
    assert "57.7..63.5" in table
    assert row(SECTION.figures[1]).endswith("≤ 1.5 OVER")
    assert row(SECTION.figures[2]).endswith("≤ 10 ok")


def test_a_busy_machine_makes_times_doubtful_and_a_calm_one_does_not() -> None:
    """The bench's own work is not held against it."""
    assert "doubtful" in as_table([SECTION], BUSY)
    assert "doubtful" not in as_table([SECTION], CALM)
    assert Noise(processors=2, python="3.11.7", before=1.0, after=2.4).is_doubtful is False


def test_json_carries_what_the_table_says_and_the_details_besides() -> None:
    told = json.loads(json.dumps(as_json([SECTION], BUSY)))
    assert told["machine"]["doubtful"] is True
    figures = told["sections"]["answer"]["figures"]
    assert figures["Nightdesk, deployed"] == {
        "value": 60.53,
        "unit": "ms",
        "p10": 57.7,
        "p90": 63.5,
        "times": 200,
    }
    assert figures["ratio"]["met"] is False
    assert figures["calls"] == {"value": 9, "unit": "", "aim": 10, "met": True}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (9.0, "9"),
        (0, "0"),
        (1.0512, "1.05"),
        (60.53, "60.5"),
        (6565.4, "6565"),
        (0.01234, "0.0123"),
        (1008, "1008"),
    ],
)
def test_a_number_is_written_with_the_digits_that_matter(value: float, written: str) -> None:
    assert number(value) == written
