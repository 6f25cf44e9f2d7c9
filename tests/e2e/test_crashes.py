"""The process dies between two writes, on the real table and queues; the deployed stack finds and finishes the work.

One step runs here, in a process whose store, queues and phones can die before any effect; everything after it is
the deployed functions' own. Afterwards nothing is lost, and no page was doubled.
"""

from __future__ import annotations

import json
from datetime import timedelta
from functools import cached_property
from typing import Any

import pytest

from chalicelib.domain.conversation import Conversation, State
from chalicelib.domain.items import Handover, Page
from chalicelib.domain.pages import LEASE
from chalicelib.services.platform_port import Delivery
from chalicelib.services.ports import Inbound, Queue, Queues, Ref, SmsSender, Store
from chalicelib.settings import read_settings
from chalicelib.wiring import Container
from infra.standin.meta import signature
from tests.crash import Crash, Fuse
from tests.e2e.harness.town import APP, APP_SECRET, Town


class Mortal:
    """Announces calls that change the world to a fuse before they happen; everything else passes through."""

    def __init__(self, living: Any, fuse: Fuse) -> None:
        self._living = living
        self._fuse = fuse

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._living, name)
        if name not in {"commit", "send", "send_each"}:
            return found

        def announced(*args: Any, **kwargs: Any) -> Any:
            self._fuse.effect(name)
            return found(*args, **kwargs)

        return announced


class MortalContainer(Container):
    """The stage's services in a process that dies when its fuse blows."""

    fuse: Fuse

    @cached_property
    def store(self) -> Store:
        mortal: Store = Mortal(super().store, self.fuse)
        return mortal

    @cached_property
    def queues(self) -> Queues:
        real = super().queues
        return Queues(
            *(self._mortal(queue) for queue in (real.inbound, real.wake, real.outbound, real.sweep))
        )

    @cached_property
    def sms(self) -> SmsSender:
        mortal: SmsSender = Mortal(super().sms, self.fuse)
        return mortal

    def _mortal(self, queue: Queue) -> Queue:
        mortal: Queue = Mortal(queue, self.fuse)
        return mortal


def mortal(town: Town, before: int) -> MortalContainer:
    """Return services that die before the effect of that number."""
    box = MortalContainer(read_settings(town.environment))
    box.fuse = Fuse(before)
    return box


def a_delivery(town: Town) -> tuple[Inbound, Delivery]:
    """Return a complaint of Sunday 02:00, as it is queued and as it arrives."""
    payload = town.comment("p_c", "Where is my order?", by="Jo", at="Sun 02:00")
    body = json.dumps(payload).encode()
    headers = {"X-Hub-Signature-256": signature(body, APP_SECRET)}
    queued = Inbound("facebook", APP, town.when("Sun 02:00"), body)
    return queued, Delivery("POST", headers=headers, body=body)


def test_reception_dies_before_it_queued_and_the_platform_delivers_again(town: Town) -> None:
    """No answer went out, so Meta repeats itself; the second time counts."""
    town.begin("Sun 02:00")
    _, delivery = a_delivery(town)
    with pytest.raises(Crash):
        mortal(town, 0).reception.receive("facebook", APP, delivery)
    assert town.stored("p_c") is None
    town.deliver(town.comment("p_c", "Where is my order?", by="Jo", at="Sun 02:00"))
    town.driver.settle()
    town.advance_to("Sun 02:41").expect("card:#social", "sms:dev")


def test_reception_dies_after_it_queued_and_the_repeat_changes_nothing(town: Town) -> None:
    """The platform never saw the answer; what it sends again is known."""
    town.begin("Sun 02:00")
    _, delivery = a_delivery(town)
    mortal(town, 99).reception.receive("facebook", APP, delivery)
    town.deliver(town.comment("p_c", "Where is my order?", by="Jo", at="Sun 02:00"))
    town.driver.settle()
    town.advance_to("Sun 02:41").expect("card:#social", "sms:dev")


