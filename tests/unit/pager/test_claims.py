"""Who has it: the first conditional write wins, and a claim ends, is prolonged, given and taken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.claims import claim_until
from chalicelib.errors import Conflict, NotFound
from chalicelib.services.claims import AlreadyClaimed
from chalicelib.services.ports import Lost
from tests.builders import NIGHT, minutes
from tests.unit.pager.town import Town, a_town, words_of


def a_waiting_town() -> tuple[Town, str]:
    town = a_town()
    case = town.post()
    town.advance_to(41).expect("card:#social", "sms:ana")
    return town, case


@pytest.mark.parametrize(("target", "length"), [(4, 5), (10, 5), (30, 15), (60, 30), (480, 30), (11, 5.5)])
def test_a_claim_lasts_half_the_promise_within_five_and_thirty_minutes(target: int, length: float) -> None:
    assert claim_until(NIGHT, minutes(target)) == NIGHT + minutes(length)


@given(st.timedeltas(min_value=minutes(0)))
def test_no_claim_is_shorter_than_five_or_longer_than_thirty_minutes(target: object) -> None:
    assert minutes(5) <= claim_until(NIGHT, target) - NIGHT <= minutes(30)  # type: ignore[arg-type]


def test_the_second_claimer_hears_who_was_first() -> None:
    town, case = a_waiting_town()
    town.claim(case, "ana")
    with pytest.raises(AlreadyClaimed, match="ana has it already") as heard:
        town.claim(case, "ben")
    assert heard.value.holder == "ana"


def test_two_claims_at_once_give_one_owner() -> None:
    """Ben's write lands between Ana's read and Ana's write: Ana loses, reloads, and hears of Ben."""
    town, case = a_waiting_town()
    fast, commit = [True], town.store.commit

    def while_ana_decides(*writes: object) -> None:
        if fast.pop() if fast else False:
            town.claim(case, "ben")
        commit(*writes)  # type: ignore[arg-type]

    slow = Town(town.world.team.current())
    slow.store.commit = while_ana_decides  # type: ignore[method-assign]
    slow.store._items = town.store._items  # noqa: SLF001 - two processes share one table
    slow.clock.set(town.clock.now())
    with pytest.raises(AlreadyClaimed, match="ben has it"):
        slow.claim(case, "ana")
    assert town.conversation(case).claim is not None
    assert town.conversation(case).claim.owner == "ben"  # type: ignore[union-attr]


def test_claiming_what_one_has_changes_nothing() -> None:
    """Buttons are pressed twice."""
    town, case = a_waiting_town()
    first = town.claim(case, "ana")
    town.clock.advance(minutes(5))
    assert town.claim(case, "ana") == first


def test_a_claim_that_ran_out_is_free_before_anybody_cleared_it() -> None:
    town, case = a_waiting_town()
    town.claim(case, "ana")
    town.clock.advance(minutes(30))
    assert town.claim(case, "ben").claim.owner == "ben"  # type: ignore[union-attr]


def test_nothing_that_does_not_wait_can_be_claimed() -> None:
    town, case = a_waiting_town()
    town.answer(case)
    with pytest.raises(Conflict, match="nobody is waiting: it is answered"):
        town.claim(case, "ana")
    with pytest.raises(NotFound):
        town.claim("gone", "ana")


def test_a_take_over_is_explicit_and_named() -> None:
    town, case = a_waiting_town()
    town.claim(case, "ana")
    taken = town.claims.take_over(case, by="ben", at=town.clock.now())
    assert taken.claim is not None
    assert taken.claim.owner == "ben"
    assert words_of(town.story(case), "ben took it over from ana until 03:11 UTC.")
    town.advance_to(60).expect("slack:ben")


