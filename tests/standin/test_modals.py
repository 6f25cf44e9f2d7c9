"""Our forms against a Slack that opens them as documented, fails when told to, and checks what it gets."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.signature import SignatureVerifier

from chalicelib.errors import Conflict, NotFound, OutcomeUnknown, Permanent, Transient
from chalicelib.notifiers.slack.dialogs import SlackDialogs
from chalicelib.notifiers.slack.modals import MEMORY, listed, modal
from chalicelib.services.dialog_port import (
    ChoiceField,
    Dialog,
    Listing,
    MomentField,
    Quote,
    Row,
    TextField,
    TooLate,
    Words,
)
from infra.standin import blocks
from infra.standin.modals import faults
from infra.standin.server import Standin
from infra.standin.views import Opened
from tests.standin.conftest import SECRET, Deployed
from tests.unit.notifiers.views import NIGHT, instants, long_text

REPLY = Dialog("reply", "Reply", (TextField("text", "Your answer"),), "Send", {"conversation": "c1"})
TOLD = Dialog("told", "Reply", (Words(("It is on its way.",)),))


@pytest.fixture
def dialogs(standin: Standin) -> SlackDialogs:
    return SlackDialogs(token=lambda: "xoxb-test", api_url=standin.slack_api_url, timeout_seconds=1)


def opened(standin: Standin) -> list[Opened]:
    """Return every form that somebody has open."""
    return list(standin.slack.views.opened.values())


def test_a_form_opens_for_whoever_pressed_and_can_be_renewed(standin: Standin, dialogs: SlackDialogs) -> None:
    dialogs.open(REPLY, trigger=standin.slack.views.trigger("U01"))
    [form] = opened(standin)
    assert (form.user, form.view["callback_id"]) == ("U01", "reply")
    dialogs.renew(TOLD, view_id=form.id)
    assert form.view["callback_id"] == "told"
    assert standin.world.complaints == []


def test_a_trigger_of_long_ago_or_of_nobody_opens_nothing(standin: Standin, dialogs: SlackDialogs) -> None:
    """Three seconds, says Slack; whoever pressed must press again."""
    trigger = standin.slack.views.trigger("U01")
    standin.slack.views.patience = -1
    for stale in (trigger, "123.456.abc"):
        with pytest.raises(TooLate):
            dialogs.open(REPLY, trigger=stale)
    assert opened(standin) == []


def test_a_trigger_opens_one_form(standin: Standin, dialogs: SlackDialogs) -> None:
    trigger = standin.slack.views.trigger("U01")
    dialogs.open(REPLY, trigger=trigger)
    with pytest.raises(Conflict):
        dialogs.open(REPLY, trigger=trigger)
    assert len(opened(standin)) == 1


def test_a_form_that_was_closed_is_not_renewed(dialogs: SlackDialogs) -> None:
    with pytest.raises(NotFound):
        dialogs.renew(TOLD, view_id="V000001")


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ("429", Transient),
        ("500", OutcomeUnknown),
        ("garbage", OutcomeUnknown),
        ("timeout", OutcomeUnknown),
        ("timeout_after_write", OutcomeUnknown),
        ("revoked", Permanent),
    ],
)
def test_each_misfortune_is_of_its_family_and_nothing_is_tried_twice(
    standin: Standin, dialogs: SlackDialogs, how: str, error: type[Exception]
) -> None:
    standin.failures.ask("views.open", how, seconds=3)
    with pytest.raises(error) as raised:
        dialogs.open(REPLY, trigger=standin.slack.views.trigger("U01"))
    assert type(raised.value) is error
    assert len(opened(standin)) == (how == "timeout_after_write")


def test_when_slack_is_busy_we_hear_how_long(standin: Standin, dialogs: SlackDialogs) -> None:
    standin.failures.ask("views.open", "429", seconds=7)
    with pytest.raises(Transient) as raised:
        dialogs.open(REPLY, trigger=standin.slack.views.trigger("U01"))
    assert raised.value.retry_after == timedelta(seconds=7)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"title": {"type": "plain_text", "text": "x" * 25}},
        {"title": {"type": "plain_text", "text": ""}},
        {"submit": {"type": "plain_text", "text": "x" * 25}},
        {"private_metadata": "x" * 3001},
        {"callback_id": "x" * 256},
        {"blocks": []},
        {"blocks": [{"type": "divider"}] * 101},
        {"blocks": [{"type": "divider", "block_id": "same"}] * 2},
        {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]},
        {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "<!channel>"}}]},
        {"blocks": [{"type": "nonsense"}]},
        {"type": "popup"},
    ],
    ids=lambda spoilt: f"{next(iter(spoilt))}",
)
def test_a_form_slack_would_refuse_is_refused_and_remembered(
    standin: Standin, dialogs: SlackDialogs, spoilt: dict[str, Any]
) -> None:
    """Otherwise a form that never opens in Slack would open in every test."""
    view = modal(REPLY) | spoilt
    answer = standin.slack.call(
        "views.open", {"trigger_id": standin.slack.views.trigger("U01"), "view": view}, "xoxb-test"
    )
    assert answer["error"] == "invalid_arguments"
    assert standin.world.complaints != []
    assert opened(standin) == []
    dialogs.open(REPLY, trigger=standin.slack.views.trigger("U01"))


FIELDS = (
    {"type": "static_select", "action_id": "a", "options": []},
    {
        "type": "static_select",
        "action_id": "a",
        "options": [{"text": {"type": "plain_text", "text": "x" * 76}, "value": "1"}],
    },
    {
        "type": "static_select",
        "action_id": "a",
        "options": [{"text": {"type": "plain_text", "text": "x"}, "value": "1" * 151}],
    },
    {
        "type": "static_select",
        "action_id": "a",
        "options": [{"text": {"type": "plain_text", "text": "x"}, "value": "1"}] * 2,
    },
    {"type": "plain_text_input", "action_id": "a", "initial_value": "xxx", "max_length": 2},
    {"type": "plain_text_input", "action_id": "a", "placeholder": {"type": "plain_text", "text": "x" * 151}},
)


@pytest.mark.parametrize("element", FIELDS)
def test_a_field_slack_would_refuse_is_found(element: dict[str, Any]) -> None:
    block = {"type": "input", "label": {"type": "plain_text", "text": "A"}, "element": element}
    assert faults(modal(REPLY) | {"blocks": [block]})


names = st.from_regex(r"[a-z]{1,12}", fullmatch=True)
choices = st.lists(st.tuples(names, long_text), min_size=1, max_size=120, unique_by=lambda choice: choice[0])
pieces = st.lists(long_text | instants, max_size=4).map(tuple)
items = st.one_of(
    st.builds(Words, pieces, st.booleans(), st.booleans()),
    st.builds(Quote, long_text, long_text, st.none() | instants),
    st.builds(
        TextField, names, long_text, long_text, long_text, st.booleans(), st.booleans(), st.integers(0, 9)
    ),
    st.builds(ChoiceField, names, long_text, choices.map(tuple), st.none(), st.booleans(), st.booleans()),
    st.builds(MomentField, names, long_text, instants),
)


def block_name(item: Any) -> str:
    """Return what tells a field's block from another's."""
    return getattr(item, "name", str(id(item)))


any_dialog = st.builds(
    Dialog,
    names,
    long_text,
    st.lists(items, min_size=1, max_size=60, unique_by=block_name).map(tuple),
    st.none() | long_text.filter(lambda text: bool(text.strip())),
    st.just(
        {"conversation": "0" * 20, "whisper": "https://hooks.slack.com/actions/T1/1/abc", "key": "k" * 16}
    ),
    st.sampled_from(["Europe/London", "Asia/Kolkata"]),
)


@settings(max_examples=80, deadline=None)
@given(any_dialog)
def test_any_words_of_anybody_make_a_form_that_slack_accepts(dialog: Dialog) -> None:
    """Every documented limit holds, by the vendor's own models, whatever the unicode."""
    made = modal(dialog)
    assert faults(made) == []
    json.dumps(made, ensure_ascii=True)
    assert len(made["private_metadata"]) <= MEMORY


