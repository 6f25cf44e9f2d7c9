"""The words and buttons of cards and pages, as whoever is woken reads them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.alert import AlertView
from chalicelib.domain.claims import RENEWALS
from chalicelib.domain.conversation import Claim
from chalicelib.domain.escalation_words import firing_words
from chalicelib.services.alerts import Alerts
from tests.builders import NIGHT, a_conversation, a_team, minutes
from tests.fake_store import FakeStore

CONVERSATION = replace(a_conversation(), deadline_at=NIGHT + minutes(60))
CLAIM = Claim("ana", NIGHT, NIGHT + minutes(30))


def card(at: float = 0, claim: Claim | None = None) -> AlertView:
    """Return the card some minutes after NIGHT; the answer is due after 60."""
    shown = replace(CONVERSATION, claim=claim)
    return Alerts(FakeStore(), str).card(shown, a_team(), NIGHT + minutes(at))


def test_a_claim_may_be_kept_longer_by_a_button_while_that_is_allowed() -> None:
    """Not a third time, and not where the claim came by a text that anybody could have sent."""
    assert "renew" in card(claim=CLAIM).actions
    spent, texted = replace(CLAIM, renewals=RENEWALS), replace(CLAIM, by_sms=True)
    assert not {"renew"} & {*card(claim=spent).actions, *card(claim=texted).actions, *card().actions}


def test_a_platform_is_called_by_its_name() -> None:
    assert " on Facebook. " in card().why


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (59, "Waiting for an answer: 1 min left"),
        (60, "Due now: nobody has answered"),
        (60.01, "Due now: nobody has answered"),
        (61, "Overdue by 1 min: nobody has answered"),
    ],
)
def test_the_deadline_itself_is_neither_left_nor_overdue(at: float, words: str) -> None:
    assert card(at).headline == words


def test_once_is_not_one_times() -> None:
    assert [firing_words(n) for n in range(3)] == ["", ", repeated once", ", repeated 2 times"]
