"""What webhooks miss, on the deployed stack: found by looking, taken in once each, and told to a person."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from chalicelib.domain.conversation import Conversation, State
from chalicelib.domain.items import Handover, Reply
from chalicelib.domain.polling_rows import Cursor, Incident
from infra.__main__ import main
from infra.standin.world import Line
from tests.e2e.harness.town import APP, PAGE, Town

THREAD = f"{PAGE.id}_root"
TOKEN = "page-token"


@pytest.fixture
def looking(town: Town) -> Iterator[Town]:
    """A town whose page's token is stored, and whose platform's world is empty before and after."""
    stage, platform = town.driver.stack.stage, town.standin.world
    put = town.driver.stack.client("ssm").put_parameter
    name = f"/nightdesk/{stage}/accounts/facebook/{PAGE.id}/token"
    put(Name=name, Value=TOKEN, Type="SecureString", Overwrite=True)
    platform.lines.clear()
    town.begin()
    yield town
    platform.lines.clear()
    town.standin.dead_tokens.clear()


def poll(town: Town, at: str) -> None:
    """Let the schedule run, and wait until all it asked for is done."""
    town.advance_to(at)
    town.driver.stack.invoke("poll")
    town.driver.settle()


def stands(town: Town, number: int, *, at: str, text: str = "Where is my order?") -> str:
    """Let a customer comment on the platform; no webhook tells."""
    name = f"{PAGE.id}_{5000 + number}"
    when = town.when(at).timestamp()
    town.standin.world.lines.append(
        Line("facebook", THREAD, name, f"customer{number}", text, "customer", when)
    )
    return name


def test_an_hours_outage_ends_with_every_comment_in_the_queue_once_in_deadline_order(looking: Town) -> None:
    """Fifty comments, no webhook; the sweep finds them all, and a silent webhook is an incident that pages."""
    town = looking
    poll(town, "Sun 00:00")
    missed = [stands(town, n, at=f"Sun 00:{n + 5:02d}") for n in range(50)]
    looked = "Sun 00:58"
    town.driver.set_time(town.when(looked))
    for _ in range(2):
        town.driver.stack.invoke("poll")
        town.driver.settle()
    waiting = [name for name, _ in town.box.store.open_work("care")]
    found = [town.box.store.get(Conversation, name) for name in waiting]
    assert [c.owed_post_id for c in found if c] == missed
    assert [c.deadline_at for c in found if c] == [town.when(f"Sun 01:{n + 5:02d}") for n in range(50)]
    cursor = town.box.store.get(Cursor, "facebook", PAGE.id, "comments")
    assert cursor is not None
    assert cursor.found == 50
    assert town.box.store.get(Incident, f"silent:facebook:{PAGE.id}") is not None
    town.accounted = town.received()


def test_a_webhook_that_falls_silent_pages(looking: Town) -> None:
    """Three comments that only looking found, and not a word by webhook: whoever is on call hears of it at once."""
    town = looking
    poll(town, "Sun 00:00")
    for number in range(3):
        stands(town, 100 + number, at="Sun 00:05")
    poll(town, "Sun 00:10")
    town.expect()
    poll(town, "Sun 00:15")
    town.expect("sms:dev")
    assert "webhook is silent" in town.driver.texts()[-1][1]


def test_a_dead_token_pages(looking: Town) -> None:
    """Once, though two sweeps found it; and again by the next rung when nobody mends it."""
    town = looking
    poll(town, "Sun 00:00")
    town.standin.dead_tokens.add(TOKEN)
    poll(town, "Sun 00:05")
    town.expect("sms:dev")
    assert "token has expired" in town.driver.texts()[-1][1]
    poll(town, "Sun 00:15")
    town.expect("sms:dev", "slack:ben")


def test_an_answer_whose_outcome_was_lost_is_found_and_not_sent_twice(
    looking: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """The platform took it and never said so: no echo comes, we look, and there it stands."""
    town = looking
    poll(town, "Sun 00:00")
    comment = stands(town, 200, at="Sun 00:05")
    poll(town, "Sun 00:10")
    town.standin.graph.echoes = False
    town.standin.failures.ask("graph", "timeout_after_write", seconds=12)
    stage = town.driver.stack.stage
    words = ("reply", town.conversation(comment).id, "It is on its way!", "--by", "ana", "--stage", stage)
    try:
        assert main(words) == 0
        assert "on its way" in capsys.readouterr().out
        town.driver.settle()
        (reply,) = town.box.store.children(Reply, town.conversation(comment).id)
        assert reply.state is Handover.UNKNOWN
        town.advance_to("Sun 00:14")
    finally:
        town.standin.graph.echoes = True
    (reply,) = town.box.store.children(Reply, town.conversation(comment).id)
    assert reply.state is Handover.SENT
    assert town.conversation(comment).state is State.ANSWERED
    assert [line.text for line in town.standin.world.lines if line.by == "nightdesk"] == ["It is on its way!"]


def test_the_doctor_says_what_is_wrong_and_exits_with_one(
    looking: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every part of it on the deployed stack; a sweep that fails is trouble."""
    town = looking
    poll(town, "Sun 00:00")
    poll(town, "Sun 00:05")
    assert main(("doctor", "--stage", town.driver.stack.stage, "--json")) in {0, 1}
    found = {one["what"]: one for one in json.loads(capsys.readouterr().out)}
    assert found["acme-fb last sweep of comments"]["well"]
    assert not found["acme-ig last sweep of comments"]["well"]
    assert found["acme-fb token"] == {"what": "acme-fb token", "state": "does not expire", "well": True}
    assert found["dead letters of sweep"]["state"] == "0"
    assert found["on-call gaps of primary"]["well"]
    assert "concurrency quota" in found
    assert main(("doctor", "--stage", town.driver.stack.stage)) == 1
    assert "need somebody" in capsys.readouterr().out
    town.accounted = town.received()


def test_connecting_stores_secrets_unseen_subscribes_and_proves_the_address(
    looking: Town, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a delivery signed with the stored secret, and one that is not; what was typed is never shown."""
    town = looking
    monkeypatch.setattr("getpass.getpass", lambda asked: TOKEN if "accounts/" in asked else "")
    town.standin.graph_reads.subscribed.remove("feed")
    words = ("connect", "facebook", "--app", APP, "--account", PAGE.id, "--stage", town.driver.stack.stage)
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "subscribed the webhook anew to feed" in said
    assert "feed" in town.standin.graph_reads.subscribed
    assert "Proven" in said
    assert TOKEN not in said
    town.driver.settle()
