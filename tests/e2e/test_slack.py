"""The loop by Slack alone, on the deployed stack: from the card to the customer's thread, and what Slack may do to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from chalicelib.domain.conversation import Closure, State
from chalicelib.domain.items import Handover, Happened, Reply
from chalicelib.errors import Conflict
from chalicelib.services.answering import Draft
from infra.__main__ import main
from infra.standin.clicks import buttons, named
from infra.standin.world import Line
from tests.e2e.harness.town import MEMBERS, PAGE, TEAM, Town
from tests.unit.slack.desk import words_of

THREAD = f"{PAGE.id}_root"
SLACK_CALLS = ("chat.postMessage", "chat.update", "conversations.list", "conversations.history")
ON_CALL_IN_SLACK = TEAM.replace(
    'phone = "+447700900004"\nslack = "U04"\nreach = ["sms"]',
    'phone = "+447700900004"\nslack = "U04"\nreach = ["slack", "sms +3m"]',
)


@pytest.fixture
def desk(town: Town) -> Iterator[Town]:
    """A town whose page can be answered, at half past two on Sunday, and whose Slack is patient with slow machines."""
    name = f"/nightdesk/{town.driver.stack.stage}/accounts/facebook/{PAGE.id}/token"
    put = town.driver.stack.client("ssm").put_parameter
    put(Name=name, Value="page-token", Type="SecureString", Overwrite=True)
    town.standin.world.lines.clear()
    patience, town.standin.slack.views.patience = town.standin.slack.views.patience, 60.0
    yield town.begin(team=ON_CALL_IN_SLACK)
    town.standin.slack.views.patience = patience
    town.standin.slack.views.opened.clear()
    town.standin.failures.forget(*SLACK_CALLS, "views.open", "press", "submission")
    town.standin.world.lines.clear()


def asked(town: Town, text: str = "Where is my order?", *, at: str = "Sun 02:00", by: str = "Jo") -> str:
    """Let a customer comment on the platform, whose webhook tells us."""
    comment = town.post(text, at=at, by=by)
    line = Line("facebook", THREAD, comment, by, text, "customer", town.when(at).timestamp())
    town.standin.world.lines.append(line)
    return comment


def submit(town: Town, by: str, **answers: str) -> None:
    """Fill in the form somebody has open, and send it."""
    assert town.standin.forms.submit(MEMBERS[by], answers) == 200
    town.driver.settle()


def shown(town: Town, to: str) -> str:
    """Return every word of the form somebody has open."""
    return words_of(town.standin.forms.open_to(MEMBERS[to]).view)


def card_words(town: Town) -> str:
    """Return every word of the channel's latest card."""
    card = town.card()
    return words_of([*card.blocks, *card.attachments])


def thread(town: Town) -> list[tuple[str, str]]:
    """Return what stands on the platform: (who said it, the words)."""
    return [(line.by, line.text) for line in town.standin.world.lines]


def test_from_a_page_to_the_customers_thread_by_slack_alone(desk: Town) -> None:
    """Dev is paged in Slack, claims there, answers there, is warned once, and the customer reads the answer."""
    town = desk
    comment = asked(town)
    town.advance_to("Sun 02:41").expect("card:#social", "slack:dev")
    page = town.standin.world.said[-1]
    town.press("claim", by="dev", on=page)
    assert "dev has it" in town.card().text
    town.press("reply", by="dev", on=page)
    form = shown(town, "dev")
    assert ">Where is my order?" in form
    assert "at most 8000 characters" in form
    submit(town, "dev", text="So sorry, Jo! Ring us on +44 7700 900123.")
    assert thread(town) == [("customer", "Where is my order?")]
    assert "It holds a phone number" in shown(town, "dev")
    submit(town, "dev", text="So sorry, Jo! It left this morning and arrives today.")
    assert "on its way, dev" in shown(town, "dev")
    assert thread(town)[1:] == [("nightdesk", "So sorry, Jo! It left this morning and arrives today.")]
    assert town.conversation(comment).answered_by == "dev"
    assert "Answered by dev" in card_words(town)
    town.advance_to("Sun 04:00").expect("whisper:dev")


