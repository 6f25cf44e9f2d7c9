"""What people type in Slack reaches the deployed stack: signed, answered at once, and in force for the next page."""

from __future__ import annotations

from urllib.parse import urlencode

import requests

from chalicelib.notifiers.slack.signature import sign
from tests.e2e.harness.town import MEMBERS, SIGNING_SECRET, Town


def typed(town: Town, by: str, text: str, secret: str = SIGNING_SECRET) -> requests.Response:
    """Type ``/oncall`` and these words as somebody."""
    body = urlencode({"command": "/oncall", "text": text, "user_id": by}).encode()
    stamp = str(int(town.driver.now.timestamp()))
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": sign(body, stamp, secret).decode(),
    }
    return requests.post(
        f"{town.driver.stack.api_url}/slack/commands", data=body, headers=headers, timeout=30
    )


def test_whoever_takes_over_in_slack_is_paged_next(town: Town) -> None:
    """Dev is on call on Sunday night; Ana takes it over by a signed command, and a forged one changes nothing."""
    town.begin()
    assert "dev" in typed(town, MEMBERS["ana"], "primary").json()["text"]
    assert typed(town, MEMBERS["ben"], "take 4h", secret="forged").status_code == 403
    taken = typed(town, MEMBERS["ana"], "take 4h")
    assert (taken.status_code, taken.json()["response_type"]) == (200, "in_channel")
    assert "ana" in typed(town, MEMBERS["dev"], "primary").json()["text"]
    assert "Ask lead" in typed(town, "U99", "take 4h").json()["text"]
    town.post("My flight was cancelled, please help", by="Kim", at="Sun 00:10")
    town.advance_to("Sun 00:51").expect("card:#social", "sms:ana")
