"""The stand-in is as strict as the real services, signs like them, and shows everything safely."""

from __future__ import annotations

import json
import threading
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from chalicelib.errors import Rejected
from chalicelib.platforms.base import AppSecrets, Delivery
from chalicelib.platforms.registry import platform
from infra.standin.blocks import faults
from infra.standin.meta import Brand
from infra.standin.server import Standin
from tests.standin.conftest import PAGE, SECRET, Deployed
from tests.unit.notifiers.views import NIGHT

BUTTON = {
    "type": "button",
    "action_id": "claim",
    "value": "c1",
    "text": {"type": "plain_text", "text": "Claim"},
}
LINE = {"text": {"type": "plain_text", "text": "Release it"}, "value": "release:c1"}
MENU = {"type": "overflow", "action_id": "more", "options": [LINE]}
GRAPH = {"access_token": "page-token"}


def slack(standin: Standin) -> WebClient:
    return WebClient("xoxb-test", base_url=standin.slack_api_url, retry_handlers=[], timeout=2)


def post_claimable(standin: Standin) -> dict[str, str]:
    said = slack(standin).chat_postMessage(
        channel="#social", text="hi", blocks=[{"type": "actions", "elements": [BUTTON]}]
    )
    return {"channel": said["channel"], "ts": said["ts"]}


def test_the_vendors_own_client_gets_along_with_it(standin: Standin) -> None:
    client = slack(standin)
    assert client.auth_test()["ok"]
    said = client.chat_postMessage(channel="#social", text="hi")
    client.chat_update(channel=said["channel"], ts=said["ts"], text="hi again")
    [found] = client.conversations_history(channel=said["channel"])["messages"]
    assert (found["ts"], found["text"]) == (said["ts"], "hi again")


