"""Twenty people at once, by Slack and by the linked page, on the deployed stack: one owner, one public answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from threading import Barrier
from typing import Any

import pytest
import requests

from chalicelib.domain.items import Handover, Happened, Reply
from infra.standin.clicks import Clicks
from infra.standin.world import Line, Said
from tests.e2e.harness.town import MEMBERS, PAGE, SIGNING_SECRET, TEAM, Town

PEOPLE = [f"p{number:02d}" for number in range(20)]
IN_SLACK, BY_LINK = PEOPLE[:10], PEOPLE[10:]
CROWD = TEAM + "\n".join(f'[people.{name}]\nslack = "U1{name[1:]}"\nreach = ["slack"]' for name in PEOPLE)
SECONDS = 120
TRIES = 15


class Hand:
    """One person at the linked page, by plain HTTP."""

    def __init__(self, link: str) -> None:
        self._browser = requests.Session()
        patiently(lambda: self._browser.get(link, timeout=SECONDS))
        self.page = patiently(lambda: self._browser.post(link, timeout=SECONDS))

    def sends(self, act: str, **fields: str) -> str:
        """Send the page's form for an act, again if the machine was too slow; returns what the next page says."""
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', self.page.text))
        form = {**hidden, "act": act, **fields}
        address = self.page.url.partition("?")[0]
        self.page = patiently(lambda: self._browser.post(address, data=form, timeout=SECONDS))
        return self.page.text


def patiently(ask: Callable[[], requests.Response]) -> requests.Response:
    """Ask, and ask the same again where a function was killed for being slow, as people and browsers do."""
    for _ in range(TRIES):
        answer = ask()
        if answer.status_code < 500:
            break
    return answer


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """Let everybody act in the same moment; returns what each got, in order."""
    start = Barrier(len(acts))

    def acted(act: Callable[[], Any]) -> object:
        start.wait(SECONDS)
        return act()

    with ThreadPoolExecutor(len(acts)) as crowd:
        return list(crowd.map(acted, acts))


@pytest.fixture
def crowd(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A town with twenty more people, whose page can answer."""
    for name in PEOPLE:
        monkeypatch.setitem(MEMBERS, name, f"U1{name[1:]}")
    secret = f"/nightdesk/{town.driver.stack.stage}/accounts/facebook/{PAGE.id}/token"
    put = town.driver.stack.client("ssm").put_parameter
    put(Name=secret, Value="page-token", Type="SecureString", Overwrite=True)
    town.standin.world.lines.clear()
    yield town.begin(team=CROWD)
    town.standin.world.lines.clear()


def test_of_twenty_who_claim_and_answer_at_once_one_owns_it_and_one_answer_is_public(crowd: Town) -> None:
    """Ten press Claim in Slack, ten on the page; then all ten of the page answer at once, and insist. One wins each time."""
    town = crowd
    comment = town.post("Where is my refund?", at="Sun 02:00")
    line = Line("facebook", f"{PAGE.id}_root", comment, "Jo", "Where is my refund?", "customer", 0.0)
    town.standin.world.lines.append(line)
    town.advance_to("Sun 02:30").expect("card:#social")
    case, card = town.conversation(comment).id, deepcopy(town.card())
    opened = at_once([opening(link_for(town, case, name)) for name in PEOPLE])
    hands: dict[str, Hand] = dict(zip(PEOPLE, opened, strict=True))
    fingers = patient_fingers(town)
    presses = [pressing(fingers, name, card) for name in IN_SLACK]
    told = at_once([*presses, *(claiming(hands[name]) for name in BY_LINK)])
    town.driver.settle()
    claim = town.conversation(comment).claim
    assert claim is not None
    assert town.told(comment, Happened.CLAIM) == [f"{claim.owner} claimed it until 03:00 UTC."]
    assert set(told[:10]) == {200}
    whispers = {said.only_for: said.text for said in town.standin.world.said if said.only_for}
    for name in IN_SLACK:
        assert ("It is yours" if name == claim.owner else f"{claim.owner} has it") in whispers[MEMBERS[name]]
    for name, page in zip(BY_LINK, told[10:], strict=True):
        assert ("You have it" if name == claim.owner else f"{claim.owner} has it") in page, page
    pages = at_once([answering(hands[name], f"Refunded, says {name}.") for name in BY_LINK])
    assert sum("Your answer is on its way" in page for page in pages) == 1
    town.driver.settle()
    answers = [line.text for line in town.standin.world.lines if line.by != "customer"]
    assert len(answers) == 1, answers
    replies = town.box.store.children(Reply, case)
    assert [reply.state for reply in replies] == [Handover.SENT]
    assert answers == [replies[0].text]
    town.accounted = town.received()
    town.advance_to("Sun 05:00").expect()


def link_for(town: Town, case: str, person: str) -> str:
    """Give somebody a link, as a page to them would."""
    link, put = town.box.links.issue(case, person, town.driver.now)
    town.box.store.commit(put)
    return link


def opening(link: str) -> Callable[[], Hand]:
    return lambda: Hand(link)


def patient_fingers(town: Town) -> Clicks:
    """Return fingers that wait for a slow machine: Slack's own patience is not what this is about."""

    def post(path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        url = town.driver.stack.api_url + path
        answer = patiently(lambda: requests.post(url, data=body, headers=headers, timeout=SECONDS))
        return answer.status_code, answer.text

    return Clicks(
        town.standin.world,
        town.standin.slack,
        post,
        secret=SIGNING_SECRET,
        home=lambda: town.standin.url,
        now=town.driver.now.timestamp,
    )


def pressing(fingers: Clicks, person: str, card: Said) -> Callable[[], int]:
    return lambda: fingers.press(MEMBERS[person], card, "claim")


def claiming(hand: Hand) -> Callable[[], str]:
    return lambda: hand.sends("claim")


def answering(hand: Hand, text: str) -> Callable[[], str]:
    """Send an answer, again and again whatever is said about it, until it or another's is on its way or there."""

    def sent() -> str:
        for _ in range(TRIES):
            page = hand.sends("reply", text=text, way="public")
            if "on its way" in page or "answered it" in page:
                return page
        raise AssertionError(f"nobody's answer is on its way: {page}")

    return sent
