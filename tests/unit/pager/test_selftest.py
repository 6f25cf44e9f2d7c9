"""Every week one post of our own must end as a text; when it does not, the lead hears of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.conversation import State
from chalicelib.domain.judgement import Priority
from chalicelib.domain.pager_rows import SelfTestMark
from chalicelib.domain.posts import Direction
from chalicelib.domain.team import Account, Offset, Step
from chalicelib.platforms.facebook.selftest import selftest_body
from chalicelib.platforms.registry import platform
from chalicelib.services.platform_port import Own
from chalicelib.services.ports import Inbound, Put
from chalicelib.services.selftest import SelfTest
from tests.builders import NIGHT, a_stored_post, a_team
from tests.unit.pager.town import Town, a_town

OURS = Account("selftest", "facebook", "selftest", "acme-meta", "care")
TUESDAY = NIGHT + timedelta(days=2, hours=8)


class Week:
    """A town with a self-test, on a Tuesday at ten."""

    def __init__(self) -> None:
        accounts = {**a_team().accounts, "selftest": OURS}
        self.town: Town = a_town(Step(Offset(remaining=1.0), page=("lead",)), accounts=accounts)
        self.town.clock.set(TUESDAY)
        self.closed: list[tuple[str, str]] = []
        self.test = SelfTest(
            store=self.town.store,
            saving=self.town.saving,
            inbound=self.town.world.inbound,
            teams=self.town.world.team,
            clock=self.town.clock,
            meter=self.town.world.meter,
            body=selftest_body,
            close=self.close,
        )

    def close(self, conversation_id: str, by: str, _reason: str, _at: object) -> None:
        self.closed.append((conversation_id, by))
        self.town.answer(conversation_id)

    def sent(self) -> list[Inbound]:
        return [m for m in self.town.world.inbound.receive() if isinstance(m, Inbound)]

    def taken_in(self, inbound: Inbound) -> str:
        """Stand in for intake: its post becomes a row and a conversation."""
        reader = platform(inbound.platform)
        (update,) = reader.updates(inbound.body)
        own = Own(inbound.platform, inbound.app, ids=frozenset({"selftest"}))
        (post,) = reader.read(update, own, inbound.received_at).posts
        assert post.direction is Direction.INBOUND
        case = self.town.post(post.text or "")
        row = a_stored_post(account="selftest", external_id=post.external_id, conversation_id=case)
        self.town.store.commit(Put(row))
        return case


def test_a_test_passes_when_its_text_has_left_and_is_tidied_away() -> None:
    week = Week()
    week.test.run()
    (inbound,) = week.sent()
    case = week.taken_in(inbound)
    week.town.advance_to(_minutes(week) + 5).expect("sms:lead")
    week.test.run()
    assert week.closed == [(case, "nightdesk")]
    assert week.town.world.meter.total("SelfTestPassed") == 1
    assert week.town.conversation(case).state is State.ANSWERED
    week.test.run()
    assert week.sent() == []


def test_a_post_that_was_never_taken_in_pages_the_lead_once() -> None:
    week = Week()
    week.test.run()
    week.town.clock.advance(timedelta(minutes=31))
    for _ in range(3):
        week.test.run()
        week.town.work()
    week.town.expect("sms:lead")
    assert "self-test failed: its post was never taken in" in week.town.texts_to("lead")[0]
    assert week.town.world.meter.total("SelfTestFailed") == 1


def test_a_post_that_never_became_a_text_pages_the_lead() -> None:
    week = Week()
    week.test.run()
    case = week.taken_in(week.sent()[0])
    row = week.town.conversation(case)
    week.town.store.commit(Put(replace(row, next_due_at=None, priority=Priority.LOW, rev=row.rev + 1)))
    week.town.wake.receive()
    week.town.clock.advance(timedelta(minutes=31))
    week.test.run()
    week.town.work()
    assert "never became a text" in week.town.texts_to("lead")[0]


@pytest.mark.parametrize("days", [1, 3, 5])
def test_it_is_made_once_a_week_at_its_hour(days: int) -> None:
    week = Week()
    week.test.run()
    mark = week.town.store.get(SelfTestMark)
    assert mark is not None
    week.town.store.commit(Put(replace(mark, ended_at=TUESDAY, passed=True, rev=2)))
    week.sent()
    week.town.clock.set(TUESDAY + timedelta(days=days))
    week.test.run()
    assert week.sent() == []
    week.town.clock.set(TUESDAY + timedelta(days=7))
    week.test.run()
    assert len(week.sent()) == 1


def test_without_an_account_for_it_there_is_none() -> None:
    week = Week()
    week.town.world.team.activate(a_team(version="v2"))
    week.test.run()
    assert week.sent() == []


def _minutes(week: Week) -> float:
    return (week.town.clock.now() - week.town.start) / timedelta(minutes=1)
