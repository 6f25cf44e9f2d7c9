"""A person's word ties two identities together, and nothing else does; the platform's own word cannot be untied."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.items import ThreadLink
from chalicelib.errors import Conflict, NotFound
from chalicelib.services.contacts import Contacts
from tests.builders import NIGHT, minutes
from tests.unit.cases.test_cases import Office, an_earlier

ON_X: dict[str, Any] = {"platform": "x", "account": "77", "account_name": "acme-x", "contact_id": "x-jo"}
FIRST, SECOND = "earlier0000000000001", "earlier0000000000002"


def an_office() -> tuple[Office, Contacts]:
    """Jo has asked on Facebook; somebody called Jo Peters wrote twice on X."""
    office = Office()
    office.keep(*an_earlier(**ON_X, contact_name="Jo Peters"))
    post_and_link = an_earlier(**ON_X, id=SECOND, opened_at=NIGHT - minutes(30))
    office.keep(post_and_link[0], post_and_link[2])
    office.asked()
    return office, Contacts(office.store, office.books)


def now_of(office: Office) -> Conversation:
    return next(c for c in office.conversations if c.platform == "facebook")


def earlier_of(office: Office, conversation_id: str) -> list[str]:
    view = office.cases.open(conversation_id, office.clock.now())
    return [earlier.conversation_id for earlier in view.earlier]


def test_what_a_person_ties_is_shown_on_both_sides_with_all_that_identity_wrote() -> None:
    office, contacts = an_office()
    here = now_of(office).id
    assert earlier_of(office, here) == []
    contacts.tie(here, FIRST, by="ana", at=office.clock.now())
    assert earlier_of(office, here) == [SECOND, FIRST]
    assert here in earlier_of(office, FIRST)
    assert here in earlier_of(office, SECOND)
    assert now_of(office).repeat_contact
    notes = [note.words for note in office.cases.open(here, office.clock.now()).notes]
    assert notes == ["ana says they also wrote on X."]


def test_tying_twice_is_tying_once() -> None:
    office, contacts = an_office()
    here = now_of(office).id
    for _ in range(2):
        contacts.tie(here, FIRST, by="ana", at=office.clock.now())
    ties = [row for row in office.store.everything(ThreadLink) if row.conversation_id in (FIRST, here)]
    assert earlier_of(office, here) == [SECOND, FIRST]
    assert len({row.identity for row in ties}) == len(ties)


def test_a_tie_is_taken_back_whole_from_either_side() -> None:
    office, contacts = an_office()
    here = now_of(office).id
    contacts.tie(here, FIRST, by="ana", at=office.clock.now())
    contacts.tie(here, SECOND, by="ana", at=office.clock.now())
    contacts.untie(FIRST, here, by="ben", at=office.clock.now())
    assert earlier_of(office, here) == []
    assert here not in earlier_of(office, SECOND)
    with pytest.raises(Conflict, match="nobody said"):
        contacts.untie(here, FIRST, by="ben", at=office.clock.now())


def test_what_the_platform_says_is_neither_tied_nor_untied() -> None:
    office, contacts = an_office()
    for act in (contacts.tie, contacts.untie):
        with pytest.raises(Conflict, match="platform itself"):
            act(FIRST, SECOND, by="ana", at=office.clock.now())


def test_a_conversation_nobody_knows_ties_nothing() -> None:
    office, contacts = an_office()
    with pytest.raises(Conflict, match="no such conversation"):
        contacts.tie(now_of(office).id, "nowhere", by="ana", at=office.clock.now())
    with pytest.raises(NotFound):
        contacts.tie("nowhere", FIRST, by="ana", at=office.clock.now())
