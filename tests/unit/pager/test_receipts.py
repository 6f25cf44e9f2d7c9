"""Receipts annotate, or speed a fallback up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.items import Handover
from chalicelib.domain.team import Offset, Step
from chalicelib.errors import Transient
from chalicelib.services.pager import receipts_of
from chalicelib.services.ports import Put, Receipt
from tests.unit.pager.town import Town, a_town, words_of

AT_ONCE = Step(Offset(remaining=1.0), page=("primary",))


def paged(posts: int) -> tuple[Town, list[str]]:
    town = a_town(AT_ONCE)
    cases = [town.post() for _ in range(posts)]
    town.advance_to(2)
    town.heard()
    return town, cases


def test_a_delivery_is_noted_once_however_often_it_is_told() -> None:
    town, (case,) = paged(1)
    key = town.pages(case)[0].key
    for _ in range(2):
        receipts_of(town.means).delivered(key, town.clock.now())
    town.work()
    town.expect()
    assert words_of(town.story(case), "delivered") == ["sms to ana: delivered."]


def test_a_text_that_was_not_delivered_brings_the_stand_in_at_once() -> None:
    town, (case,) = paged(1)
    key = town.pages(case)[0].key
    for _ in range(2):
        receipts_of(town.means).undelivered(key, "handset off")
    town.work()
    town.expect("sms:lead")
    assert [p.state for p in town.pages(case) if p.person == "ana"] == [Handover.FAILED]


def test_a_digest_that_was_not_delivered_does_so_for_each_member_still_waiting() -> None:
    town, cases = paged(4)
    digest = town.pages(cases[1])[0].digest_id
    town.answer(cases[3])
    receipts_of(town.means).undelivered(f"ana|sms|{digest}", "handset off")
    town.advance_to(4).expect("sms:lead", "sms:lead")
    paged_lead = [c for c in cases if any(p.person == "lead" for p in town.pages(c))]
    assert paged_lead == cases[1:3]


def test_a_delivery_told_at_two_instants_is_still_one_line() -> None:
    """Twilio names no instant, so each telling has its own."""
    town, (case,) = paged(1)
    for minute in (3, 4):
        town.advance_to(minute)
        receipts_of(town.means).take(Receipt(town.pages(case)[0].key), town.clock.now())
    town.heard()
    assert words_of(town.story(case), "delivered") == ["sms to ana: delivered."]


def test_what_was_delivered_cannot_be_undelivered_afterwards() -> None:
    """They come in any order; a phone that rang has rung."""
    town, (case,) = paged(1)
    key = town.pages(case)[0].key
    for fault in (None, "handset off"):
        receipts_of(town.means).take(Receipt(key, fault), town.clock.now())
    town.work()
    town.expect()
    assert [p.state for p in town.pages(case)] == [Handover.SENT]


@pytest.mark.parametrize("fault", [None, "handset off"])
def test_a_receipt_that_is_faster_than_our_record_of_the_send_comes_back(fault: str | None) -> None:
    """Acting on it would take the page from whoever is sending it."""
    town, (case,) = paged(1)
    (page,) = town.pages(case)
    sending = replace(page, state=Handover.SENDING, rev=page.rev + 1)
    town.store.commit(Put(sending))
    with pytest.raises(Transient):
        receipts_of(town.means).take(Receipt(page.key, fault), town.clock.now())
    assert town.pages(case) == [sending]


@pytest.mark.parametrize("key", ["", "answer|SM1", "test-page-ana", "a|b|c|d|e|f", "|||||||"])
def test_a_receipt_about_no_page_is_nothing(key: str) -> None:
    """Answers, test pages, pages long gone."""
    town, _ = paged(1)
    receipts_of(town.means).take(Receipt(key, "handset off"), town.clock.now())
    town.work()
    town.expect()