@pytest.mark.parametrize("before", [0, 1])
def test_intake_dies_around_its_transaction_and_redelivery_finishes(town: Town, before: int) -> None:
    """Before it: nothing is there. After it: the row is, and its wake is found by the tick."""
    town.begin("Sun 02:23")
    queued, _ = a_delivery(town)
    box = mortal(town, before)
    late = Inbound("facebook", APP, town.driver.now, queued.body)
    with pytest.raises(Crash):
        box.intake.take_in(late)
    assert (town.stored("p_c") is not None) is (before == 1)
    if before == 0:
        town.box.queues.inbound.send(late)  # its visibility runs out and SQS hands it out again
        town.driver.settle()
    assert len(town.conversation("p_c").entries) == 1
    town.advance_to("Sun 02:41").expect("card:#social", "sms:dev")


def waiting_case(town: Town) -> Conversation:
    """Take in a complaint, move to its page step without letting anybody work, and return its row."""
    town.begin()
    post = town.post("Where is my order?", at="Sun 02:00")
    town.advance_to("Sun 02:30").expect("card:#social")
    town.driver.set_time(town.when("Sun 02:41"))
    return town.conversation(post)


@pytest.mark.parametrize("before", [0, 1])
def test_watch_dies_around_its_transaction_and_one_tick_later_the_page_is_out(
    town: Town, before: int
) -> None:
    """Before it the conversation is still due; after it the page and the card are."""
    case = waiting_case(town)
    assert case.next_due_at is not None
    box = mortal(town, before)
    with pytest.raises(Crash):
        box.watch.wake(Ref("Conversation", (case.id,)), case.next_due_at)
    assert len(box.store.children(Page, case.id)) == (0 if before == 0 else 1)
    town.driver.tick()
    town.expect("sms:dev")


def stuck_page(town: Town) -> tuple[Conversation, Page]:
    """Let watch die right after its commit: the page is intended, and nobody was told to send it."""
    case = waiting_case(town)
    assert case.next_due_at is not None
    with pytest.raises(Crash):
        mortal(town, 1).watch.wake(Ref("Conversation", (case.id,)), case.next_due_at)
    (page,) = town.box.store.children(Page, case.id)
    return case, page


def test_send_dies_before_its_lease_and_the_tick_sends_the_page_once(town: Town) -> None:
    """Nothing was promised to the carrier yet."""
    _, page = stuck_page(town)
    with pytest.raises(Crash):
        mortal(town, 0).send.deliver(Ref("Page", page.identity))
    town.driver.tick()
    town.expect("sms:dev")


@pytest.mark.parametrize(("before", "arrived"), [(1, ()), (2, ()), (3, ("sms:dev",))])
def test_send_dies_holding_its_lease_so_the_outcome_is_unknown_and_the_fallback_is_paged(
    town: Town, before: int, arrived: tuple[str, ...]
) -> None:
    """Before or after the carrier had it, nobody can know: never again on that contact, the next one at once."""
    case, page = stuck_page(town)
    with pytest.raises(Crash):
        mortal(town, before).send.deliver(Ref("Page", page.identity))
    town.expect(*arrived)
    town.driver.advance_to(town.driver.now + LEASE + timedelta(seconds=1))
    town.expect("sms:lead")
    after = town.box.store.get(Page, *page.identity)
    assert after is not None
    assert after.state is Handover.UNKNOWN
    assert town.box.store.get(Conversation, case.id) is not None


def test_a_claim_dies_before_its_commit_and_nobody_has_it(town: Town) -> None:
    """Half a claim is none: the ladder goes on."""
    case = waiting_case(town)
    with pytest.raises(Crash):
        mortal(town, 0).claims.claim(case.id, by="ana", at=town.driver.now)
    after = town.box.store.get(Conversation, case.id)
    assert after is not None
    assert after.claim is None
    assert after.state is State.WAITING
    town.driver.tick()
    town.expect("sms:dev")
