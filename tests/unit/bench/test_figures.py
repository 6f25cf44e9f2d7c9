"""What the bench makes of measurements: medians, spreads, ratios of what was measured in turn, aims."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.bench.figures import Figure, measured, quantile, ratio

SECONDS = st.lists(st.floats(0.001, 100), min_size=1, max_size=40)


@pytest.mark.parametrize(("share", "value"), [(0, 1), (0.5, 2.5), (1, 4), (0.1, 1.3)])
def test_a_quantile_lies_between_its_neighbours(share: float, value: float) -> None:
    assert quantile([4, 1, 3, 2], share) == pytest.approx(value)


@given(SECONDS, st.floats(0, 1))
def test_a_quantile_is_never_outside_what_was_measured(values: list[float], share: float) -> None:
    assert min(values) * 0.999 <= quantile(values, share) <= max(values) * 1.001


def test_a_measurement_is_told_as_its_median_in_the_unit_asked_for() -> None:
    """One slow run must not move it."""
    figure = measured("answer", [0.002, 0.003, 0.9], "ms", scale=1000)
    assert figure.value == pytest.approx(3)
    assert figure.spread is not None
    assert figure.spread[1] > 100
    assert figure.detail == {"times": 3}


def test_a_ratio_is_that_of_the_medians_and_its_spread_that_of_neighbours() -> None:
    """Neighbours share the machine's mood: a burst that slows both down does not change their ratio."""
    figure = ratio("ratio", [2.0, 20.0, 2.0], [1.0, 10.0, 1.0], aim=1.5)
    assert figure.value == 2
    assert figure.spread == (2, 2)


def test_a_ratio_of_unpaired_measurements_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        ratio("ratio", [1.0, 2.0], [1.0])


@pytest.mark.parametrize(("value", "aim", "met"), [(1.5, 1.5, True), (1.51, 1.5, False), (9, None, None)])
def test_an_aim_is_the_most_a_figure_may_be(value: float, aim: float | None, met: bool | None) -> None:  # noqa: FBT001 - what is expected
    assert Figure("x", value, aim=aim).is_met is met
