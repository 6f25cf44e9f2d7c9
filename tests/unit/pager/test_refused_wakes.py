"""A queue that refuses a wake costs nothing but time: what was committed is in the due index, where the tick finds it."""

from __future__ import annotations

from chalicelib.domain.items import Handover
from chalicelib.domain.team import Offset, Step
from chalicelib.errors import Transient
from tests.unit.pager.town import Town, a_town, mins

PAGED = Step(Offset(delta=-mins(20)), page=("primary",))


def refusing(town: Town) -> None:
    """Let the queues refuse whatever is offered next: the wake at the end of a lease."""
    town.outbound.fails(Transient("SQS is throttled"))


def test_a_page_whose_lease_could_not_be_waited_for_on_the_queue_is_handed_over_all_the_same() -> None:
    """Ana's text leaves; without this nothing was sent, and her only contact counted as unknown."""
    town = a_town(PAGED)
    asked = town.post()
    town.advance_to(39.9)
    town.clock.advance(mins(0.1))
    (wake,) = town.wake.receive()
    town.deliver(wake)
    (hand,) = town.outbound.receive()
    refusing(town)
    town.deliver(hand)
    town.expect("sms:ana")
    assert [page.state for page in town.pages(asked)] == [Handover.SENT]


def test_a_claim_stands_and_says_so_although_its_card_could_not_be_waked() -> None:
    """The press was one conditional write; that Slack's message is edited a minute later is no failure."""
    town = a_town(PAGED, Step(Offset(remaining=0.9), tell=("#social",)))
    asked = town.post()
    town.advance_to(10).expect("card:#social")
    refusing(town)
    assert town.claim(asked, "ana").claim is not None
    town.advance_to(12)
    assert town.world.chat.shown[-1].view.owner == "ana"
