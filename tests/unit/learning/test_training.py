"""What an export teaches: only what somebody said, weighted as the team wants."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chalicelib.domain.judgement import PostKind
from chalicelib.domain.labels import Verdict
from infra.judge_learning import example_of
from infra.train.corrections import SOURCE, WEIGHT, read
from tests.unit.learning.labels import CLOSED, QUEUED, a_label


def exported(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "corrections.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_each_line_teaches_what_was_said_of_it(tmp_path: Path) -> None:
    """A miss teaches that an answer is needed, not which kind; a confirmation also confirms the kind."""
    miss, right = a_label(1, CLOSED, needed=True), a_label(2, QUEUED, needed=True)
    urgent = a_label(3, QUEUED, needed=True, verdict=Verdict(needs_response=True, urgency=2))
    calm = a_label(4, QUEUED, needed=True, verdict=Verdict(kind=PostKind.REQUEST))
    lines = [json.dumps(example_of(label)) for label in (miss, right, urgent, calm)]
    found = [(e.needs, e.kind, e.urgency) for e in read(exported(tmp_path, *lines))]
    assert found == [
        (1.0, None, None),
        (1.0, "complaint", None),
        (1.0, "complaint", 2),
        (None, "request", None),
    ]


def test_a_wrong_queue_alone_teaches_nothing(tmp_path: Path) -> None:
    """A queue holds several topics; which one it was nobody said."""
    label = a_label(1, QUEUED, needed=True, verdict=Verdict(queue="travel"))
    assert read(exported(tmp_path, json.dumps(example_of(label)))) == []


def test_every_line_weighs_what_the_team_wants(tmp_path: Path) -> None:
    """An export, or lines written by hand as our own posts are."""
    path = exported(
        tmp_path, json.dumps(example_of(a_label(1, needed=True))), "", "c-1 delay | Two hours on the tarmac"
    )
    assert [(e.source, e.weight) for e in read(path)] == [(SOURCE, WEIGHT)] * 2
    assert [e.weight for e in read(path, 5.0)] == [5.0, 5.0]
    assert read(None) == []


def test_a_line_without_words_is_refused_by_its_number(tmp_path: Path) -> None:
    """Rather than learnt from."""
    with pytest.raises(ValueError, match="line 1"):
        read(exported(tmp_path, '{"needs_response": true}'))


def test_the_judge_counts_a_correction_by_its_weight(tmp_path: Path) -> None:
    """For every question, whatever its source would otherwise count."""
    pytest.importorskip("numpy", reason="the train extra is not installed")
    from infra.train.targets import weight_of

    (example,) = read(exported(tmp_path, json.dumps(example_of(a_label(1, needed=True)))), 3.0)
    assert {weight_of(example, head) for head in ("needs", "kind", "urgency")} == {3.0}
