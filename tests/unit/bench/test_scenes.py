"""What the bench puts on stage is what it says: ten layers, genuine deliveries, conversations as the ladder leaves them."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.schedule import who
from chalicelib.domain.teamfile import examine
from chalicelib.domain.teamfile.read import read_with_faults
from chalicelib.platforms.registry import platform
from chalicelib.services.platform_port import AppSecrets, Delivery, Own
from infra.bench import PARTS, lateness, oncall
from infra.bench.answer import bare_event_of, event_of
from infra.bench.deliveries import ANSWER, QUESTION, Signed, Writer
from infra.bench.run import bench
from infra.bench.scene import BRAND, TEAM
from infra.bench.seeds import Hands, at_rest, card_of, moved, told
from infra.failures import CommandError
from tests.builders import NIGHT, a_conversation, a_team

NOW = datetime(2027, 1, 10, 2, tzinfo=UTC)
OWN = Own(BRAND.platform, BRAND.app, frozenset({BRAND.id}), frozenset())


def writer() -> Writer:
    return Writer(now=NOW.timestamp)


def test_the_schedule_has_ten_layers_and_somebody_at_every_hour_of_five_years() -> None:
    team = oncall.ten_layers()
    assert len(team.schedules["primary"].layers) == oncall.LAYERS
    hours = range(0, int(oncall.HORIZON / timedelta(hours=1)), 501)
    people = {who(team, "primary", oncall.START + timedelta(hours=hour)).person for hour in hours}
    assert len(people) > oncall.PEOPLE / 2


@pytest.mark.parametrize("text", [TEAM, lateness.team_of(3), lateness.team_of(100)], ids=["one", "3", "100"])
def test_the_team_files_are_without_fault(text: str) -> None:
    assert examine(tomllib.loads(text), version="v", now=NOW, holidays={}, to_deploy=True).faults == ()


@pytest.mark.parametrize(
    ("signed", "said"),
    [
        (writer().comment("100_1", "4711", QUESTION), QUESTION),
        (writer().native_reply("100_1", ANSWER), ANSWER),
        (writer().message("4711", QUESTION), QUESTION),
        (writer().echo("4711", ANSWER), ANSWER),
    ],
    ids=["comment", "native", "message", "echo"],
)
def test_a_delivery_is_genuine_and_says_one_thing(signed: Signed, said: str) -> None:
    spoken = platform(BRAND.platform)
    spoken.verify(Delivery("POST", signed.headers, {}, signed.body), AppSecrets((BRAND.secret,)), NOW)
    (update,) = spoken.updates(signed.body)
    (post,) = spoken.read(update, OWN, NOW).posts
    assert (post.text, post.created_at) == (said, NOW)


def test_both_applications_are_handed_the_same_body() -> None:
    signed = writer().comment("100_1", "4711", QUESTION)
    ours, bare = event_of(signed), bare_event_of(signed)
    assert ours["body"] == bare["body"]
    assert Delivery.from_event(ours).body == signed.body


def test_no_two_deliveries_bear_one_name() -> None:
    first, second = writer(), writer()
    assert len({first.name(), first.name(), second.name()}) == 3


def test_a_copy_is_somebody_elses_case_as_much_later() -> None:
    team = a_team()
    original = a_conversation(version=team.version)
    copy = moved(original, "other", timedelta(hours=3), team)
    assert (copy.id, copy.contact_id) == ("other", "other")
    assert original.next_due_at is not None
    assert copy.next_due_at == original.next_due_at + timedelta(hours=3)
    assert at_rest(copy).next_due_at is None


def test_what_has_been_told_has_a_card_and_pages_next() -> None:
    team = read_with_faults(tomllib.loads(TEAM), version="v1", holidays={})[0]
    shown = told(a_conversation(), team)
    assert shown.next_due_at is not None
    assert shown.next_due_at > NIGHT + timedelta(minutes=24)
    card = card_of(shown)
    assert (card.channel, card.next_due_at) == ("#social", None)
    assert card.wanted_rev == card.rendered_rev


def test_the_benchs_clock_moves_only_when_moved() -> None:
    clock = Hands(NOW)
    assert clock.now() == NOW
    assert clock.delay_until(NOW + timedelta(seconds=5)) == timedelta(seconds=5)
    assert clock.delay_until(NOW - timedelta(seconds=5)) == timedelta(0)


def test_a_part_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(CommandError, match=f"no part speed: choose from {PARTS[0]}"):
        bench(["speed"], quick=True, json_to=None)
