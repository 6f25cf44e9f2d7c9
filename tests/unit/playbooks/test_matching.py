"""Which playbooks fit a case, in which order, and what their variables become."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.personal_data import find
from chalicelib.domain.playbooks import (
    MOST,
    Fit,
    Playbook,
    Subject,
    first_name,
    matching,
    rendered,
    values_of,
    why,
)
from tests.builders import NIGHT, a_conversation


def subject(**changes: Any) -> Subject:
    """Return a complaint about a delay, in public on Facebook."""
    known = {
        "topics": ("delay_disruption",),
        "kind": "complaint",
        "priority": "normal",
        "platform": "facebook",
        "account": "acme-fb",
        "surface": "public",
    }
    return Subject(**(known | changes))


def book(name: str, **fit: Any) -> Playbook:
    return Playbook(name, name, Fit(**fit))


DELAYS = book("delays", topics=("delay_disruption",))
DELAYS_X = book("delays-x", topics=("delay_disruption",), platforms=("x",))
PRAISE = book("praise", kinds=("praise",))
URGENT = book("urgent", priorities=("urgent",))
ANYTHING = book("anything")
ALL = (ANYTHING, DELAYS, DELAYS_X, PRAISE, URGENT)


def names(*books: Playbook, **changes: Any) -> list[str]:
    return [each.name for each in matching(books or ALL, subject(**changes))]


def test_only_what_fits_is_offered() -> None:
    """Every condition must hold; an empty one holds always."""
    assert names() == ["delays", "anything"]
    assert names(topics=("refund_cancellation",)) == ["anything"]


def test_one_of_several_is_enough() -> None:
    """A case has several topics, a playbook may serve several."""
    many = book("many", topics=("refund_cancellation", "delay_disruption"), surface="public")
    assert names(many, topics=("a", "delay_disruption")) == ["many"]
    assert names(many, surface="private") == []


def test_the_most_specific_comes_first() -> None:
    """Urgency before kind before topic; of one topic, the platform's own before the general one."""
    assert names(platform="x") == ["delays-x", "delays", "anything"]
    assert names(kind="praise") == ["praise", "delays", "anything"]
    assert names(priority="urgent", kind="praise") == ["urgent", "praise", "delays"]


@given(st.permutations(ALL))
def test_the_order_of_the_files_changes_nothing(books: list[Playbook]) -> None:
    """Deterministic, so that two people see the same."""
    assert names(*books, platform="x", priority="urgent") == ["urgent", "delays-x", "delays"]


def test_no_more_than_a_few_are_offered() -> None:
    """Of those that ask for the same, the first by name."""
    books = [book(name) for name in "edcba"]
    assert names(*books) == ["a", "b", "c"][:MOST]


def test_why_names_what_fits() -> None:
    """In words."""
    asked = subject(platform="x", priority="urgent")
    assert [why(each, asked) for each in matching(ALL, asked)] == [
        "urgent",
        "delay disruption, on x",
        "delay disruption",
    ]
    assert why(ANYTHING, asked) == "whatever it is"
    own = book("own", kinds=("complaint",), accounts=("acme-fb",), surface="public")
    assert why(own, asked) == "complaint, acme-fb, in public"


# --- variables -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "handle", "called"),
    [
        ("Jo Peters", None, "Jo"),
        ("Jean-Luc P.", "jlp", "Jean-Luc"),
        ("Zoë", None, "Zoë"),
        ("Mr Peters", "jop", "jop"),
        ("jo.peters@mail.example", None, "there"),
        ("+44 7700 900123", None, "there"),
        ("Jo 07700900123", "+447700900123", "there"),
        ("xX_dragon_Xx 99", "dragon99", "dragon99"),
        (None, "@jo_p", "jo_p"),
        (None, None, "there"),
        ("", "", "there"),
    ],
)
def test_the_customer_is_called_by_a_name_that_is_surely_one(
    name: str | None, handle: str | None, called: str
) -> None:
    """Never by an e-mail address, a number, or half of a title."""
    assert first_name(a_conversation(contact_name=name, contact_handle=handle)) == called


def test_a_handle_has_its_sign_where_it_is_a_link() -> None:
    """On X, Instagram and Threads."""
    conversation = a_conversation(platform="x", contact_name=None, contact_handle="jo_p")
    assert values_of(conversation, brand="Acme", tz="UTC", now=NIGHT)["handle"] == "@jo_p"
    assert first_name(conversation) == "@jo_p"


def test_the_deadline_is_local_and_a_wording_without_one_is_left_out() -> None:
    """03:00 UTC is 04:00 in Berlin, and another day has its name; where no clock runs nothing can be promised."""
    values = values_of(a_conversation(), brand="Acme", tz="Europe/Berlin", now=NIGHT)
    assert rendered("By {deadline}, {first_name}.", values) == "By 04:00 CET, Jo."
    far = values_of(a_conversation(), brand="Acme", tz="Asia/Dubai", now=NIGHT - timedelta(days=1))
    assert far["deadline"] == "Sunday 07:00 UTC+04"
    quiet = values_of(a_conversation(deadline_at=None), brand="Acme", tz="UTC", now=NIGHT)
    assert rendered("By {deadline}.", quiet) is None
    assert rendered("{brand} on {platform}", quiet) == "Acme on Facebook"


def test_a_name_that_looks_like_a_variable_is_only_a_name() -> None:
    """What customers call themselves is never read again."""
    values: dict[str, str | None] = {"first_name": "{deadline}", "deadline": "04:00"}
    assert rendered("Hi {first_name}", values) == "Hi {deadline}"


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_name_brings_personal_data_into_a_wording(name: str, handle: str) -> None:
    """Whatever people put into their profiles."""
    values = values_of(
        a_conversation(contact_name=name, contact_handle=handle), brand="Acme", tz="UTC", now=NIGHT
    )
    said = rendered("{first_name} {handle}", values)
    assert said is not None
    assert find(values["first_name"] or "") == ()
    assert "@" not in (values["first_name"] or "").lstrip("@")


@given(st.from_regex(r"\A[0-9a-z]{1,12}@[a-z]{2,8}\.com\Z|\A\+?[0-9 ]{9,16}\Z|\A[0-9]{16}\Z"))
def test_no_address_or_number_is_a_name(name: str) -> None:
    """However it is written."""
    assert first_name(a_conversation(contact_name=name, contact_handle=name)) == "there" or len(name) < 7
