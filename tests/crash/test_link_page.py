"""The function dies between any two effects of the linked page: the person presses again, and all of it happens once.

A form taken and never acted upon is told as such: the page shows how it stands, and its fresh button works.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from chalicelib.domain.conversation import State
from chalicelib.domain.items import Handover, Happened, Reply, TimelineRow
from chalicelib.domain.link_rows import LinkSession
from tests.fakes import Crash
from tests.unit.web.page_town import Browser, PageTown

TEXT = "It leaves today, Jo."


class Night:
    """One person's way from the link to the customer's answer, with a fuse that may blow anywhere on it."""

    def __init__(self, cut: int | None) -> None:
        self.town = PageTown()
        self.town.asked()
        self.token = self.town.link()
        self.browser = Browser(self.town)
        self.browser.fetch(self.token)
        self.first = len(self.town.fuse.effects)
        self.town.fuse.before = None if cut is None else self.first + cut
        self.persist(lambda: self.browser.press_door(self.token))
        claim = self.browser.form("claim")
        self.persist(lambda: self.browser.send(claim))
        if "claim" in self.browser.acts:
            assert "We cannot tell whether that worked" in self.browser.text
            self.browser.press("claim")
        answer = self.browser.look().form("reply") | {"text": TEXT, "way": "public"}
        self.persist(lambda: self.browser.send(answer))
        self.effects = len(self.town.fuse.effects) - self.first
        self.blown = cut is not None and self.town.fuse.before is None
        self.town.fuse.before = None
        self.town.sends()

    def persist(self, press: Callable[[], object]) -> None:
        """Press, and press the same again when nothing came back."""
        try:
            press()
        except Crash:
            press()


def demand_done_once(night: Night) -> None:
    """Demand one session, one claim, one answer that the customer has."""
    town = night.town
    assert len(town.store.everything(LinkSession)) == 1
    lines = town.store.everything(TimelineRow)
    assert [line.by for line in lines if line.kind is Happened.CLAIM] == ["ana"]
    assert [reply.state for reply in town.store.everything(Reply)] == [Handover.SENT]
    assert [taken.text for taken in town.replier.taken] == [TEXT]
    assert town.case.state is State.ANSWERED
    assert "Answered by ana" in night.browser.look().text


def test_whoever_dies_where_on_the_way_from_link_to_answer_it_happens_once() -> None:
    demand_done_once(Night(None))
    for cut in count():
        night = Night(cut)
        if not night.blown:
            assert cut == night.effects > 5
            return
        demand_done_once(night)
