"""A text is acted on once and answered at most once, whatever is delivered twice, refused, or dies on the way."""

from __future__ import annotations

from contextlib import suppress

import pytest

from chalicelib.domain.items import Handover
from chalicelib.domain.pager_rows import HeardText, OptOut
from chalicelib.domain.team import Offset, Step
from chalicelib.errors import Permanent, Transient
from chalicelib.services.pager import texts_of
from chalicelib.services.ports import Text
from chalicelib.services.texts import HEARD
from tests.builders import a_team
from tests.fakes import Crash, Fuse
from tests.unit.pager.town import Town, ladder, words_of

ANAS = "+447700900001"
AT_ONCE = Step(Offset(remaining=1.0), page=("primary",))
CLAIM = Text("SM1", ANAS, "C1")


def paged(fuse: Fuse | None = None) -> tuple[Town, str]:
    town = Town(a_team(escalation=ladder(AT_ONCE)), fuse=fuse)
    case = town.post()
    town.advance_to(1)
    town.heard()
    return town, case


def hear(town: Town, text: Text = CLAIM) -> None:
    texts_of(town.means).hear(text)


def row(town: Town) -> HeardText:
    found = town.store.get(HeardText, "SM1")
    assert found is not None
    return found


def owner(town: Town, case: str) -> str | None:
    claim = town.conversation(case).claim
    return claim.owner if claim else None


def test_the_same_text_delivered_again_changes_and_says_nothing() -> None:
    """Even after she has claimed it again: an old delivery must not give back what she has now."""
    town, case = paged()
    town.claim(case, "ana")
    for _ in range(3):
        hear(town, Text("SM1", ANAS, "R1"))
    town.claim(case, "ana")
    hear(town, Text("SM1", ANAS, "R1"))
    town.work()
    assert [words[:9] for words in town.texts_to("ana")] == ["Acme Air:", "Released:"]
    assert owner(town, case) == "ana"
    assert (row(town).state, row(town).next_due_at) == (Handover.SENT, None)


def test_a_stranger_is_counted_and_leaves_no_row() -> None:
    """Their number and words are none of ours to keep."""
    town, case = paged()
    hear(town, Text("SM1", "+15550000000", "C1"))
    town.work()
    town.expect()
    assert owner(town, case) is None
    assert town.store.get(HeardText, "SM1") is None
    assert town.world.meter.counts[HEARD, (("sender", "stranger"),)] == 1


def test_an_answer_does_not_wait_at_the_gate_of_pages() -> None:
    """The page left in the same minute; who texts is awake and waits."""
    town, _ = paged()
    hear(town)
    assert "is yours until" in town.texts_to("ana")[-1]


def test_a_busy_carrier_is_asked_again_and_then_given_up() -> None:
    """A definite no may be tried three times; the claim stands either way."""
    town, case = paged()
    for _ in range(3):
        town.world.sms.fails(ANAS, Transient("busy"))
    hear(town)
    town.advance_to(3)
    town.expect("card:#social")
    assert owner(town, case) == "ana"
    assert (row(town).state, row(town).attempts) == (Handover.FAILED, 3)


def test_an_answer_that_succeeds_at_the_second_try_arrives_once() -> None:
    town, _ = paged()
    town.world.sms.fails(ANAS, Transient("busy"))
    hear(town)
    town.advance_to(3)
    town.expect("card:#social", "sms:ana")


@pytest.mark.parametrize("arrives", [True, False])
def test_an_answer_that_may_have_arrived_is_never_repeated(arrives: bool) -> None:  # noqa: FBT001
    town, _ = paged()
    town.world.sms.times_out(ANAS, arrives=arrives)
    hear(town)
    town.advance_to(10)
    town.expect("card:#social", *(["sms:ana"] if arrives else []))
    assert row(town).state is Handover.UNKNOWN


def test_an_answer_that_cannot_be_sent_fails_quietly() -> None:
    """The claim is announced in Slack; nobody is woken because a confirmation was lost."""
    town, case = paged()
    town.world.sms.fails(ANAS, Permanent("opted out", runbook="sms-opted-out"))
    hear(town)
    town.advance_to(10)
    town.expect("card:#social")
    assert (owner(town, case), row(town).state) == ("ana", Handover.FAILED)


def effects() -> int:
    fuse = Fuse()
    town, _ = paged(fuse)
    before = len(fuse.effects)
    hear(town)
    town.advance_to(6)
    return len(fuse.effects) - before


@pytest.mark.parametrize("number", range(effects()))
def test_dying_anywhere_on_the_way_claims_once_and_answers_at_most_once(number: int) -> None:
    """Between any two effects; the message is then delivered again, and the tick finds what is left."""
    fuse = Fuse()
    town, case = paged(fuse)
    fuse.before = number
    fuse.effects.clear()
    for _ in range(2):
        try:
            hear(town)
        except Crash:
            continue
    town.advance_to(6)
    assert owner(town, case) == "ana"
    assert len(words_of(town.story(case), "ana claimed it by SMS")) == 1
    assert len([words for words in town.texts_to("ana") if "is yours until" in words]) <= 1
    assert row(town).next_due_at is None


@pytest.mark.parametrize("cut", range(8))
def test_whoever_opts_out_is_told_of_wherever_we_die(cut: int) -> None:
    """A phone that takes no more texts and of which nobody hears is a page that wakes nobody."""
    town = Town(a_team(escalation=ladder(AT_ONCE)), fuse=Fuse())
    before = len(town.world.fuse.effects)
    town.world.fuse.before = before + cut
    with suppress(Crash):
        hear(town, Text("SM1", ANAS, "STOP"))
    town.world.fuse.before = None
    hear(town, Text("SM1", ANAS, "STOP"))
    town.advance_to(2)
    assert (town.store.get(OptOut, ANAS) is None) is False
    town.expect("sms:lead")
