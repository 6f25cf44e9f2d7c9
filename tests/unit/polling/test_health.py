"""Every night: dying tokens are announced, dead ones page, subscriptions are renewed, and the rest is told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from chalicelib.domain.items import Page
from chalicelib.errors import Permanent, Transient
from chalicelib.platforms.examining import PlatformExaminer
from chalicelib.platforms.http import Answered
from chalicelib.services.health import Health
from chalicelib.services.notices import Notices
from chalicelib.services.ports import Sweep
from chalicelib.services.reply_faults import TokenDead, TokenMissing
from chalicelib.services.sweep_port import Checkup
from tests.builders import NIGHT, PAGE_ID, minutes
from tests.fakes import FakeSecrets
from tests.unit.polling.test_sweeps import Api
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


def examined(*bodies: object) -> tuple[Checkup, Api]:
    api = Api([Answered(200, body) for body in bodies])
    keys = FakeSecrets({"accounts/facebook/700/token": "EAA", "apps/facebook/acme/secret": "s"})
    return PlatformExaminer("facebook", secrets=keys, transport=api).check("acme", "700"), api


ALL = ["pages_manage_engagement", "pages_messaging", "pages_read_engagement", "pages_read_user_content"]
FIELDS = ["feed", "mention", "messages", "message_echoes", "message_edits", "messaging_postbacks"]


def token(**more: object) -> dict[str, object]:
    return {"data": {"is_valid": True, "expires_at": 0, "scopes": ALL, **more}}


def test_a_sound_page_costs_two_questions() -> None:
    """A token that never ends says 0."""
    found, api = examined(token(), {"data": [{"subscribed_fields": FIELDS}]})
    assert (found, [call.path for call in api.calls]) == (Checkup(), ["debug_token", "700/subscribed_apps"])


def test_a_dropped_subscription_is_renewed() -> None:
    """Meta drops an app that failed for an hour, without a word."""
    found, api = examined(token(), {"data": [{"subscribed_fields": FIELDS[1:]}]}, {"success": True})
    assert found.mended == ("subscribed the webhook anew to feed",)
    assert (api.calls[-1].method, api.calls[-1].params["subscribed_fields"]) == ("POST", ",".join(FIELDS))


def test_a_token_tells_its_end_and_what_it_lacks() -> None:
    """The earlier of its own end and that of its access to data."""
    found, _ = examined(
        token(expires_at=1_900_000_000, data_access_expires_at=1_800_000_000, scopes=ALL[1:]),
        {"data": [{"subscribed_fields": FIELDS}]},
    )
    assert found.expires_at is not None
    assert found.expires_at.timestamp() == 1_800_000_000
    assert found.troubles == ("the token lacks the permissions pages_manage_engagement",)


def test_an_invalid_token_is_a_dead_one() -> None:
    """Said with a 200."""
    with pytest.raises(TokenDead, match="password"):
        examined({"data": {"is_valid": False, "error": {"message": "the password was changed"}}})
