"""What a person reads when a file or a word they gave the command line is no good: a sentence, never a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infra.__main__ import main

TOKEN = {"access_token": "t"}
READERS = (
    ("parse", "--platform", "facebook"),
    ("verify-delivery",),
    ("classify",),
    ("team", "check", "--team"),
    ("oncall", "who", "--team"),
    ("oncall", "lint", "--team"),
)


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run a command that fails and return its one sentence."""
    assert main(words) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    return said


@pytest.mark.parametrize("words", READERS, ids=" ".join)
def test_a_file_that_is_absent_a_folder_or_not_text_is_a_sentence(
    words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever mistypes a name reads what is wrong with it."""
    strange = tmp_path / "strange"
    strange.write_bytes(b"\xc3(\xff")
    for file in (tmp_path / "absent", tmp_path, strange):
        assert refused(capsys, *words, str(file))


@pytest.mark.parametrize("words", [("verify-delivery",), ("classify",)], ids=" ".join)
def test_json_nested_without_end_is_a_sentence(
    words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "deep.json"
    file.write_text("[" * 100_000)
    assert "nested more deeply" in refused(capsys, *words, str(file))


@pytest.mark.parametrize(
    ("capture", "told"),
    [
        ("[]", "one JSON object"),
        ("null", "one JSON object"),
        ("{", "not JSON"),
        ('{"secret": 5}', "secret is not a text"),
        ('{"secrets": ["a", 5]}', "secrets is not a text"),
        ('{"headers": 5}', "headers is not an object"),
        ('{"apigw": {"headers": 5}}', "apigw.headers is not an object"),
        ('{"url": 5}', "url is not a text"),
        ('{"kind": "appsecret_proof"}', '"secret"'),
        ('{"kind": "appsecret_proof", "secret": "s"}', '"access_token"'),
        ('{"kind": "appsecret_proof", "secret": "s", "input": 5}', "input is not an object"),
    ],
)
def test_a_capture_that_is_no_capture_names_the_key(
    capture: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """There is no verdict on it, so the exit status is 1."""
    file = tmp_path / "capture.json"
    file.write_text(capture)
    assert told in refused(capsys, "verify-delivery", str(file))


@pytest.mark.parametrize(
    ("kind", "secret", "ending"),
    [
        ("body_signature", None, "names no secret to check with"),
        ("handshake", None, "names no secret to check with"),
        ("body_signature", "s", "header"),
    ],
)
def test_a_verdict_without_a_secret_says_so(
    kind: str, secret: str | None, ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The signature may be right: nothing was there to check it with. It is a verdict still, so the status is 0."""
    file = tmp_path / "capture.json"
    file.write_text(json.dumps({"platform": "facebook", "kind": kind, "secret": secret}))
    assert main(["verify-delivery", str(file)]) == 0
    verdict = json.loads(capsys.readouterr().out)
    assert verdict["accepted"] is False
    assert verdict["reason"].endswith(ending)


def test_a_proof_is_made_with_the_capture_s_secret(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The demands on a proof leave a good one alone."""
    file = tmp_path / "capture.json"
    file.write_text(json.dumps({"kind": "appsecret_proof", "secret": "s", "input": TOKEN}))
    assert main(["verify-delivery", str(file)]) == 0
    assert len(json.loads(capsys.readouterr().out)["response"]["appsecret_proof"]) == 64


@pytest.mark.parametrize(
    "line", ['{"text": "a", "context": "foo"}', '{"text": "a", "context": []}', "[]", "7"]
)
def test_classify_names_the_line_it_cannot_judge(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An operator can find and mend it."""
    file = tmp_path / "posts.jsonl"
    file.write_text(f'{{"text": "fine"}}\n{line}\n')
    assert "line 2" in refused(capsys, "classify", str(file))