def test_a_release_pages_the_step_again_at_once_for_the_others() -> None:
    """Ana gives it back after the deadline: Ben, who is on the same step, is paged; Ana is not."""
    town, case = a_waiting_town()
    town.claim(case, "ana")
    town.advance_to(62).expect("sms:ana")
    town.claims.release(case, by="ana", at=town.clock.now())
    town.advance_to(62).expect("slack:ben")
    town.advance_to(65).expect("sms:lead", "sms:ana", "sms:ben")


def test_a_release_by_the_only_one_on_the_step_pages_them_again() -> None:
    """Somebody must hear that nobody has it."""
    town, case = a_waiting_town()
    town.claim(case, "ana")
    town.claims.release(case, by="ana", at=town.clock.now())
    town.advance_to(42).expect("sms:ana")


def test_only_the_owner_can_release() -> None:
    town, case = a_waiting_town()
    town.claim(case, "ana")
    with pytest.raises(Conflict, match="ana has it, not ben") as heard:
        town.claims.release(case, by="ben", at=town.clock.now())
    assert heard.value.holder == "ana"
    town.clock.advance(minutes(31))
    with pytest.raises(Conflict, match="nobody has it"):
        town.claims.release(case, by="ana", at=town.clock.now())


def test_a_claim_is_prolonged_twice_and_no_more() -> None:
    town, case = a_waiting_town()
    town.claim(case, "ana")
    for _ in range(2):
        town.clock.advance(minutes(20))
        renewed = town.claims.renew(case, by="ana", at=town.clock.now())
        assert renewed.claim is not None
        assert renewed.claim.until == town.clock.now() + minutes(30)
    with pytest.raises(Conflict, match="prolonged 2 times already"):
        town.claims.renew(case, by="ana", at=town.clock.now())


def test_a_claim_by_sms_is_announced_cannot_be_prolonged_and_counts_once() -> None:
    """Senders can be spoofed: one claim per running clock, shown in Slack even before the first tell."""
    town = a_town()
    case = town.post()
    town.claims.claim(case, by="ana", at=town.clock.now(), by_sms=True)
    town.advance_to(0).expect("card:#social")
    with pytest.raises(Conflict, match="by SMS cannot be prolonged"):
        town.claims.renew(case, by="ana", at=town.clock.now())
    town.advance_to(30.1).expect("sms:ana")  # nothing was due but the ex-owner's claim
    with pytest.raises(Conflict, match="by SMS once already"):
        town.claims.claim(case, by="ben", at=town.clock.now(), by_sms=True)
    assert town.claim(case, "ben").claim is not None


def test_giving_it_to_somebody_pages_them_at_once_and_restarts_the_claim() -> None:
    town, case = a_waiting_town()
    town.claim(case, "ana")
    given_to = town.claims.reassign(case, to="ben", by="ana", at=town.clock.now())
    assert given_to.claim is not None
    assert given_to.claim.until == town.clock.now() + minutes(30)
    town.advance_to(41).expect("slack:ben")
    town.advance_to(44).expect("sms:ben")
    town.advance_to(60).expect("slack:ben")
    with pytest.raises(Conflict, match="nobody in the team file is called zoe"):
        town.claims.reassign(case, to="zoe", by="ana", at=town.clock.now())


def test_the_last_owner_hears_first_when_the_same_customer_asks_again() -> None:
    """Claiming and answering makes Ben the last owner: the next question is on his Slack before anything else."""
    town = a_town()
    case = town.post(last_owner="ben")
    town.advance_to(0).expect("slack:ben")
    town.advance_to(24).expect("card:#social")
    assert words_of(town.story(case), "Telling ben, who had this customer last.")


def test_a_conversation_that_keeps_changing_is_given_back_to_the_queue() -> None:
    town, case = a_waiting_town()
    for _ in range(3):
        town.store.fails(Lost([("Conversation", (case,))]))
    assert town.claim(case, "ana").claim is not None


def test_a_claim_moves_the_next_due_instant_to_what_happens_under_it() -> None:
    town, case = a_waiting_town()
    town.claim(case, "ana")
    assert town.conversation(case).next_due_at == NIGHT + minutes(60)
