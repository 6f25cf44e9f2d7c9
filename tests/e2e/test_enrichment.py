"""What webhooks withhold, asked for on the deployed stack; and what stood there before Nightdesk came."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.domain.conversation import Closure, State
from chalicelib.domain.items import TimelineRow
from chalicelib.domain.judgement import Priority
from infra.standin.graph_people import GraphPeople
from infra.standin.meta import Brand
from infra.standin.world import Line
from tests.e2e.harness import town as usual
from tests.e2e.harness.town import APP, APP_SECRET, TEAM, Town

PAGE = Brand("facebook", "1029384799", "Acme Air", APP, APP_SECRET)
GRAM = Brand("instagram", "17841400000000099", "acmeair", APP, APP_SECRET)
"""Accounts of this story's own: what functions remember of a token is no other story's."""

OWN_TEAM = TEAM.replace(usual.PAGE.id, PAGE.id).replace(usual.GRAM.id, GRAM.id)
TOKEN = "own-token"
MEDIA = "17900000000000001"
COMMENT = "17800000000000001"
HANDLE = "jo.travels"
PRESSING = '[[policies]]\nwhen = {priority = "high"}\nfirst = "15m"\nnext = "15m"\nescalation = "default"\n[[policies]]'


@pytest.fixture
def asking(town: Town) -> Iterator[Town]:
    """A town whose accounts' tokens are stored, and whose platform tells of nobody yet."""
    ssm, stage = town.driver.stack.client("ssm"), town.driver.stack.stage
    names = [f"/nightdesk/{stage}/accounts/{brand.platform}/{brand.id}/token" for brand in (PAGE, GRAM)]
    for name in names:
        ssm.put_parameter(Name=name, Value=TOKEN, Type="SecureString", Overwrite=True)
    people(town).forget()
    town.standin.world.lines.clear()
    town.standin.meta.brands |= {brand.id: brand for brand in (PAGE, GRAM)}
    town.begin(team=OWN_TEAM.replace("[[policies]]", PRESSING, 1))
    yield town
    people(town).forget()
    town.standin.world.lines.clear()
    town.standin.dead_tokens.clear()
    for brand in (PAGE, GRAM):
        town.standin.meta.brands.pop(brand.id)
    for name in names:
        ssm.delete_parameter(Name=name)


def people(town: Town) -> GraphPeople:
    """Return whom the platform tells of."""
    return town.standin.graph_reads.people


def happens(town: Town, field: str, value: dict[str, Any], *, at: str) -> None:
    """Let Instagram's webhook tell of something."""
    town.advance_to(at)
    sent = int(town.when(at).timestamp())
    entry = {"id": GRAM.id, "time": sent, "changes": [{"field": field, "value": value}]}
    assert town.deliver({"object": "instagram", "entry": [entry]}, GRAM) == 200
    town.driver.settle()


def comments(town: Town, text: str, *, at: str) -> None:
    """Let somebody comment on the brand's media; the webhook tells words and handle."""
    author = {"id": "9001", "username": HANDLE}
    value = {"id": COMMENT, "text": text, "from": author, "media": {"id": MEDIA}}
    happens(town, "comments", value, at=at)


def test_a_mention_without_words_ends_judged_and_the_alert_names_who_wrote_it(asking: Town) -> None:
    """The webhook tells two ids; the page has the words and the handle."""
    town = asking
    people(town).tell(
        COMMENT,
        text="@acmeair where is my seat number?",
        username=HANDLE,
        timestamp=f"{town.when('Sun 02:00'):%Y-%m-%dT%H:%M:%S+0000}",
        media={"id": MEDIA, "permalink": "https://www.instagram.com/p/abc/", "caption": "Our summer"},
    )
    happens(town, "mentions", {"media_id": MEDIA, "comment_id": COMMENT}, at="Sun 02:00")
    stored, talk = town.stored(COMMENT, GRAM), town.conversation(COMMENT, GRAM)
    assert stored is not None
    assert stored.judgement is not None
    assert (stored.text, stored.needs_fetch) == ("@acmeair where is my seat number?", ())
    assert "no text" not in " ".join(stored.judgement.reasons)
    assert (talk.contact_handle, talk.permalink) == (HANDLE, "https://www.instagram.com/p/abc/")
    assert (stored.parent_text, talk.state) == ("Our summer", State.WAITING)
    town.advance_to("Sun 02:45")
    town.expect("card:#social", "sms:dev")
    _, words = town.driver.texts()[-1]
    assert HANDLE in words
    assert "@acmeair where" in words


