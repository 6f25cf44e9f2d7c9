"""A carrier that refuses the whole account is an incident of ours, told on what still works, until it carries again."""

from __future__ import annotations

import pytest

from chalicelib.domain.polling_rows import Incident
from chalicelib.errors import OutcomeUnknown, Permanent, Transient
from chalicelib.services.carrier_watch import KEY, WatchedSms
from chalicelib.services.incidents import Incidents
from chalicelib.services.notices import Notices
from tests.fakes import FakeSms
from tests.unit.pager.town import Town, a_town

PHONE = "+447700900001"


def watched(town: Town, sms: FakeSms) -> WatchedSms:
    incidents = Incidents(town.store, Notices(town.saving), town.world.team, town.clock)
    return WatchedSms(sms, incidents, town.world.team)


def send(by: WatchedSms) -> str:
    return by.send(phone=PHONE, text="answer by 03:00", key="c|1|0|0|ana|0")


def incident(town: Town) -> Incident | None:
    return town.store.get(Incident, KEY)


@pytest.mark.parametrize("runbook", ["sms-account", "sms-spend"])
def test_a_refused_account_pages_once_a_rung_until_a_text_is_taken_again(runbook: str) -> None:
    """However many pages fail by it; the sender of each hears of its own failure all the same."""
    town, sms = a_town(), FakeSms()
    by = watched(town, sms)
    for _ in range(3):
        sms.fails(PHONE, Permanent("Twilio refuses (401, error 20003)", runbook=runbook))
        with pytest.raises(Permanent, match="20003"):
            send(by)
    town.work()
    first = town.heard()
    assert len(first) == len(set(first)) > 0
    found = incident(town)
    assert found is not None
    assert "Twilio refuses (401, error 20003)" in found.words
    assert send(by) == "sms-1"
    closed = incident(town)
    assert closed is not None
    assert closed.closed_at == town.clock.now()


@pytest.mark.parametrize(
    "fault",
    [
        Permanent("opted out", runbook="sms-opted-out"),
        Permanent("no mobile", runbook="sms-number"),
        Permanent("country switched off", runbook="sms-destination"),
        Transient("busy"),
        OutcomeUnknown("silence"),
    ],
)
def test_one_phones_trouble_is_no_incident(fault: Exception) -> None:
    town, sms = a_town(), FakeSms()
    sms.fails(PHONE, fault)
    with pytest.raises(type(fault)):
        send(watched(town, sms))
    town.work()
    town.expect()
    assert incident(town) is None


def test_texts_ask_for_replies_exactly_where_the_carrier_hears() -> None:
    for hears in (True, False):
        assert watched(a_town(), FakeSms(hears=hears)).hears is hears
