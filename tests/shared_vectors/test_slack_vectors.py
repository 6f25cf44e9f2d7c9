"""Every Slack signature vector, straight through our verification."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.errors import Rejected
from chalicelib.notifiers.slack.signature import verify
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared


def vectors() -> list[dict[str, Any]]:
    if SHARED is None:
        return []
    known = json.loads((SHARED / "platforms" / "vectors" / "signatures.json").read_text())["vectors"]
    return [vector for vector in known if vector["platform"] == "slack"]


def accepted(vector: dict[str, Any]) -> bool:
    raw = vector.get("raw_body_base64")
    body = base64.b64decode(raw) if raw is not None else vector["raw_body"].encode()
    try:
        verify(vector["headers"], body, [vector["secret"]], datetime.fromtimestamp(vector["now"], UTC))
    except Rejected:
        return False
    return True


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector["id"])
def test_a_slack_vector_is_accepted_exactly_when_it_should_be(vector: dict[str, Any]) -> None:
    """The contract's verdict holds, and nothing but ``Rejected`` is ever raised."""
    assert accepted(vector) == vector["expected"], vector["reason"]


def test_there_are_vectors_of_both_verdicts() -> None:
    """An empty list would pass everything."""
    assert {vector["expected"] for vector in vectors()} == {True, False}