def test_an_author_read_by_many_is_paged_for_earlier(asking: Town) -> None:
    """A quarter of an hour in place of an hour: what the webhook told was not enough to know."""
    town = asking
    people(town).tell(MEDIA, permalink="https://www.instagram.com/p/abc/", caption="Our summer")
    people(town).tell(HANDLE, username=HANDLE, name="Jo Travels", followers_count=120_000)
    comments(town, "Could you tell me where I find your opening hours?", at="Sun 02:00")
    talk = town.conversation(COMMENT, GRAM)
    assert (talk.priority, talk.deadline_at) == (Priority.HIGH, town.when("Sun 02:15"))
    assert (talk.contact_name, talk.permalink) == ("Jo Travels", "https://www.instagram.com/p/abc/")
    lines = town.box.store.children(TimelineRow, talk.id)
    assert any("120,000 followers" in line.words for line in lines)
    town.advance_to("Sun 02:11")
    town.expect("card:#social", "sms:dev")


def test_a_dead_token_costs_a_name_and_never_the_page(asking: Town) -> None:
    """Whoever is on call hears of the token at once, and of the customer on time, by the bare handle."""
    town = asking
    town.standin.dead_tokens.add(TOKEN)
    comments(town, "Could you tell me where I find your opening hours?", at="Sun 02:00")
    town.expect("sms:dev")
    assert "access token is dead" in town.driver.texts()[-1][1]
    town.advance_to("Sun 02:04")
    town.expect()
    assert town.conversation(COMMENT, GRAM).deadline_at == town.when("Sun 03:00")
    town.standin.dead_tokens.clear()
    town.advance_to("Sun 02:45")
    town.expect("card:#social", "sms:dev")
    assert HANDLE in town.driver.texts()[-1][1]


def test_a_first_import_pages_nobody_and_a_late_webhook_does(asking: Town) -> None:
    """Two comments of an hour ago stand there unanswered: history, until a webhook tells of one of them."""
    town = asking
    for number in (1, 2):
        said = Line(
            "facebook",
            f"{PAGE.id}_root",
            f"{PAGE.id}_{700 + number}",
            f"customer{number}",
            "Where is my order?",
            "customer",
            town.when("Sun 00:30").timestamp(),
        )
        town.standin.world.lines.append(said)
    town.advance_to("Sun 02:00")
    town.driver.stack.invoke("poll")
    town.driver.settle()
    for number in (1, 2):
        found = town.conversation(f"{PAGE.id}_{700 + number}", PAGE)
        assert (found.state, found.closure) == (State.CLOSED, Closure.HISTORY)
    town.advance_to("Sun 04:00")
    town.expect()
    late = town.comment(f"{PAGE.id}_701", "Where is my order?", by="customer1", at="Sun 00:30")
    assert town.deliver(json.loads(json.dumps(late).replace(usual.PAGE.id, PAGE.id)), PAGE) == 200
    town.driver.settle()
    assert town.conversation(f"{PAGE.id}_701", PAGE).deadline_at == town.when("Sun 01:30")
    assert town.conversation(f"{PAGE.id}_702", PAGE).state is State.CLOSED
    town.advance_to("Sun 04:01")
    arrived = town.received() - town.accounted
    assert {"sms:dev", "sms:lead"} <= set(arrived)
    town.accounted = town.received()
