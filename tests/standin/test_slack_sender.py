"""Our Slack sender against a Slack that answers as documented, fails when told to, and checks what it gets."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from datetime import timedelta

import pytest

from chalicelib.errors import NotFound, OutcomeUnknown, Permanent, Transient
from chalicelib.notifiers.slack.client import SlackSender
from chalicelib.services.ports import Posted
from infra.standin.server import Standin
from tests.unit.notifiers.views import a_view


@pytest.fixture
def sender(standin: Standin) -> SlackSender:
    return SlackSender(token=lambda: "xoxb-test", api_url=standin.slack_api_url, timeout_seconds=1)


def test_an_alert_is_posted_where_it_belongs_and_can_be_edited_in_place(
    standin: Standin, sender: SlackSender
) -> None:
    at = sender.post(channel="#social", view=a_view(), key="k1")
    sender.edit(at=at, view=a_view(headline="Ben has it"), key="k1")
    [said] = standin.world.said
    assert (said.channel, said.ts) == (at.channel, at.ts)
    assert "Ben has it" in said.text
    assert (said.versions, standin.world.complaints) == (2, [])


def test_a_page_to_a_member_id_arrives_as_a_direct_message(standin: Standin, sender: SlackSender) -> None:
    at = sender.post(channel="U01", view=a_view(mention="U01"), key="k1")
    assert standin.slack.name_of(at.channel) == "@U01"


@pytest.mark.parametrize("channel", ["#social", "U01"])
def test_after_a_time_out_our_message_is_found_by_its_mark_and_no_other(
    standin: Standin, sender: SlackSender, channel: str
) -> None:
    """The write happened, the answer never came: looking first is what keeps it single."""
    sender.post(channel=channel, view=a_view(), key="another")
    standin.failures.ask("chat.postMessage", "timeout_after_write", seconds=3)
    with pytest.raises(OutcomeUnknown):
        sender.post(channel=channel, view=a_view(), key="k1")
    fresh = SlackSender(token=lambda: "xoxb-test", api_url=standin.slack_api_url)
    found = fresh.find(channel=channel, key="k1")
    assert found is not None
    assert standin.world.said[-1].ts == found.ts
    assert fresh.find(channel=channel, key="never sent") is None


def test_a_time_out_before_the_write_is_just_as_unknown(standin: Standin, sender: SlackSender) -> None:
    standin.failures.ask("chat.postMessage", "timeout", seconds=3)
    with pytest.raises(OutcomeUnknown):
        sender.post(channel="#social", view=a_view(), key="k1")
    assert standin.world.said == []


def test_when_slack_is_busy_we_hear_how_long(standin: Standin, sender: SlackSender) -> None:
    standin.failures.ask("chat.postMessage", "429", seconds=7)
    with pytest.raises(Transient) as error:
        sender.post(channel="#social", view=a_view(), key="k1")
    assert error.value.retry_after == timedelta(seconds=7)
    assert not isinstance(error.value, OutcomeUnknown)


def test_a_connection_that_breaks_is_never_tried_again_by_the_client_itself() -> None:
    """The package's own default would repeat it, and so post twice."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=hang_up_on_everybody, args=(server, asked), daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/slack/api/"
        sender = SlackSender(token=lambda: "xoxb-test", api_url=address, timeout_seconds=1)
        with pytest.raises(OutcomeUnknown):
            sender.post(channel="#social", view=a_view(), key="k1")
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)
    assert len(asked) == 1


def hang_up_on_everybody(server: socket.socket, asked: list[bytes]) -> None:
    with suppress(OSError):
        while True:
            connection, _ = server.accept()
            asked.append(connection.recv(65_536))
            connection.close()


