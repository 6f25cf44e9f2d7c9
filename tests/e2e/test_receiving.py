"""The webhook's edge on the deployed API: what is proven is queued, what is not leaves no trace."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
import requests

from chalicelib.domain.conversation import State
from infra.__main__ import main
from infra.standin.meta import signature
from tests.e2e.harness.town import APP, APP_SECRET, PAGE, TEAM, Town

HOOK = f"/hooks/facebook/{APP}"


def sent(town: Town, body: bytes, headers: dict[str, str], path: str = HOOK) -> requests.Response:
    """Post raw bytes to the deployed API."""
    given = {"Content-Type": "application/json"} | headers
    answer = requests.post(town.driver.stack.api_url + path, data=body, headers=given, timeout=30)
    town.driver.settle()
    return answer


def signed(body: bytes, secret: str = APP_SECRET) -> dict[str, str]:
    return {"X-Hub-Signature-256": signature(body, secret)}


def rows_of(town: Town) -> int:
    """Count the table's rows, the clock's and the team file's included."""
    return int(town.driver.stack.client("dynamodb").scan(TableName=town.driver.stack.table)["Count"])


def test_the_handshake_repeats_the_challenge_to_whoever_knows_the_token(town: Town) -> None:
    """As plain text: it is reflected input."""
    town.begin()
    asked = {
        "hub.mode": "subscribe",
        "hub.verify_token": "the-verify-token",
        "hub.challenge": "<b>1158201444</b>",
    }
    answer = requests.get(town.driver.stack.api_url + HOOK, params=asked, timeout=30)
    assert (answer.status_code, answer.text) == (200, "<b>1158201444</b>")
    assert answer.headers["Content-Type"].startswith("text/plain")
    wrong = requests.get(
        town.driver.stack.api_url + HOOK, params=asked | {"hub.verify_token": "guess"}, timeout=30
    )
    assert wrong.status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"X-Hub-Signature-256": "sha256=" + "0" * 64}, 403),
        ({"X-Hub-Signature-256": "sha256=\u00e4\u00f6".encode().decode("latin-1")}, 403),
        ({"X-Hub-Signature": "sha1=" + hmac.new(APP_SECRET.encode(), b"{}", hashlib.sha1).hexdigest()}, 401),
    ],
)
def test_what_is_not_proven_genuine_leaves_no_trace(town: Town, headers: dict[str, str], status: int) -> None:
    """Missing, wrong, not even ASCII, or the legacy hash alone: refused, and nothing is stored or queued."""
    town.begin()
    before = rows_of(town)
    assert sent(town, b"{}", headers).status_code == status
    assert rows_of(town) == before


def test_an_unknown_platform_or_app_is_not_found(town: Town) -> None:
    """There is no secret to prove anything with."""
    town.begin()
    assert sent(town, b"{}", signed(b"{}"), "/hooks/myspace/acme").status_code == 404
    assert sent(town, b"{}", signed(b"{}"), "/hooks/facebook/another-app").status_code == 404


def test_both_secrets_are_accepted_while_one_is_rotated(town: Town) -> None:
    """The older one still proves deliveries until its line is dropped."""
    town.begin()
    for secret in (APP_SECRET, "an-older-secret"):
        body = json.dumps({"object": "instagram", "entry": []}).encode()
        assert sent(town, body, signed(body, secret), f"/hooks/instagram/{APP}").status_code == 200
    assert sent(town, b"{}", signed(b"{}", "never-used"), f"/hooks/instagram/{APP}").status_code == 403


def test_escaped_unicode_is_proven_as_it_was_sent(town: Town) -> None:
    """The signature covers Meta's escapes; an emoji survives to the table."""
    town.begin("Sun 02:00")
    payload = town.comment("p_e", "Où est ma commande? 😡", by="Zoë", at="Sun 02:00")
    body = json.dumps(payload).replace("/", "\\/").encode()
    assert b"\\ud83d" in body
    assert sent(town, body, signed(body)).status_code == 200
    assert (stored := town.stored("p_e")) is not None
    assert stored.text == "Où est ma commande? 😡"


