"""The rehearsal says what the ladder would do, by doing it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from chalicelib.domain.oncall_rehearsal import Claiming, Promise, rehearse
from chalicelib.domain.team import Team
from tests.team_builders import a_team

DEADLINE = datetime(2027, 1, 6, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def heard(
    *claims: Claiming, minutes: int = 20, night: bool = False
) -> list[tuple[float, str, int, str, str]]:
    """Return what is heard about a promise of an hour: minutes from the deadline, step, n, whom, on what."""
    shift = timedelta(hours=13 if night else 0)
    team = a_team(teams={"care": Team("care", "#social", "Europe/London", quiet="22:00-07:00")})
    promise = Promise(DEADLINE + shift - 60 * MINUTE, DEADLINE + shift, "default", team="care")
    moved = [Claiming(claim.at + shift, claim.by) for claim in claims]
    found = rehearse(team, promise, moved, DEADLINE + shift + minutes * MINUTE, lambda _: ())
    return [
        (round((h.at - DEADLINE - shift) / MINUTE, 1), h.step, h.n, h.person or "-", h.channel) for h in found
    ]


def claim(minute: int, by: str) -> Claiming:
    """Return a claim at a minute from the deadline."""
    return Claiming(DEADLINE + minute * MINUTE, by)


def test_nobody_acts_so_everybody_hears_in_turn_and_the_last_step_repeats() -> None:
    assert heard() == [
        (-36, "0", 0, "-", "#social"),
        (-19.8, "1", 0, "ana", "sms"),
        (0, "2", 0, "ana", "sms"),
        (0, "2", 0, "ben", "slack"),
        (3, "2", 0, "ben", "sms"),
        (5, "3", 0, "lead", "sms"),
        (5, "3", 0, "ana", "sms"),
        (15, "3", 1, "lead", "sms"),
        (15, "3", 1, "ana", "sms"),
    ]


def test_a_claim_stops_the_ladder_nudges_its_owner_at_the_deadline_and_expires() -> None:
    assert heard(claim(-10, "ana"), claim(-9, "ben"))[2:] == [
        (0, "nudge", 0, "ana", "sms"),
        (20, "3", 1, "lead", "sms"),
        (20, "3", 1, "ana", "sms"),
    ]


def test_a_delayed_contact_is_spared_by_a_claim() -> None:
    assert (3, "2", 0, "ben", "sms") not in heard(claim(2, "ben"))


def test_quiet_hours_hold_back_what_channels_hear_and_nothing_else() -> None:
    assert heard(night=True, minutes=0)[:2] == [(-19.8, "1", 0, "ana", "sms"), (0, "2", 0, "ana", "sms")]
    assert heard(night=True, minutes=0)[-1] == (360, "0", 0, "-", "#social")