@pytest.mark.parametrize(
    ("how", "runbook"),
    [
        ("revoked", "slack-token"),
        ("invalid_auth", "slack-token"),
        ("account_inactive", "slack-token"),
        ("channel_not_found", "slack-channel"),
        ("not_in_channel", "slack-channel"),
        ("is_archived", "slack-channel"),
        ("some_new_word", "slack-refused"),
    ],
)
def test_what_a_person_must_put_right_names_its_page_of_the_runbook(
    standin: Standin, sender: SlackSender, how: str, runbook: str
) -> None:
    standin.failures.ask("chat.postMessage", how)
    with pytest.raises(Permanent) as error:
        sender.post(channel="#social", view=a_view(), key="k1")
    assert error.value.runbook == runbook


@pytest.mark.parametrize("how", ["500", "garbage", "internal_error", "fatal_error"])
def test_a_broken_answer_leaves_the_outcome_unknown(standin: Standin, sender: SlackSender, how: str) -> None:
    """Slack says of these two words that part of the work may have been done."""
    standin.failures.ask("chat.postMessage", how)
    with pytest.raises(OutcomeUnknown):
        sender.post(channel="#social", view=a_view(), key="k1")


@pytest.mark.parametrize("how", ["invalid_blocks", "msg_too_long", "invalid_attachments"])
def test_blocks_that_slack_refuses_go_once_more_as_plain_text(
    standin: Standin, sender: SlackSender, how: str
) -> None:
    """A plain page beats none."""
    standin.failures.ask("chat.postMessage", how)
    sender.post(channel="#social", view=a_view(), key="k1")
    [said] = standin.world.said
    assert (said.blocks, said.attachments) == ([], [])
    assert "Where is my order?" in said.text


def test_plain_text_that_is_refused_as_well_is_given_up(standin: Standin, sender: SlackSender) -> None:
    standin.failures.ask("chat.postMessage", "msg_too_long", times=2)
    with pytest.raises(Permanent):
        sender.post(channel="#social", view=a_view(), key="k1")


def test_a_message_that_is_gone_is_to_be_posted_again(sender: SlackSender) -> None:
    at = sender.post(channel="#social", view=a_view(), key="k1")
    with pytest.raises(NotFound):
        sender.edit(at=Posted(at.channel, "1.000001"), view=a_view(), key="k1")


def test_slack_that_cannot_be_reached_definitely_got_nothing() -> None:
    gone = SlackSender(token=lambda: "xoxb-test", api_url="http://127.0.0.1:9/slack/api/", timeout_seconds=1)
    with pytest.raises(Transient) as error:
        gone.post(channel="#social", view=a_view(), key="k1")
    assert not isinstance(error.value, OutcomeUnknown)


def test_a_whisper_is_seen_by_one_person_alone(standin: Standin, sender: SlackSender) -> None:
    channel = standin.slack.channel_id("#social") or ""
    address = standin.slack.address("U02", channel)
    sender.whisper(response_url=f"{standin.url}/response/{address}", text="ana has it.")
    [said] = standin.world.said
    assert (said.text, said.only_for) == ("ana has it.", "U02")


def test_an_address_that_has_expired_is_over_and_not_a_failure(standin: Standin, sender: SlackSender) -> None:
    with pytest.raises(NotFound):
        sender.whisper(response_url=f"{standin.url}/response/used-up", text="ana has it.")


@pytest.mark.parametrize(
    "address", ["https://evil.example/x", "http://169.254.169.254/", "file:///etc/passwd"]
)
def test_a_whisper_goes_to_slacks_host_or_nowhere(sender: SlackSender, address: str) -> None:
    with pytest.raises(Permanent):
        sender.whisper(response_url=address, text="ana has it.")


def test_the_token_is_asked_for_at_every_call_so_that_a_rotation_takes_effect(standin: Standin) -> None:
    tokens = iter(["xoxp-wrong", "xoxb-right"])
    sender = SlackSender(token=lambda: next(tokens), api_url=standin.slack_api_url)
    with pytest.raises(Permanent):
        sender.post(channel="#social", view=a_view(), key="k1")
    sender.post(channel="#social", view=a_view(), key="k1")
    assert len(standin.world.said) == 1
