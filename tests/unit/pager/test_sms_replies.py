"""What people text back: claim, release, claim a list; unknown numbers hear nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.pager_rows import OptOut
from chalicelib.domain.team import Contact, Offset, Person, Step
from chalicelib.errors import NotFound
from chalicelib.services.links import Links
from chalicelib.services.pager import sms_replies_of
from tests.builders import ANA, BEN, LEAD
from tests.unit.pager.town import Town, a_town, words_of

AT_ONCE = Step(Offset(remaining=1.0), page=("primary",))
ANAS = "+447700900001"
BENS = "+447700900002"


def says(town: Town, text: str, phone: str = ANAS) -> str | None:
    return sms_replies_of(town.means).hear(phone, text, town.clock.now())


def paged(posts: int = 1) -> tuple[Town, list[str]]:
    town = a_town(AT_ONCE)
    cases = []
    for _ in range(posts):
        cases.append(town.post())
        town.advance_to((town.clock.now() - town.start).total_seconds() / 60 + 1)
    town.heard()
    return town, cases


def owner(town: Town, case: str) -> str | None:
    claim = town.conversation(case).claim
    return claim.owner if claim else None


def test_a_code_claims_and_is_confirmed_and_announced() -> None:
    town, (case,) = paged()
    assert says(town, "c1") == (
        "Jo Peters is yours until 02:31. Answer on Facebook: claiming is not answering."
    )
    assert owner(town, case) == "ana"
    town.advance_to(2).expect("card:#social")
    assert words_of(town.story(case), "ana claimed it by SMS")


def test_a_code_gives_back() -> None:
    town, (case,) = paged()
    says(town, "C1")
    assert says(town, "R1") == "Released: Jo Peters. Escalation goes on."
    assert owner(town, case) is None


def test_a_second_claim_by_sms_is_refused_once_the_first_was_given_back() -> None:
    town, (case,) = paged()
    says(town, "C1")
    says(town, "R1")
    answer = says(town, "C1")
    assert answer is not None
    assert "by SMS once already" in answer
    assert owner(town, case) is None


def test_the_loser_hears_who_has_it() -> None:
    town, (case,) = paged()
    town.claim(case, "ben")
    assert says(town, "C1") == "Not claimed: ben has it already."


def test_a_digests_code_claims_exactly_its_members() -> None:
    """One went alone, three as a digest, one of which Ben has: B1 claims two."""
    town = a_town(AT_ONCE)
    cases = [town.post() for _ in range(4)]
    town.advance_to(1)
    town.claim(cases[3], "ben")
    assert says(town, "B1") == "2 of 3 are yours. 1: ben has it already."
    assert [owner(town, case) for case in cases] == [None, "ana", "ana", "ben"]


def test_a_bare_ok_acts_only_when_one_conversation_is_open_to_the_phone() -> None:
    town, cases = paged(2)
    answer = says(town, "ok")
    assert answer is not None
    assert answer.startswith("2 posts wait that you were told of.")
    town.answer(cases[0])
    says(town, "ok")
    assert owner(town, cases[1]) == "ana"


def test_codes_are_per_phone() -> None:
    """C1 on Ben's phone is not what it is on Ana's."""
    town, (case,) = paged()
    answer = says(town, "C1", phone=BENS)
    assert answer is not None
    assert answer.startswith("C1 means nothing on this phone.")
    assert owner(town, case) is None


def test_the_lowest_free_number_is_used_again_a_day_after_closure() -> None:
    town, cases = paged(2)
    assert "Reply C2 to claim" in town.texts_to("ana")[-1]
    town.answer(cases[0])
    town.clock.advance(timedelta(hours=24))
    says(town, "hm")  # the phone is heard of: its old numbers are looked at
    fresh = town.post()
    town.work()
    assert "Reply C3 to claim" in town.texts_to("ana")[-1]
    town.clock.advance(timedelta(hours=24, minutes=2))
    town.post()
    town.work()
    assert "Reply C1 to claim" in town.texts_to("ana")[-1]
    assert owner(town, fresh) is None


def test_unknown_numbers_hear_nothing() -> None:
    town, (case,) = paged()
    assert says(town, "C1", phone="+15550000000") is None
    assert owner(town, case) is None


def test_nonsense_is_answered_five_times_and_sense_renews_our_patience() -> None:
    town, _ = paged()
    assert [says(town, "nonsense") is not None for _ in range(7)] == [True] * 5 + [False] * 2
    assert says(town, "C1") is not None
    assert says(town, "nonsense") is not None


def test_who_opts_out_is_reached_on_the_next_contact_at_once_until_they_opt_in() -> None:
    town = a_town(Step(Offset(remaining=1.0), page=("ana",)), people=_ana_with_slack_later())
    assert says(town, "STOP") is None
    town.advance_to(0).expect("sms:lead")
    assert says(town, "STOP") is None
    town.post()
    town.advance_to(0).expect("slack:ana")
    assert says(town, "start") is None
    town.post()
    town.advance_to(0).expect("sms:ana")
    row = town.store.get(OptOut, ANAS)
    assert row is not None
    assert row.back_at is not None


def _ana_with_slack_later() -> dict[str, Person]:
    slack = Contact(BEN.reach[0].channel, timedelta(minutes=5))
    ana = Person("ana", ANAS, "U01", reach=(ANA.reach[0], slack))
    return {p.name: p for p in (ana, BEN, LEAD)}


def test_a_link_opens_once_and_only_while_somebody_waits() -> None:
    town, (case,) = paged()
    token = town.texts_to("ana")[0].rsplit("/", 1)[1]
    links: Links | None = town.means.links
    assert links is not None
    now = town.clock.now()
    assert links.look(token, now).conversation_id == case
    assert links.use(token, now).person == "ana"
    for again in (links.look, links.use):
        with pytest.raises(NotFound, match="used already"):
            again(token, now)
    town.post()
    town.advance_to(3)
    other = town.texts_to("ana")[1].rsplit("/", 1)[1]
    with pytest.raises(NotFound, match="expired"):
        links.look(other, now + timedelta(hours=25))