def test_a_delivery_of_many_updates_is_split_and_all_are_taken_in(town: Town) -> None:
    """Split into parts of at most fifty; one that cannot be read costs none of its neighbours."""
    town.begin("Sun 02:00")
    changes = [
        town.comment(f"p_{n}", "Thank you!", by=f"Kim{n}", at="Sun 02:00")["entry"][0]["changes"][0]
        for n in range(60)
    ]
    changes[30] = {"field": "feed", "value": {"item": "comment", "verb": "teleport", "comment_id": 7}}
    payload = {"object": "page", "entry": [{"id": PAGE.id, "time": 1, "changes": changes}]}
    body = json.dumps(payload).encode()
    assert sent(town, body, signed(body)).status_code == 200
    assert sum(town.stored(f"p_{n}") is not None for n in range(60)) == 59


def in_base64(town: Town, body: bytes) -> int:
    """Hand the deployed function a delivery as API Gateway does with what it takes for binary."""
    event = {
        "resource": "/hooks/{platform}/{app}",
        "path": HOOK,
        "httpMethod": "POST",
        "headers": signed(body) | {"Content-Type": "application/octet-stream"},
        "multiValueHeaders": None,
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": {"platform": "facebook", "app": APP},
        "stageVariables": None,
        "requestContext": {"httpMethod": "POST", "resourcePath": "/hooks/{platform}/{app}", "path": HOOK},
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }
    status = int(town.driver.stack.invoke("api", event)["statusCode"])
    town.driver.settle()
    return status


def test_a_body_that_arrives_in_base64_is_proven_by_its_bytes(town: Town) -> None:
    """The signature covers the bytes that were sent, not the text they travel in."""
    town.begin("Sun 02:00")
    body = json.dumps(town.comment("p_b", "Où est ma commande?", by="Zoë", at="Sun 02:00")).encode()
    assert in_base64(town, body) == 200
    assert town.stored("p_b") is not None


def test_what_cannot_be_read_is_kept_listed_and_replayed(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """An operator sees an account that nobody bound, binds it, replays: the post is there, once."""
    town.begin("Sun 02:00", team=unbound())
    body = json.dumps(town.comment("p_q", "Where is my order?", by="Jo", at="Sun 02:00")).encode()
    assert sent(town, body, signed(body)).status_code == 200
    assert town.stored("p_q") is None
    (kept,) = asked(town, capsys, "quarantine", "list")
    assert "not bound" in kept["why"]
    town.configure().advance_to("Sun 02:01")  # functions remember which version is in force for half a minute
    for _ in range(2):
        asked(town, capsys, "quarantine", "replay", kept["id"])
        town.driver.settle()
    assert town.conversation("p_q").state is State.WAITING
    assert len(town.conversation("p_q").entries) == 1
    (waiting,) = asked(town, capsys, "queue")
    story = asked(town, capsys, "timeline", waiting["conversation"])
    assert [row["kind"] for row in story] == ["post"]


def asked(town: Town, capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """Run an operator's command on this stage and return its JSON."""
    capsys.readouterr()
    assert main([*words, "--stage", town.driver.stack.stage, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def unbound() -> str:
    """Return the team file with the page bound to another app."""
    return TEAM.replace(f'id = "{PAGE.id}"\napp = "acme-meta"', f'id = "{PAGE.id}"\napp = "another"')


def test_a_body_that_is_no_payload_is_answered_and_kept(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """After a good signature the answer is 200, whatever the bytes are."""
    town.begin("Sun 02:00")
    for body in (b"not json", b"[]", b'{"object": "page", "entry": "many"}'):
        assert sent(town, body, signed(body)).status_code == 200
    assert in_base64(town, b"\xff\xfe") == 200
    assert len(asked(town, capsys, "quarantine", "list")) == 4
