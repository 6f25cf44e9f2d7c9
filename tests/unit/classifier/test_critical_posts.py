"""What is critical is always queued and urgent, whoever writes it; what only sounds like it wakes nobody."""

from __future__ import annotations

from functools import cache

import pytest

from chalicelib.classifier.trained import TrainedJudge
from chalicelib.domain.judgement import Band, Context, Priority, Urgency
from tests.unit.classifier.critical_posts import CRITICAL, QUIET_LOOKALIKES


@cache
def judge() -> TrainedJudge:
    return TrainedJudge()


@pytest.mark.parametrize("text", [text for texts in CRITICAL.values() for text in texts])
def test_what_must_not_wait_is_queued_as_urgent(text: str) -> None:
    """Injury, threats, law, discrimination, breaches, the vulnerable, fire, the stranded, the press."""
    judgement = judge().classify(text, Context())
    assert (judgement.band, judgement.urgency) == (Band.QUEUE, Urgency.CRITICAL), judgement


@pytest.mark.parametrize("stake", CRITICAL)
def test_there_are_ten_voices_for_everything_that_is_at_stake(stake: str) -> None:
    """Rules are easily written for one voice."""
    assert len(set(CRITICAL[stake])) >= 10


@pytest.mark.parametrize("text", QUIET_LOOKALIKES)
def test_what_only_sounds_grave_is_not_urgent(text: str) -> None:
    """A word alone must not page anybody."""
    assert judge().classify(text, Context()).priority is not Priority.URGENT
