"""The Slack app asks for what its calls need, no more, and its addresses are routes of ours."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from app import app
from infra.__main__ import main
from infra.slack_manifest import NEEDS, TEMPLATE, WHY, manifest, scopes
from tests.architecture.source import ROOT

ADDRESS = "https://abc.execute-api.eu-west-1.amazonaws.com/api"
CODE = sorted((ROOT / "chalicelib" / "notifiers" / "slack").glob("*.py"))
CALLERS = frozenset({"call", "pages", "_say"})


def calls(path: Path) -> Iterator[str]:
    """Yield the methods of Slack's that a module calls by name."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CALLERS:
            first = node.args[0]
            if isinstance(first, ast.Constant):
                yield str(first.value)


def addresses(part: object) -> Iterator[str]:
    """Yield every address of a manifest."""
    if isinstance(part, dict):
        for name, value in part.items():
            yield from [value] if name in ("url", "request_url") else addresses(value)
    elif isinstance(part, list):
        for one in part:
            yield from addresses(one)


def test_every_method_that_is_called_is_known_with_its_scopes() -> None:
    called = {method for path in CODE for method in calls(path)}
    assert {"chat.postMessage", "chat.update", "views.open", "conversations.history"} <= called
    assert called <= NEEDS.keys()


def test_the_app_asks_for_exactly_the_scopes_its_calls_and_commands_need() -> None:
    """One too few fails at night; one too many is a door left open."""
    assert scopes() == frozenset({"commands"}).union(*NEEDS.values())
    assert scopes() == WHY.keys()


def test_every_address_is_a_route_of_ours() -> None:
    found = list(addresses(manifest(f"{ADDRESS}/")))
    assert len(found) == 3
    for address in found:
        assert address.startswith(f"{ADDRESS}/slack/")
        assert "POST" in app.routes[urlsplit(address).path.removeprefix("/api")]


def test_every_command_we_answer_is_offered() -> None:
    commands = [one["command"] for one in manifest(ADDRESS)["features"]["slash_commands"]]
    assert commands == ["/nightdesk", "/oncall"]


def test_what_slack_limits_is_within_its_limits() -> None:
    """Source: docs.slack.dev/reference/app-manifest: a manifest beyond them is refused when it is pasted."""
    shown: dict[str, Any] = manifest(ADDRESS)["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4000
    for command in manifest(ADDRESS)["features"]["slash_commands"]:
        assert len(command["command"]) <= 32
        assert len(command["description"]) <= 2000
        assert len(command["usage_hint"]) <= 1000


def test_nothing_is_left_to_fill_in() -> None:
    assert "ADDRESS" in TEMPLATE.read_text()
    assert "ADDRESS" not in json.dumps(manifest(ADDRESS))


def test_it_is_printed_for_an_address_without_any_aws(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["slack", "manifest", "--address", ADDRESS]) == 0
    assert json.loads(capsys.readouterr().out) == manifest(ADDRESS)


@pytest.mark.parametrize(
    "address", ["nd.acme.example", "http://nd.acme.example", "https://", "https://a b", ""]
)
def test_an_address_that_slack_cannot_call_is_refused(
    address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Slack would refuse the paste, or never reach us."""
    assert main(["slack", "manifest", "--address", address]) == 1
    assert "https://nd.acme.example" in capsys.readouterr().err
