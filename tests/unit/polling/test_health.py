"""Every night: dying tokens are announced, dead ones page, subscriptions are renewed, and the rest is told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from chalicelib.domain.items import Page
from chalicelib.errors import Permanent, Transient
from chalicelib.services.health import Health
from chalicelib.services.notices import Notices
from chalicelib.services.ports import Sweep
from chalicelib.services.reply_faults import TokenDead, TokenMissing
from chalicelib.services.sweep_port import Checkup
from tests.builders import NIGHT, PAGE_ID, minutes
from tests.unit.polling.town import PollTown

CHECK = Sweep("facebook", PAGE_ID, "health")


class FakeExaminer:
    """Finds what it was told to find."""

    def __init__(self) -> None:
        self.finds: Checkup | Exception = Checkup()
        self.checks = 0

    def check(self, app: str, account: str) -> Checkup:
        assert (app, account) == ("acme-meta", PAGE_ID)
        self.checks += 1
        if isinstance(self.finds, Exception):
            raise self.finds
        return self.finds


class HealthTown(PollTown):
    """A town whose access is checked."""

    def __init__(self) -> None:
        super().__init__()
        self.examiner = FakeExaminer()
        self.health = Health(
            store=self.store,
            teams=self.team,
            clock=self.clock,
            meter=self.meter,
            examiner=lambda _: self.examiner,
            examined=("facebook",),
            incidents=self.incidents,
            notices=Notices(self.saving),
        )

    def checks(self, finds: Checkup | Exception, *, at: datetime = NIGHT) -> None:
        """Check the page at an instant, and find this."""
        self.clock.set(at)
        self.examiner.finds = finds
        self.health.check(CHECK)


def test_an_account_is_checked_once_a_night() -> None:
    """At three; a message in between is nothing."""
    town = HealthTown()
    assert town.health.checks() == [CHECK]
    for at in (0, 30, 59, 61, 70):
        town.checks(Checkup(), at=NIGHT + minutes(at))
    assert town.examiner.checks == 2


@pytest.mark.parametrize(("days", "told"), [(15, 0), (13.9, 1), (6.9, 1), (2.9, 1), (0.9, 1)])
def test_a_tokens_end_is_announced_days_ahead(days: float, told: int) -> None:
    """Fourteen, seven, three and one."""
    town = HealthTown()
    town.checks(Checkup(expires_at=NIGHT + timedelta(days=days)))
    assert len(town.notices) == told
    assert town.cursor.expires_token_at == NIGHT + timedelta(days=days)


def test_each_announcement_is_made_once() -> None:
    """Not every night between."""
    town = HealthTown()
    for night in range(14):
        town.checks(
            Checkup(expires_at=NIGHT + timedelta(days=13.5)), at=NIGHT + timedelta(days=night, hours=2)
        )
    assert len(town.notices) == 4
    assert {page.person for page in town.store.everything(Page)} == {"lead"}


@pytest.mark.parametrize("fault", [TokenDead("dead"), Permanent("no permission")])
def test_what_only_a_person_can_mend_pages_until_it_is_mended(fault: Exception) -> None:
    """And is looked at again every ten minutes."""
    town = HealthTown()
    town.checks(fault)
    assert town.paged == ["ana"]
    town.checks(fault, at=NIGHT + minutes(10))
    assert town.paged == ["ana", "ana", "ben", "ben"]
    town.checks(Checkup(), at=NIGHT + minutes(20))
    town.checks(fault, at=NIGHT + timedelta(days=1, hours=2))
    assert len(town.paged) == 5


@pytest.mark.parametrize("fault", [Transient("busy"), TokenMissing("store one")])
def test_what_passes_or_was_never_set_up_pages_nobody(fault: Exception) -> None:
    """The doctor shows it."""
    town = HealthTown()
    town.checks(fault)
    assert (town.paged, town.cursor.fault) == ([], str(fault))


def test_who_must_look_again_sooner_is_looked_at_sooner() -> None:
    """X's tokens live two hours; what is worth knowing is kept for the doctor."""
    town = HealthTown()
    soon = Checkup(again_at=NIGHT + minutes(20), notes=("quality GREEN",))
    for at in (0, 19, 20):
        town.checks(soon, at=NIGHT + minutes(at))
    assert (town.examiner.checks, town.cursor.notes) == (2, ("quality GREEN",))
