"""The judge on the labelled posts beside the repository: what must hold there whatever it was taught."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from chalicelib.classifier.trained import TrainedJudge
from chalicelib.domain.judgement import Context
from chalicelib.domain.personal_data import find, mask
from tests.shared import SHARED, needs_shared


def rows(name: str) -> list[dict[str, Any]]:
    assert SHARED is not None
    lines = (SHARED / "classify" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@needs_shared
def test_personal_data_is_found_per_kind_without_a_false_hit() -> None:
    """At least 95 % of each kind, and nothing where there is none."""
    found: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for row in rows("pii_synthetic"):
        kinds = {span.kind.value for span in find(row["text"])}
        assert kinds <= set(row["pii"]), row
        wanted.update(row["pii"])
        found.update(kinds)
    assert {kind: found[kind] / count >= 0.95 for kind, count in wanted.items()} == dict.fromkeys(
        wanted, True
    )


@needs_shared
def test_masking_leaves_nothing_to_find() -> None:
    """Masked text can be masked again, and shows nothing."""
    for row in rows("pii_synthetic") + rows("gold.shared"):
        masked = mask(row["text"])
        assert find(masked) == ()
        assert len(masked) <= len(row["text"])


@needs_shared
def test_every_critical_post_is_queued() -> None:
    """Urgency 2 is safety, law, press, takeover, stranded: none may be closed."""
    judge = TrainedJudge()
    critical = [row for row in rows("gold.shared") if row["urgency"] == 2]
    assert [row["id"] for row in critical if not judge.classify(row["text"], Context()).needs_response] == []


@needs_shared
def test_hardly_any_english_post_is_taken_for_another_language() -> None:
    """Real posts to brands: at most 3 % flagged."""
    judge = TrainedJudge()
    languages = [judge.classify(row["text"], Context()).language for row in rows("ibm_care")]
    assert sum(language not in ("en", "und") for language in languages) <= 0.03 * len(languages)
    assert sum(language != "en" for language in languages) <= 0.04 * len(languages)
