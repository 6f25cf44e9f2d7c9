"""What a text message never carries: a customer's contact details, whoever put them where."""

from __future__ import annotations

import pytest

from chalicelib.domain.alert_words import known_as
from chalicelib.domain.team import Offset, Step
from chalicelib.services.sms_replies import _who as sms_name
from chalicelib.services.summary_sender import _line as summarised
from tests.builders import a_conversation
from tests.unit.pager.town import a_town, mins

PAGED = Step(Offset(delta=-mins(20)), page=("primary",))


@pytest.mark.parametrize("name", ["kim.lee@example.com", "+44 7700 900123"])
def test_a_customer_named_like_an_address_is_not_named_in_a_text(name: str) -> None:
    """People put their number or address into their profile's name."""
    town = a_town(PAGED)
    town.post("Please call me", contact_handle=None, contact_name=name)
    town.advance_to(41).expect("sms:ana")
    (text,) = town.texts_to("ana")
    assert name not in text
    assert "900123" not in text


def test_an_ordinary_name_stays() -> None:
    town = a_town(PAGED)
    town.post("Please help", contact_handle=None, contact_name="Kim Lee")
    town.advance_to(41).expect("sms:ana")
    assert "Kim Lee" in town.texts_to("ana")[0]


@pytest.mark.parametrize("name", ["kim.lee@example.com", "+44 7700 900123"])
def test_nor_in_a_channels_summary_nor_in_an_answer_to_a_text(name: str) -> None:
    """Wherever a customer is named, it is by a masked name."""
    named = a_conversation(contact_handle=None, contact_name=name)
    for words in (summarised(named, "UTC"), sms_name(named), known_as(named)):
        assert "900123" not in words
        assert "example.com" not in words
