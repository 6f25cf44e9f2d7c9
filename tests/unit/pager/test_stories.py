"""The ladder told as stories; any message that a story does not expect fails it."""

from __future__ import annotations

from tests.unit.pager.town import a_town


def test_nobody_acts_so_the_ladder_climbs_and_never_stops() -> None:
    """Told at 60 % to go, paged at 33 %, both at the deadline, the lead five minutes later, then every ten."""
    town = a_town()
    town.post()
    town.advance_to(23.9).expect()
    town.advance_to(24).expect("card:#social")
    town.advance_to(40.1).expect()
    town.advance_to(40.2).expect("sms:ana")
    town.advance_to(60).expect("sms:ana", "slack:ben")
    town.advance_to(62.9).expect()
    town.advance_to(63).expect("sms:ben")
    town.advance_to(65).expect("sms:lead", "sms:ana")
    town.advance_to(74.9).expect()
    town.advance_to(75).expect("sms:lead", "sms:ana")
    town.advance_to(85).expect("sms:lead", "sms:ana")