def test_two_who_answer_one_customer_are_shown_each_other_and_one_answer_leaves(desk: Town) -> None:
    town = desk
    asked(town)
    town.advance_to("Sun 02:30").expect("card:#social")
    town.press("reply", by="ana")
    town.press("reply", by="ben")
    assert "ana has been writing an answer" in shown(town, "ben")
    submit(town, "ana", text="It left this morning.")
    assert "ben has been writing an answer" in shown(town, "ana")
    submit(town, "ana")
    submit(town, "ben", text="It is lost.")
    assert "ana answered it" in shown(town, "ben")
    assert thread(town)[1:] == [("nightdesk", "It left this morning.")]


def test_not_needed_asks_why_and_the_next_post_opens_it_again(desk: Town) -> None:
    town = desk
    comment = asked(town)
    town.advance_to("Sun 02:30").expect("card:#social")
    town.press("close", by="ben")
    submit(town, "ben", reason="elsewhere", more="rang her")
    found = town.conversation(comment)
    assert (found.closure, found.closed_by) == (Closure.BY_PERSON, "ben")
    assert "Closed" in town.card().text
    town.advance_to("Sun 02:50").expect("whisper:ben")
    town.advance_to("Sun 02:51")
    again = town.comment(
        f"{PAGE.id}_901", "Nobody rang me, where is my order?", by="Jo", at="Sun 02:51", parent=comment
    )
    assert town.deliver(again) == 200
    town.driver.settle()
    assert town.conversation(comment).state is State.WAITING
    town.press("claim", by="ben")
    town.expect("whisper:ben")


def test_a_pause_stops_the_ladder_until_its_end_which_pages_again(desk: Town) -> None:
    town = desk
    comment = asked(town)
    town.advance_to("Sun 02:30").expect("card:#social")
    town.press("pause", by="ben")
    until = town.when("Sun 05:00")
    submit(town, "ben", until=str(int(until.timestamp())), reason="the airline confirms")
    assert town.conversation(comment).paused_until == until
    assert "Paused: the airline confirms" in town.card().text
    town.advance_to("Sun 04:59").expect("whisper:ben")
    town.advance_to("Sun 05:01")
    assert town.conversation(comment).state is State.WAITING
    assert {"slack:dev"} <= set(town.received() - town.accounted)
    town.accounted = town.received()


def test_handing_over_tells_the_new_owner_at_once(desk: Town) -> None:
    town = desk
    comment = asked(town)
    town.advance_to("Sun 02:30").expect("card:#social")
    town.press("hand_over", by="ana")
    submit(town, "ana", to="ben")
    claim = town.conversation(comment).claim
    assert claim is not None
    assert claim.owner == "ben"
    town.expect("whisper:ana", "slack:ben")


def test_slack_repeating_itself_acts_once(desk: Town) -> None:
    """The press and the form come twice, the second time marked as a retry: one claim, one answer."""
    town = desk
    comment = asked(town)
    town.advance_to("Sun 02:30").expect("card:#social")
    for what in ("press", "press", "submission"):
        town.standin.failures.ask(what, "duplicate")
    town.press("claim", by="ana")
    town.press("reply", by="ana")
    submit(town, "ana", text="It left this morning.")
    assert thread(town)[1:] == [("nightdesk", "It left this morning.")]
    assert len(town.box.store.children(Reply, town.conversation(comment).id)) == 1
    assert len(town.told(comment, Happened.CLAIM)) == 1
    town.expect("whisper:ana", "whisper:ana")


def test_a_press_too_old_for_its_form_is_told_what_to_do(desk: Town) -> None:
    town = desk
    asked(town)
    town.advance_to("Sun 02:30").expect("card:#social")
    town.standin.failures.ask("views.open", "expired_trigger_id")
    town.press("reply", by="ana")
    assert town.whispered().endswith("Press again.")
    town.press("reply", by="ana")
    assert ">Where is my order?" in shown(town, "ana")
    town.expect("whisper:ana")


def test_an_answer_the_platform_refuses_is_said_on_the_card_and_the_clock_runs_on(desk: Town) -> None:
    town = desk
    comment = asked(town)
    town.advance_to("Sun 02:30").expect("card:#social")
    town.standin.dead_tokens.add("page-token")
    try:
        town.press("reply", by="ana")
        submit(town, "ana", text="It left this morning.")
    finally:
        town.standin.dead_tokens.clear()
    [reply] = town.box.store.children(Reply, town.conversation(comment).id)
    assert reply.state is Handover.FAILED
    assert "ana's answer did not arrive" in card_words(town)
    assert town.conversation(comment).state is State.WAITING
    town.accounted = town.received()