@pytest.mark.parametrize(
    "message",
    [
        {"text": ""},
        {"text": "x", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]},
        {"text": "x", "blocks": [{"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * 2001}]}]},
        {"text": "x", "blocks": [{"type": "context", "elements": []}]},
        {"text": "x", "blocks": [{"type": "actions", "elements": [BUTTON, BUTTON]}]},
        {"text": "x", "blocks": [{"type": "actions", "elements": [MENU | {"options": [LINE] * 6}]}]},
        {
            "text": "x",
            "blocks": [{"type": "actions", "elements": [MENU | {"options": [LINE | {"value": "x" * 151}]}]}],
        },
        {"text": "x", "blocks": [{"type": "divider"}] * 51},
        {"text": "x", "blocks": [{"type": "nonsense"}]},
        {"text": "x", "attachments": [{"blocks": [{"type": "section"}]}]},
        {"text": "x" * 40_001},
    ],
    ids=[
        "no text",
        "section",
        "field",
        "context",
        "same id twice",
        "menu",
        "value",
        "blocks",
        "type",
        "attachment",
        "text",
    ],
)
def test_a_message_slack_would_refuse_is_refused_and_remembered(
    standin: Standin, message: dict[str, Any]
) -> None:
    assert faults(message)
    with pytest.raises(SlackApiError):
        slack(standin).api_call("chat.postMessage", json={"channel": "#social", **message})
    assert standin.world.complaints
    assert standin.world.said == []


def test_a_broadcast_is_a_complaint_although_slack_would_take_it(standin: Standin) -> None:
    slack(standin).chat_postMessage(channel="#social", text="<!channel> wake up")
    assert standin.world.complaints == ["a message would have alerted everybody: <!channel>"]


@pytest.mark.parametrize(("token", "error"), [("", "not_authed"), ("xoxp-user", "invalid_auth")])
def test_only_a_bot_token_is_let_in(standin: Standin, token: str, error: str) -> None:
    with pytest.raises(SlackApiError) as refused:
        WebClient(token, base_url=standin.slack_api_url).chat_postMessage(channel="#social", text="hi")
    assert refused.value.response["error"] == error


def test_a_press_is_signed_as_slack_signs(standin: Standin, deployed: Deployed) -> None:
    """By the vendor's own verifier."""
    where = post_claimable(standin)
    pressed = requests.post(
        f"{standin.url}/_click", data={**where, "action": "claim", "user": "U02"}, timeout=5
    )
    assert pressed.json() == {"status": 200}
    [(path, headers, body)] = deployed.got
    assert path == "/api/slack/interactions"
    assert SignatureVerifier(SECRET).is_valid_request(body, headers)
    payload = json.loads(parse_qs(body.decode())["payload"][0])
    assert payload["user"]["id"] == "U02"
    assert payload["actions"][0]["value"] == "c1"
    answer = requests.post(payload["response_url"], json={"text": "too late"}, timeout=5)
    assert (answer.status_code, standin.world.said[-1].only_for) == (200, "U02")


def test_a_response_address_can_be_used_five_times(standin: Standin) -> None:
    address = f"{standin.url}/response/{standin.slack.address('U01', 'C1')}"
    answers = [requests.post(address, json={"text": "psst"}, timeout=5).status_code for _ in range(6)]
    assert answers == [200] * 5 + [404]


@pytest.mark.parametrize("brand", [PAGE, Brand("instagram", "178414", "acmeair", "acme-meta", "meta-secret")])
def test_a_customers_post_is_delivered_as_our_own_reader_understands_it(
    standin: Standin, deployed: Deployed, brand: Brand
) -> None:
    """Escaped like Meta's bodies, signed over those bytes, and one readable event."""
    standin.meta.comment(brand, f"{brand.id}_77", "Zoë", "Où est ma commande ? 😡")
    [(path, headers, body)] = deployed.got
    assert path == f"/api/hooks/{brand.platform}/acme-meta"
    assert body.isascii()
    known = platform(brand.platform)
    known.verify(Delivery("POST", headers, {}, body), AppSecrets(("meta-secret",)), NIGHT)
    [update] = known.updates(body)
    assert update.account_id == brand.id


def test_a_forged_delivery_is_signed_by_somebody_who_does_not_know_the_secret(
    standin: Standin, deployed: Deployed
) -> None:
    standin.meta.forged(PAGE, "Free flights!")
    [(_, headers, body)] = deployed.got
    with pytest.raises(Rejected):
        platform("facebook").verify(Delivery("POST", headers, {}, body), AppSecrets(("meta-secret",)), NIGHT)


def test_a_reply_through_the_graph_api_appears_in_the_thread_and_is_echoed(
    standin: Standin, deployed: Deployed
) -> None:
    line, _ = standin.meta.comment(PAGE, "1029384756_77", "Jo", "Where is my bag?")
    answer = requests.post(
        f"{standin.graph_api_url}{line.id}/comments", {"message": "Here!", **GRAPH}, timeout=5
    )
    assert standin.world.line(answer.json()["id"]) is not None
    value = json.loads(deployed.got[-1][2])["entry"][0]["changes"][0]["value"]
    assert (value["from"]["id"], value["parent_id"], value["message"]) == (PAGE.id, line.id, "Here!")


def test_a_private_message_is_echoed_with_the_mark_it_was_sent_with(
    standin: Standin, deployed: Deployed
) -> None:
    """``metadata`` is how we know our own words again."""
    message = {"recipient": '{"id":"7766"}', "message": '{"text":"Hello"}', "metadata": "token-1", **GRAPH}
    sent = requests.post(f"{standin.graph_api_url}{PAGE.id}/messages", message, timeout=5).json()
    echo = json.loads(deployed.got[-1][2])["entry"][0]["messaging"][0]["message"]
    assert (echo["mid"], echo["is_echo"], echo["metadata"]) == (sent["message_id"], True, "token-1")


def test_what_was_said_can_be_looked_up_before_it_is_said_again(standin: Standin) -> None:
    """After a time-out we look for our own reply first."""
    line, _ = standin.meta.comment(PAGE, "1029384756_77", "Jo", "Where is my bag?")
    requests.post(f"{standin.graph_api_url}{line.id}/comments", {"message": "Here!", **GRAPH}, timeout=5)
    found = requests.get(f"{standin.graph_api_url}{line.id}/comments", GRAPH, timeout=5).json()["data"]
    assert [(said["message"], said["from"]["id"] == PAGE.id) for said in found] == [
        ("Here!", True),
        ("Where is my bag?", False),
    ]


def test_a_persons_messages_can_be_looked_up(standin: Standin) -> None:
    message = {"recipient": '{"id":"7766"}', "message": '{"text":"Hello","metadata":"token-1"}', **GRAPH}
    requests.post(f"{standin.graph_api_url}{PAGE.id}/messages", message, timeout=5)
    asked = {"user_id": "7766", **GRAPH}
    [found] = requests.get(f"{standin.graph_api_url}{PAGE.id}/conversations", asked, timeout=5).json()["data"]
    assert [said["message"] for said in found["messages"]["data"]] == ["Hello"]


@pytest.mark.parametrize(
    ("path", "arguments", "status"),
    [
        ("nothing/comments", {"message": "x", **GRAPH}, 400),
        (f"{PAGE.id}/messages", {"recipient": '{"id":"1"}', "message": '{"text":"x"}'}, 401),
        (f"{PAGE.id}/messages", {"recipient": '{"id":"1"}', "message": '{"text":""}', **GRAPH}, 400),
        (f"{PAGE.id}/messages", {"message": '{"text":"x"}', **GRAPH}, 400),
        (f"{PAGE.id}/messages", {"message": '{"text":"x"}', "appsecret_proof": "bad", **GRAPH}, 400),
        (f"{PAGE.id}/feed", {"message": "x", **GRAPH}, 400),
    ],
)
def test_a_graph_call_meta_would_refuse_is_refused(
    standin: Standin, path: str, arguments: dict[str, str], status: int
) -> None:
    answer = requests.post(standin.graph_api_url + path, arguments, timeout=5)
    assert (answer.status_code, "error" in answer.json(), standin.world.lines) == (status, True, [])


def test_the_page_escapes_what_anybody_wrote(standin: Standin) -> None:
    standin.meta.comment(PAGE, "1029384756_77", "<script>alert(1)</script>", "<img src=x onerror=alert(2)>")
    slack(standin).chat_postMessage(
        channel="#social", text="&lt;script&gt; <javascript:alert(3)|x> <!date^1^{x}|<b>> <!date^soon^{x}|x>"
    )
    page = requests.get(standin.url, timeout=5).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript:' not in page


def test_the_page_shows_a_button_as_a_form_that_needs_no_script(standin: Standin) -> None:
    post_claimable(standin)
    page = requests.get(f"{standin.url}/?me=U02", timeout=5).text
    assert 'name="user" value="U02"' in page
    assert 'name="action" value="claim"' in page


def test_a_whisper_shows_only_to_its_person(standin: Standin) -> None:
    address = standin.slack.address("U02", standin.slack.channel_id("#social") or "")
    requests.post(f"{standin.url}/response/{address}", json={"text": "ana has it"}, timeout=5)
    assert "ana has it" in requests.get(f"{standin.url}/?me=U02", timeout=5).text
    assert "ana has it" not in requests.get(f"{standin.url}/?me=U01", timeout=5).text


def test_many_callers_at_once_lose_nothing(standin: Standin) -> None:
    client = slack(standin)
    threads = [
        threading.Thread(target=client.chat_postMessage, kwargs={"channel": "#social", "text": f"n{i}"})
        for i in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {said.text for said in standin.world.said} == {f"n{i}" for i in range(20)}
    assert len({said.ts for said in standin.world.said}) == 20


def test_it_fails_as_often_as_it_is_told_and_shows_what_it_has(standin: Standin) -> None:
    asked = {"method": "chat.postMessage", "how": "channel_not_found", "times": 2}
    requests.post(f"{standin.url}/_fail", json=asked, timeout=5)
    for _ in range(2):
        with pytest.raises(SlackApiError):
            slack(standin).chat_postMessage(channel="#social", text="hi")
    slack(standin).chat_postMessage(channel="#social", text="hi")
    shown = requests.get(f"{standin.url}/_messages", timeout=5).json()
    assert [said["text"] for said in shown["slack"]] == ["hi"]


def test_a_duplicate_is_one_request_sent_twice(standin: Standin, deployed: Deployed) -> None:
    standin.failures.ask("delivery", "duplicate")
    standin.meta.comment(PAGE, "1029384756_77", "Jo", "Where is my bag?")
    assert len(deployed.got) == 2
    assert deployed.got[0][2] == deployed.got[1][2]
