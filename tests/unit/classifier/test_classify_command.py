"""``python -m infra classify`` answers each line with one judgement of the documented shape."""

from __future__ import annotations

import io
import json

import pytest

from chalicelib.errors import Misconfigured
from infra.judge_commands import write_judgements


def test_every_line_gets_one_judgement_in_order() -> None:
    """The answer carries the id, and every field the documentation names."""
    out = io.StringIO()
    lines = [
        '{"id": "a", "text": "where is my order?"}\n',
        "\n",
        '{"id": "b", "text": null, "context": {"has_media": true}}\n',
    ]
    assert write_judgements(lines, out) == 0
    first, second = (json.loads(line) for line in out.getvalue().splitlines())
    assert (first["id"], second["id"]) == ("a", "b")
    wanted = {
        "id", "needs_response", "p_needs_response", "kind", "sentiment", "urgency", "topic", "queue", "language",
        "pii", "reasons", "band", "model",
    }  # fmt: skip
    assert wanted <= first.keys()


def test_personal_data_is_given_by_place() -> None:
    """Kinds and offsets, so that the caller can cut them out."""
    out = io.StringIO()
    write_judgements(['{"id": 1, "text": "mail jo@example.com"}'], out)
    assert json.loads(out.getvalue())["pii"] == [{"kind": "email", "start": 5, "end": 19}]


def test_an_id_of_half_a_character_is_answered_as_it_came() -> None:
    """Any stream can carry the answer."""
    out = io.StringIO()
    write_judgements(['{"id": "\\ud83d", "text": "café shut?"}', '\ufeff{"id": 2, "text": "hi"}'], out)
    first, second = out.getvalue().encode("utf-8").splitlines()
    assert json.loads(first)["id"] == "\ud83d"
    assert json.loads(second)["id"] == 2


@pytest.mark.parametrize(
    "line", ["{nonsense", '["a"]', '{"id": 1, "text": 7}', f'{{"id": {"9" * 5000}, "text": "hi"}}']
)
def test_a_line_that_cannot_be_read_names_its_number(line: str) -> None:
    """An operator can find and mend it."""
    with pytest.raises(Misconfigured, match="line 2"):
        write_judgements(['{"id": 1, "text": "hi"}', line], io.StringIO())


def test_ten_thousand_lines_are_answered_in_one_call() -> None:
    """One answer a line, in the order they came."""
    posts = ["where is my parcel", "thanks, love it", "ok", "¿dónde está?", ""]
    lines = (json.dumps({"id": n, "text": posts[n % len(posts)]}) for n in range(10_000))
    out = io.StringIO()
    write_judgements(lines, out)
    assert [json.loads(line)["id"] for line in out.getvalue().splitlines()] == list(range(10_000))
