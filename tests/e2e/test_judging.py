"""How people and the judge correct each other, told on the whole stack; and that nobody's data shows on the way."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest

from chalicelib.domain.conversation import State
from chalicelib.domain.items import Happened
from chalicelib.domain.labels import Correction, Label
from chalicelib.services.labels import Labels
from infra.__main__ import main
from infra.standin.world import Line
from tests.e2e.harness.town import PAGE, TEAM, Town

PRAISE = "Thank you so much, you are the best airline ever!"
EVERY_ONE = TEAM.replace("sample = 0\n", "sample = 1\n")


def labels(town: Town) -> list[Label]:
    """Return this week's labels."""
    return Labels(town.box.store).between(town.when("Sun 00:00"), town.when("Sat 00:00"))


def test_a_post_judged_needless_is_corrected_with_a_click_and_pages(town: Town) -> None:
    """It was closed in silence; at four somebody says otherwise, the clock starts, and the ladder climbs."""
    town.begin()
    praise = town.post(PRAISE, at="Sun 02:00")
    town.advance_to("Sun 04:00").expect()
    found = town.box.corrections.correct(
        town.conversation(praise).id, Correction.NEEDED_ANSWER, by="ana", at=town.when("Sun 04:00")
    )
    assert (found.promise_at, found.deadline_at) == (town.when("Sun 03:00"), town.when("Sun 04:10"))
    town.advance_to("Sun 04:10").expect("card:#social", "sms:dev", "sms:dev", "slack:ben")
    (label,) = labels(town)
    assert (label.said.needs_response, label.verdict.needs_response, label.by) == (False, True, "ana")


def test_a_sampled_post_asks_in_the_channel_pages_nobody_and_is_counted(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """All night nobody is woken for it; the first press says the judge was right, the second post's that it was wrong."""
    town.begin(team=EVERY_ONE)
    right = town.post(PRAISE, at="Sun 02:00")
    town.advance_to("Sun 08:00").expect("card:#social")
    assert "does this need an answer" in town.card().text
    assert town.conversation(right).state is State.NO_ANSWER_NEEDED
    assert operator(town, capsys, "judge", "check")[0]["conversation"] == town.conversation(right).id
    assert town.press("no_answer_needed", by="ana") == 200
    town.expect("whisper:ana")

    missed = town.post("Loved every minute of it, thank you so much!", by="Kim", at="Sun 08:05")
    town.advance_to("Sun 08:06").expect("card:#social")
    assert town.press("answer_needed", by="ana") == 200
    town.expect("whisper:ana")
    assert town.conversation(missed).deadline_at == town.when("Sun 09:05")
    town.reply_natively(missed, "So glad you liked it!", at="Sun 08:10")
    town.advance_to("Sun 12:00").expect()

    report = operator(town, capsys, "judge", "report", "--days", "1")
    assert (report["misses"]["wrong"], report["misses"]["of"]) == (1, 2)
    assert report["corrections"] == {"needed an answer": 1}
    assert report["by_platform"]["facebook"]["misses"]["of"] == 2
    assert report["by_hour"]["08"]["misses"]["wrong"] == 1
    assert operator(town, capsys, "judge", "check") == []


def operator(town: Town, capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """Return what a command prints as JSON."""
    capsys.readouterr()
    assert main([*words, "--stage", town.driver.stack.stage, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


PRIVATE = {
    "email": "jo.peters@example.com",
    "phone": "+44 7700 900123",
    "card": "4111 1111 1111 1111",
}


def test_a_customers_data_shows_in_no_text_no_slack_message_and_no_log(town: Town) -> None:
    """A furious post with all of it, all the way to a breach; then a correction. Only the table may hold it."""
    town.begin()
    words = f"Nobody helps me! Call {PRIVATE['phone']} or write to {PRIVATE['email']}, my card is {PRIVATE['card']}"
    post = town.post(words, by="Jo", at="Sun 02:00")
    town.advance_to("Sun 03:06").expect("card:#social", "sms:dev", "sms:dev", "slack:ben", "sms:lead")
    stored = town.stored(post)
    assert stored is not None
    assert stored.text == words
    town.box.corrections.correct(
        town.conversation(post).id, Correction.WAS_URGENT, by="ana", at=town.when("Sun 03:06")
    )
    town.reply_natively(post, "Calling you now.", at="Sun 03:07")
    town.advance_to("Sun 04:00")
    town.accounted = town.received()
    seen = [json.dumps(asdict(said)) for said in town.standin.world.said]
    seen += [text for _, text in town.texts()]
    seen += town.driver.logs()
    seen += [repr(label) for label in labels(town)]
    assert any("Tick" in line or "Posts" in line for line in seen), "no log was looked at"
    for shape in PRIVATE.values():
        for piece in (shape, shape.replace(" ", ""), shape[-9:]):
            assert not [line for line in seen if piece in line]


def test_a_post_that_shows_a_number_is_hidden_and_its_author_still_waits(town: Town) -> None:
    """The card says what everybody can read; one choice of its menu hides it; the ladder goes on until the answer."""
    secret = f"/nightdesk/{town.driver.stack.stage}/accounts/facebook/{PAGE.id}/token"
    put = town.driver.stack.client("ssm").put_parameter
    put(Name=secret, Value="page-token", Type="SecureString", Overwrite=True)
    town.standin.world.lines.clear()
    town.begin()
    post = town.post(f"Where is my bag? Call me on {PRIVATE['phone']}", at="Sun 02:00")
    line = Line("facebook", f"{PAGE.id}_root", post, "Jo", "Where is my bag?", "customer", 0.0)
    town.standin.world.lines.append(line)
    town.advance_to("Sun 02:24").expect("card:#social")
    assert "Everybody can read a phone number here" in json.dumps(asdict(town.card()))
    assert town.press("hide", by="ana") == 200
    town.expect("whisper:ana")
    assert "It is hidden from the public." in town.told(post, Happened.NOTE)
    assert line.hidden
    town.deliver(town.comment(post, "", by="Jo", at="Sun 02:25", verb="hide"))
    town.advance_to("Sun 02:41").expect("sms:dev")
    town.reply_natively(post, "We found it!", at="Sun 02:45")
    town.advance_to("Sun 04:00").expect()
