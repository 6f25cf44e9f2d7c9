"""How often the judge was wrong: what is counted, against what, and how sure that is."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.judge_report import Rate, faults_of, report
from chalicelib.domain.judgement import PostKind
from chalicelib.domain.labels import Label, Verdict
from infra.judge_learning import example_of, is_example, report_facts, report_lines
from tests.unit.learning.labels import DOUBTED, QUEUED, a_label


def a_month_of_labels() -> list[Label]:
    """Return 50 checked samples with two misses, one of them at night on Instagram; and some others."""
    right = [a_label(n, needed=False) for n in range(48)]
    misses = [a_label(48, needed=True), a_label(49, needed=True, platform="instagram", hour=3)]
    open_ones = [a_label(n) for n in range(50, 53)]
    doubts = [a_label(n, DOUBTED, needed=n == 60, sampled=False) for n in range(60, 64)]
    alarms = [a_label(n, QUEUED, needed=False if n == 70 else None) for n in range(70, 80)]
    return [*right, *misses, *open_ones, *doubts, *alarms]


def test_misses_are_counted_among_the_samples_that_somebody_checked() -> None:
    """Two of fifty; the three nobody looked at are told apart, and a doubt is no sample."""
    whole = report(a_month_of_labels()).whole
    assert (whole.misses, whole.unanswered) == (Rate(2, 50), 3)
    assert whole.doubts == Rate(1, 4)


def test_false_alarms_are_counted_among_what_was_drawn_of_the_queue() -> None:
    """One of ten: the other nine nobody objected to."""
    assert report(a_month_of_labels()).whole.false_alarms == Rate(1, 10)


def test_somebodys_own_correction_is_counted_but_measures_nothing() -> None:
    """A post that was not drawn has no denominator."""
    whole = report([a_label(1, QUEUED, needed=False, sampled=False)]).whole
    assert (whole.false_alarms, whole.corrections) == (Rate(0, 0), {"needed no answer": 1})
    whole = report([a_label(1, needed=True, sampled=False)]).whole
    assert (whole.misses, whole.corrections) == (Rate(0, 0), {"needed an answer": 1})


def test_figures_are_told_apart_by_kind_platform_hour_language_and_version() -> None:
    """Where and when it was wrong."""
    parts = report(a_month_of_labels()).parts
    assert set(parts) == {"kind", "platform", "hour", "language", "model"}
    assert parts["platform"]["instagram"].misses == Rate(1, 1)
    assert parts["hour"]["03"].misses == Rate(1, 1)
    assert parts["hour"]["01"].misses == Rate(1, 49)
    assert parts["kind"]["complaint"].false_alarms == Rate(1, 10)


def test_a_label_tells_each_thing_that_was_wrong() -> None:
    """One post may be wrong in several ways, and confirmed in others."""
    urgent = replace(a_label(1, QUEUED), verdict=Verdict(needs_response=True, urgency=2, queue="travel"))
    assert faults_of(urgent) == ("was urgent", "wrong queue")
    calm = replace(a_label(1, QUEUED), verdict=Verdict(kind=PostKind.REQUEST))
    assert faults_of(calm) == ("no complaint",)
    assert faults_of(a_label(1, needed=False)) == ()


@pytest.mark.parametrize(
    ("wrong", "of", "low", "high"),
    [
        (0, 50, 0.0, 0.0713),
        (2, 50, 0.0110, 0.1346),
        (50, 50, 0.9287, 1.0),
        (5, 10, 0.2366, 0.7634),
        (0, 0, 0, 1),
    ],
)
def test_an_interval_is_wilsons(wrong: int, of: int, low: float, high: float) -> None:
    """Values worked out apart, from the formula in Brown, Cai and DasGupta (2001), eq. 4."""
    assert Rate(wrong, of).interval == pytest.approx((low, high), abs=5e-4)


@given(st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_an_interval_holds_its_share(counts: tuple[int, int]) -> None:
    """Whatever was counted."""
    rate = Rate(*counts)
    low, high = rate.interval
    assert rate.share is not None
    assert 0 <= low <= rate.share <= high <= 1


def test_the_report_says_it_in_words_and_in_json() -> None:
    """The same figures; every line fits a terminal of 110 columns."""
    found = report(a_month_of_labels())
    lines = list(report_lines(found, 30))
    assert any("2/50, 4.0% (1.1-13.5%)" in line for line in lines)
    assert any(line.startswith("3 drawn posts nobody has checked") for line in lines)
    assert max(map(len, lines)) <= 110
    facts = json.loads(json.dumps(report_facts(found)))
    assert facts["misses"] == {"wrong": 2, "of": 50, "share": 0.04, "low": 0.011, "high": 0.1346}
    assert facts["by_hour"]["03"]["misses"]["of"] == 1


def test_a_report_of_nothing_says_so() -> None:
    """Rather than a table of nothing."""
    assert list(report_lines(report([]), 7)) == [
        "Nobody has said anything of the judge's answers in 7 days, and none was drawn."
    ]


def test_an_export_holds_what_somebody_said_and_nothing_without_words() -> None:
    """Open samples, silent ones and forgotten words teach nothing."""
    told = a_label(1, needed=True)
    assert [is_example(one) for one in (told, a_label(2), replace(told, text=None))] == [True, False, False]
    line = example_of(told)
    assert (line["text"], line["needs_response"], line["said"]["band"]) == ("Lovely crew!", True, "closed")
    assert {"conversation_id", "post_id", "id"}.isdisjoint(line)
