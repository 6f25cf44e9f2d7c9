"""The front door: prove, queue, answer; nothing else."""

from __future__ import annotations

import json

import pytest

from chalicelib.errors import NotFound, Rejected, Transient
from chalicelib.services.platform_port import Delivery, Platform
from chalicelib.services.ports import Inbound
from chalicelib.services.reception import Reception
from tests.builders import NIGHT
from tests.fakes import World
from tests.unit.intake.town import ScriptedPlatform

BODY = json.dumps([{"account": "1", "name": str(n)} for n in range(5)]).encode()


class Door:
    """A reception for one app, whose platform cuts deliveries into two updates each."""

    def __init__(self) -> None:
        self.world = World()
        self.world.secrets.values = {
            "apps/facebook/acme-meta/secret": "new\n old \n\n",
            "apps/facebook/acme-meta/verify_token": "tok\n",
        }
        world = self.world
        self.reception = Reception(self.platform, world.secrets, world.inbound, world.clock, world.meter)

    def platform(self, name: str) -> Platform:
        if name != "facebook":
            raise NotFound(f"no platform is called {name}")
        return ScriptedPlatform()

    def receive(self, signature: str = "new", *, app: str = "acme-meta", platform: str = "facebook") -> None:
        self.reception.receive(platform, app, Delivery("POST", {"signature": signature}, body=BODY))


def test_a_genuine_delivery_is_queued_in_parts_and_nothing_else_happens() -> None:
    """No table access: the fake store would show it."""
    door = Door()
    door.receive()
    bodies = [json.loads(m.body) for m in door.world.inbound.messages if isinstance(m, Inbound)]
    assert [len(body) for body in bodies] == [2, 2, 1]
    assert door.world.inbound.messages[0] == Inbound(
        "facebook", "acme-meta", NIGHT, json.dumps(bodies[0]).encode()
    )
    assert door.world.store.commits == []


def test_two_secrets_are_good_while_one_is_rotated() -> None:
    """One line each; blanks and spaces are nothing."""
    door = Door()
    door.receive("old")
    assert door.world.inbound.messages


@pytest.mark.parametrize("signature", ["wrong", "", " old "])
def test_a_forged_delivery_is_refused_counted_and_forgotten(signature: str) -> None:
    """Nothing is stored; the count tells a rotated secret from an attack."""
    door = Door()
    with pytest.raises(Rejected):
        door.receive(signature)
    assert door.world.inbound.messages == []
    assert door.world.meter.counts == {("Rejected", (("platform", "facebook"),)): 1}


@pytest.mark.parametrize(
    ("platform", "app"),
    [("facebook", "other"), ("facebook", "../acme-meta"), ("facebook", ""), ("myspace", "acme-meta")],
)
def test_an_address_nobody_has_set_up_is_not_found(platform: str, app: str) -> None:
    """A name that could be no app's never reaches the secrets."""
    door = Door()
    door.world.secrets.values["apps/facebook/../acme-meta/secret"] = "new"
    with pytest.raises(NotFound):
        door.receive(platform=platform, app=app)
    assert door.world.inbound.messages == []


def test_a_delivery_that_cannot_be_queued_is_not_acknowledged() -> None:
    """The platform will deliver it again."""
    door = Door()
    door.world.inbound.fails(Transient("queue down"))
    with pytest.raises(Transient):
        door.receive()


def test_the_handshake_is_answered_with_the_apps_verify_token() -> None:
    """The platform's own adapter makes the words."""
    door = Door()
    answer = door.reception.challenge("facebook", "acme-meta", Delivery("GET", query={"challenge": "42"}))
    assert (answer.status, answer.body) == (200, "tok:42")


def test_an_app_without_a_verify_token_can_still_be_challenged() -> None:
    """Some platforms sign their challenge with the secret."""
    door = Door()
    del door.world.secrets.values["apps/facebook/acme-meta/verify_token"]
    answer = door.reception.challenge("facebook", "acme-meta", Delivery("GET", query={"challenge": "42"}))
    assert answer.body == "None:42"
