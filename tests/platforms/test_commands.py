"""The operator's two commands on our own captures: what they print, and how they refuse."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from infra.__main__ import main
from tests.platforms.twins import NOW, samples, twin

Captured = dict[str, Any]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    """Run ``verify-delivery`` on a capture and return its verdict."""

    def run(captured: Captured) -> dict[str, Any]:
        file = tmp_path / "delivery.json"
        file.write_text(json.dumps(captured), "utf-8")
        assert main(["verify-delivery", str(file)]) == 0
        verdict: dict[str, Any] = json.loads(capsys.readouterr().out)
        return verdict

    return run


def captured(platform: str, secret: str = "secret", **more: Any) -> Captured:
    speaker = twin(platform)
    body = speaker.many(1)
    delivery = speaker.sign(body, secret, NOW)
    return {
        "platform": platform,
        "kind": "body_signature",
        "method": "POST",
        "headers": dict(delivery.headers),
        "raw_body": body.decode(),
        "secret": "secret",
        "now": int(NOW.timestamp()),
        **more,
    }


@pytest.mark.parametrize("platform", ["facebook", "instagram", "threads", "whatsapp", "x", "generic"])
def test_a_genuine_capture_is_accepted_and_a_changed_one_is_not(said: Any, platform: str) -> None:
    good = captured(platform)
    assert said(good)["accepted"] is True
    bad = said({**good, "raw_body": good["raw_body"] + " "})
    assert (bad["accepted"], bad["response"]) == (False, {"status": 403})
    assert said({**good, "headers": {}})["response"] == {"status": 401}


def test_a_rotated_secret_is_tried_with_the_others(said: Any) -> None:
    assert said({**captured("facebook", "previous"), "secret": ["secret", "previous"]})["accepted"] is True


def test_a_body_in_base64_and_one_as_api_gateway_brings_it_are_the_same(said: Any) -> None:
    good = captured("facebook")
    coded = base64.b64encode(good.pop("raw_body").encode()).decode()
    assert said({**good, "raw_body_base64": coded})["accepted"] is True
    assert said({**good, "apigw": {"body": coded, "isBase64Encoded": True}})["accepted"] is True
    assert said({**good, "apigw": {"body": coded, "isBase64Encoded": False}})["accepted"] is False


def test_a_handshake_shows_what_would_be_answered(said: Any) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "77", "hub.verify_token": "t"}
    asked = {"platform": "facebook", "kind": "handshake", "method": "GET", "query": query}
    assert said({**asked, "secret": "t"})["response"]["body"] == "77"
    assert said({**asked, "secret": "u"})["response"] == {"status": 403}


def test_a_platform_nobody_knows_is_not_a_crash(said: Any) -> None:
    verdict = said({"platform": "myspace", "kind": "body_signature", "headers": {}, "raw_body": ""})
    assert verdict["accepted"] is False
    assert "myspace" in verdict["reason"]


def test_parse_prints_records_on_one_stream_and_the_rest_on_the_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = next(one for one in samples("facebook") if one.name == "two_pages")
    file = tmp_path / "body.json"
    file.write_bytes(sample.body)
    assert main(["parse", "--platform", "facebook", "--own", sample.own["ids"][0], str(file)]) == 0
    out, err = capsys.readouterr()
    assert [json.loads(line)["kind"] for line in out.splitlines()] == ["dm"]
    assert err == "ignored entry[1].changes[0]: page like\n"


def test_parse_reads_standard_input_and_tells_our_app(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = next(one for one in samples("facebook") if one.name == "dm_echo_foreign_bot")
    for words, direction in (
        ([], "outbound"),
        (["--app-id", "4242"], "self"),
        (["--own", "999"], "outbound"),
    ):
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(sample.body)))
        main(["parse", "--platform", "facebook", "--own", sample.own["ids"][0], *words, "-"])
        assert json.loads(capsys.readouterr().out)["direction"] == direction


@pytest.mark.parametrize(("platform", "body"), [("myspace", b"{}"), ("facebook", b"no json")])
def test_parse_says_what_is_wrong_and_fails(
    platform: str, body: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "body.json"
    file.write_bytes(body)
    assert main(["parse", "--platform", platform, "--own", "1", str(file)]) == 1
    assert capsys.readouterr().err


@pytest.mark.parametrize("body", [b"{}", b"[]", b"7", b'{"entry": 1}', b"[" * 3000 + b"]" * 3000])
@pytest.mark.parametrize("platform", ["facebook", "instagram", "threads", "whatsapp", "x", "generic"])
def test_json_that_is_no_payload_is_named_unreadable_like_an_event_that_is(
    platform: str, body: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Quarantine is an answer, and no failure of the command."""
    file = tmp_path / "body.json"
    file.write_bytes(body)
    assert main(["parse", "--platform", platform, "--own", "1", str(file)]) == 0
    out, err = capsys.readouterr()
    assert (out, err.startswith("unreadable ")) == ("", True)


@pytest.mark.parametrize(
    "odd", [{"secret": "\ud800"}, {"secret": ["fine", "\ud83d"]}, {"secrets": "\x00"}, {"secret": 7}]
)
def test_a_secret_that_cannot_have_signed_anything_is_a_sentence_and_no_crash(
    odd: Captured, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "delivery.json"
    file.write_text(json.dumps({**captured("facebook"), **odd}), "utf-8")
    assert main(["verify-delivery", str(file)]) == 1
    assert "secret" in capsys.readouterr().err
