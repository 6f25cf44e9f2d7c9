"""A webhook that dies says nothing: silence against the usual rate of that hour, or against what was found, pages."""

from __future__ import annotations

from datetime import timedelta

from tests.builders import NIGHT, a_team, minutes
from tests.unit.polling.town import PollTown


def test_an_hour_that_usually_speaks_and_does_not_is_an_incident() -> None:
    """Six posts in this hour of each of the last four weeks, and not one now."""
    town = PollTown()
    town.heard_in_weeks_past(6, weeks=(1, 2, 3, 4), at=NIGHT - minutes(60))
    town.silence.run()
    assert town.paged == ["ana"]
    assert "webhook is silent, which usually tells of 6 posts or more in this hour" in town.notices[0]


def test_a_flood_is_one_mark_a_minute_and_what_only_looking_found_is_counted_each() -> None:
    """Marks are for telling silence from quiet: a hundred posts of one minute need not cost a hundred writes."""
    town, account = PollTown(), a_team().accounts["acme-fb"]
    for second in (0, 1, 59, 60, 61):
        town.heard(f"told_{second}", NIGHT + timedelta(seconds=second))
        town.heard(f"swept_{second}", NIGHT + timedelta(seconds=second), swept=True)
    assert (town.hearing.told(account, NIGHT), town.hearing.missed(account, NIGHT)) == (2, 5)


def test_a_quiet_hour_is_no_incident() -> None:
    """Four posts are no usual rate: none at all may well be chance."""
    town = PollTown()
    town.heard_in_weeks_past(4, weeks=(1, 2, 3, 4), at=NIGHT - minutes(60))
    town.silence.run()
    assert town.paged == []


def test_one_busy_week_is_no_usual_rate() -> None:
    """A campaign three weeks ago does not make every Sunday night suspicious."""
    town = PollTown()
    town.heard_in_weeks_past(90, weeks=(3,), at=NIGHT - minutes(60))
    town.silence.run()
    assert town.paged == []


def test_what_only_looking_found_proves_the_silence_without_any_history() -> None:
    """Three posts stood there, and no webhook told of one."""
    town = PollTown()
    town.sweeps()
    for number in range(3):
        town.says(number, at=1)
    town.sweeps(at=10)
    town.silence.run()
    assert town.paged == ["ana"]
    assert "3 posts were found by looking" in town.notices[0]


def test_a_webhook_that_speaks_ends_the_incident() -> None:
    """Whoever is on call is not paged again."""
    town = PollTown()
    town.heard_in_weeks_past(6, weeks=(1, 2, 3, 4), at=NIGHT - minutes(60))
    town.silence.run()
    town.told(1, at=5)
    town.clock.set(NIGHT + minutes(25))
    town.silence.run()
    assert town.paged == ["ana"]


def test_an_incident_nobody_mends_climbs_and_then_repeats_ever_slower() -> None:
    """Ana, then Ana and Ben, then Ana and the lead; then they again after an hour, and after two more."""
    town = PollTown()
    account = town.team.current().accounts["acme-fb"]
    for at in range(0, 205, 5):
        town.clock.set(NIGHT + minutes(at))
        town.incidents.raised("token:x", "broken", account, town.team.current())
    lead = town.paged.count("lead")
    assert lead == 3