def test_an_hour_without_slack_pages_by_text_and_ends_with_the_truth_in_every_message(desk: Town) -> None:
    """One is answered and one still waits while Slack is down; afterwards each message says so."""
    town = desk
    first = asked(town, "Where is my order?", at="Sun 02:00")
    town.advance_to("Sun 02:30").expect("card:#social")
    card = town.card()
    second = asked(town, "Where is my bag?", at="Sun 02:31", by="Kim")
    for call in SLACK_CALLS:
        town.standin.failures.ask(call, "service_unavailable", times=5000)
    town.advance_to("Sun 02:45")
    assert "sms:dev" in town.received()
    town.reply_natively(first, "It left this morning.", at="Sun 02:50")
    town.advance_to("Sun 03:45")
    assert "Waiting" in card.text
    town.standin.failures.forget(*SLACK_CALLS)
    town.advance_to("Sun 03:56")
    assert "Answered" in card.text
    assert any("Overdue" in said.text for said in town.standin.world.said if said.channel == card.channel)
    assert town.conversation(second).state is State.WAITING
    town.accounted = town.received()


def test_the_desk_is_asked_by_a_command_and_a_line_of_it_answered(desk: Town) -> None:
    town = desk
    asked(town)
    town.advance_to("Sun 02:30").expect("card:#social")
    town.press("claim", by="ana")
    for text, words in (
        ("", "You have: 1"),
        ("queue", "Open work, by deadline: 1"),
        ("find jo", "Found for jo: 1"),
    ):
        status, body = town.standin.clicks.command(MEMBERS["ana"], "/nightdesk", text)
        assert status == 200
        answer = json.loads(body)
        assert answer["response_type"] == "ephemeral"
        assert words in words_of(answer["blocks"])
    status, body = town.standin.clicks.command(MEMBERS["ana"], "/oncall", "")
    assert "*primary*: dev" in json.loads(body)["text"]
    town.expect("whisper:ana")


def test_each_card_offers_what_can_be_done_with_it(desk: Town) -> None:
    town = desk
    asked(town)
    town.advance_to("Sun 02:30").expect("card:#social")
    offers = [named(button) for button in buttons(town.card())]
    assert offers == ["claim", "reply", "close", "pause", "hand_over", "follow_up", "correct"]


def test_connecting_slack_proves_the_token_and_the_address(
    desk: Town, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Enter keeps what is stored; a token that was revoked is told."""
    town = desk
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "")
    stage = ["--stage", town.driver.stack.stage]
    assert main(["slack", "connect", *stage]) == 0
    assert "Proven: the token works" in capsys.readouterr().out
    town.standin.failures.ask("auth.test", "revoked")
    assert main(["slack", "connect", *stage]) == 1
    assert "install the app again" in capsys.readouterr().out
    town.expect()


CROWD = [f"p{number:02d}" for number in range(20)]


def test_twenty_people_at_once_make_one_owner_and_one_public_answer(desk: Town) -> None:
    """All claim in one moment, then all send in one moment: one has it, and the customer reads one answer.

    They meet at the table itself: this machine has too few hands for twenty requests at once.
    """
    town = desk
    people = "".join(f'[people.{name}]\nslack = "U1{name.upper()}"\nreach = ["slack"]\n' for name in CROWD)
    town.begin(team=ON_CALL_IN_SLACK + people)
    first, second = asked(town), asked(town, "Where is my bag?", at="Sun 02:01", by="Kim")
    box, at = town.box, town.driver.now

    def claimed(name: str) -> bool:
        with suppress(Conflict):
            return box.claims.claim(town.conversation(first).id, by=name, at=at).claim is not None
        return False

    def sent(name: str) -> bool:
        """Send what stands in a form opened before anybody answered."""
        draft = Draft(town.conversation(second).id, f"It is in Rome. ({name})", name, key=name, seen="")
        with suppress(Conflict):
            return box.answering.send(draft, at).reply is not None
        return False

    with ThreadPoolExecutor(len(CROWD)) as crowd:
        assert list(crowd.map(claimed, CROWD)).count(True) == 1
        answers = list(crowd.map(sent, CROWD))
    town.driver.settle()
    assert len(town.told(first, Happened.CLAIM)) == 1
    assert answers.count(True) == 1
    assert town.conversation(second).state is State.ANSWERED
    late = [sent(name) for name, went in zip(CROWD, answers, strict=True) if not went]
    town.driver.settle()
    assert not any(late)
    assert [by for by, _ in thread(town)] == ["customer", "customer", "nightdesk"]
