"""Automatic answers end: after a few that made no sense, and after a dozen in ten minutes."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.pager_rows import PhoneTalk
from chalicelib.domain.phone_talk import MOST, PATIENCE, SPELL, heard
from tests.builders import NIGHT

PHONE = "+447700900001"
WAITS = st.lists(st.tuples(st.integers(0, 400), st.booleans()), max_size=60)


def answered(texts: list[tuple[int, bool]]) -> list[tuple[timedelta, bool]]:
    """Return when each text came and whether it was answered; ``texts`` are (seconds after the last, sensible)."""
    talk: PhoneTalk | None = None
    at, told = NIGHT, []
    for number, (wait, sensible) in enumerate(texts, 1):
        at += timedelta(seconds=wait)
        talk, willing = heard(talk, PHONE, at, sensible=sensible)
        assert talk.rev == number
        told.append((at - NIGHT, willing))
    return told


@given(WAITS)
def test_no_spell_sees_more_than_a_dozen_answers_twice_over(texts: list[tuple[int, bool]]) -> None:
    """However texts come: two spells that touch may have a dozen each, and no ten minutes more than that."""
    instants = [at for at, willing in answered(texts) if willing]
    for start in instants:
        assert len([at for at in instants if start <= at < start + SPELL]) <= 2 * MOST


@given(WAITS)
def test_never_more_than_a_few_answers_in_a_row_to_nonsense(texts: list[tuple[int, bool]]) -> None:
    row = 0
    for (_, sensible), (_, willing) in zip(texts, answered(texts), strict=True):
        row = 0 if sensible else row + willing
        assert row <= PATIENCE


def test_another_machine_that_answers_ours_falls_silent_with_it() -> None:
    """A car's auto-reply to our reply, and so on: five times."""
    assert sum(willing for _, willing in answered([(1, False)] * 50)) == PATIENCE


def test_a_bad_nights_claims_are_all_confirmed_again_after_ten_minutes() -> None:
    told = answered([(1, True)] * (MOST + 3) + [(600, True)])
    assert [willing for _, willing in told] == [True] * MOST + [False] * 3 + [True]
