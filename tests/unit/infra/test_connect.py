"""Connecting: each platform has its steps and a test delivery that its own code proves genuine."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chalicelib.errors import Rejected
from chalicelib.platforms.registry import PLATFORMS, platform
from chalicelib.services.platform_port import AppSecrets, Delivery, Own
from infra.connect import asked, told, wanted
from infra.connect_probes import HANDSHAKES, STEPS, challenge, probe

NOW = datetime(2027, 1, 10, 2, 0, tzinfo=UTC)
SECRETS = AppSecrets(("the-secret",), "the-token")


def test_every_platform_can_be_connected() -> None:
    """A new platform without its steps fails here."""
    assert set(STEPS) == set(PLATFORMS)


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_a_test_delivery_is_genuine_and_its_forgery_is_not(name: str) -> None:
    """By the very code that the hook runs."""
    body, headers = probe(name, account="700", secret="the-secret", now=NOW)
    platform(name).verify(Delivery("POST", headers, body=body), SECRETS, NOW)
    body, headers = probe(name, account="700", secret="another", now=NOW)
    with pytest.raises(Rejected):
        platform(name).verify(Delivery("POST", headers, body=body), SECRETS, NOW)


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_a_test_delivery_is_nobodys_question(name: str) -> None:
    """Taken, understood, and left alone: nothing in the queue, nothing in quarantine."""
    body, _ = probe(name, account="700", secret="the-secret", now=NOW)
    own = Own(name, "acme", ids=frozenset({"700"}))
    for update in platform(name).updates(body):
        assert not update.is_foreign(own)
        reading = platform(name).read(update, own, NOW)
        assert (reading.posts, reading.unreadable) == ((), ())


@pytest.mark.parametrize("name", sorted(HANDSHAKES))
def test_the_handshake_is_the_consoles(name: str) -> None:
    """Answered with the challenge."""
    delivery = Delivery("GET", query=challenge("the-token"))
    assert platform(name).handshake(delivery, SECRETS).body == "1"


def test_what_is_asked_for_is_named_as_it_is_stored() -> None:
    """The app's secret, its verify token where there is one, the account's token where there is an account."""
    assert wanted("facebook", "acme", "700") == [
        "apps/facebook/acme/secret",
        "apps/facebook/acme/verify_token",
        "accounts/facebook/700/token",
    ]
    assert wanted("generic", "forum", "700") == ["apps/generic/forum/secret"]
    assert "https://x/hooks/x/acme" in "\n".join(told("x", "https://x/hooks/x/acme"))


def test_what_looking_after_x_takes_is_asked_for_too() -> None:
    """The webhook is the app's; the tokens are renewed in the client's name."""
    names = [f"apps/x/acme/{name}" for name in ("secret", "bearer_token", "client_id", "client_secret")]
    assert wanted("x", "acme", "1500") == [*names, "accounts/x/1500/token"]


@pytest.mark.parametrize(
    ("typed", "kept"), [(["tok", "ref"], "tok\nrefresh=ref"), (["tok", ""], "tok"), ([""], "")]
)
def test_an_x_accounts_two_tokens_are_kept_as_one_secret(
    typed: list[str], kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing typed keeps what is stored, and asks no further."""
    answers = iter(typed)
    monkeypatch.setattr("getpass.getpass", lambda _: next(answers))
    assert asked("x", "accounts/x/1500/token") == kept
    assert list(answers) == []