any_listing = st.builds(
    Listing,
    pieces,
    st.lists(st.builds(Row, pieces, long_text, st.none() | names), max_size=60).map(tuple),
    long_text,
)


@settings(max_examples=80, deadline=None)
@given(any_listing)
def test_any_words_of_anybody_make_a_list_that_slack_accepts(listing: Listing) -> None:
    made = listed(listing)
    assert blocks.faults(made) == []
    assert blocks.summons(made) == []


def test_a_moment_is_asked_for_in_the_readers_own_zone() -> None:
    """Slack's picker holds an instant; the reader sees their own clock."""
    asked = Dialog("pause", "Pause", (MomentField("until", "Until?", NIGHT),), "Pause it")
    [block] = modal(asked)["blocks"]
    assert block["element"]["initial_date_time"] == int(NIGHT.timestamp())
    assert datetime.fromtimestamp(block["element"]["initial_date_time"], UTC) == NIGHT


def test_people_see_their_own_form_on_the_page_and_send_it_with_a_plain_browser(
    standin: Standin, deployed: Deployed, dialogs: SlackDialogs
) -> None:
    """What they typed goes to the deployed address as Slack would send it, signed; an empty answer closes the form."""
    pause = Dialog(
        "pause", "Pause it", (TextField("reason", "Why?"), MomentField("until", "Until?", NIGHT)), "Pause"
    )
    dialogs.open(pause, trigger=standin.slack.views.trigger("U01"))
    assert "Why?" in requests.get(f"{standin.url}/?me=U01", timeout=5).text
    assert "Why?" not in requests.get(f"{standin.url}/?me=U02", timeout=5).text
    local = NIGHT.astimezone().strftime("%Y-%m-%dT%H:%M")
    typed = {"user": "U01", "do": "submit", "reason": "waits\r\nstill", "until": local}
    sent = requests.post(f"{standin.url}/_form", data=typed, timeout=5, allow_redirects=False)
    assert (sent.status_code, sent.headers["Location"]) == (303, "/?me=U01")
    _, headers, body = deployed.got[-1]
    assert SignatureVerifier(SECRET).is_valid_request(body, headers)
    payload = json.loads(parse_qs(body.decode())["payload"][0])
    values = payload["view"]["state"]["values"]
    assert values["reason.0"]["reason"]["value"] == "waits\nstill"
    assert values["until"]["until"]["selected_date_time"] == int(NIGHT.timestamp())
    assert opened(standin) == []


def test_a_required_field_left_empty_is_never_sent(standin: Standin, dialogs: SlackDialogs) -> None:
    dialogs.open(REPLY, trigger=standin.slack.views.trigger("U01"))
    with pytest.raises(LookupError):
        standin.forms.submit("U01", {})
    sent = requests.post(f"{standin.url}/_form", data={"user": "U01", "do": "submit"}, timeout=5)
    assert sent.status_code == 400
